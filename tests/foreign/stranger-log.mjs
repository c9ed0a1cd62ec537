// The stranger's transparency log and status lists, after docs/formats.md; see stranger.mjs.
import {gunzipSync} from 'node:zlib';

import {canonical, drop, isSigned, need, only, parse, same, sha256, time, verifyProof} from './stranger-documents.mjs';

const BITS = 131072;
const WIDTH = 256;
const CREDENTIALS = 'https://www.w3.org/ns/credentials/v2';
const LIST = ['@context', 'id', 'type', 'issuer', 'validFrom', 'validUntil', 'credentialSubject', 'proof'];
const TYPES = 'passport|did-log|status-list|manifest|bundle|escrow|audit';
const ENTRY = new RegExp(`^\\{"digest":"uEi[A-D][0-9A-Za-z_-]{42}[AQgw]","type":"(${TYPES})"\\}$`);

function fromBase64(text, encoding = 'base64') {
  const bytes = Buffer.from(text, encoding);
  need(bytes.toString(encoding) === text, encoding);
  return bytes;
}

// Entries

export const digestOf = async (data) =>
  `u${Buffer.concat([Buffer.from([0x12, 0x20]), await sha256(data)]).toString('base64url')}`;
export const documentDigest = (document) => digestOf(canonical(drop(document, 'proof')));
export const entryOf = (type, digest) => canonical({type, digest});

export function typeOf(entry) {
  const [, type] = ENTRY.exec(entry) ?? [];
  need(type, 'entry');
  return type;
}

// Checkpoint

function parseSignature(line) {
  const [, name, encoded] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  need(name && !/[\p{White_Space}+]/u.test(name), 'checkpoint');
  const bytes = fromBase64(encoded);
  need(bytes.length > 4, 'checkpoint');
  return {name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4)};
}

const keyId = async (origin, key) =>
  (await sha256(Buffer.concat([Buffer.from(`${origin}\n\x01`), key]))).toString('hex', 0, 4);

/** Returns the size and root that one of the log's keys, 32 bytes each, signed. */
export async function verifyCheckpoint(note, origin, keys) {
  need(note.length <= 128 * 1024, 'checkpoint');
  const whole = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(note);
  const end = whole.lastIndexOf('\n\n');
  need(end > 0 && whole.endsWith('\n') && !/[\x00-\x09\x0b-\x1f]/.test(whole), 'checkpoint');
  const text = whole.slice(0, end + 1);
  const signatures = whole.slice(end + 2, -1).split('\n').map(parseSignature);
  need(signatures.length <= 16, 'checkpoint');

  const [name, size, encoded, ...more] = text.slice(0, -1).split('\n');
  need(name === origin && encoded !== undefined && more.length === 0, 'checkpoint');
  need(/^(0|[1-9]\d{0,15})$/.test(size) && Number(size) < 2 ** 53, 'checkpoint');
  const root = fromBase64(encoded);
  need(root.length === 32 && (size !== '0' || root.equals(await sha256(''))), 'checkpoint');

  const known = new Map(await Promise.all(keys.map(async (key) => [await keyId(origin, key), key])));
  const ours = signatures.filter((each) => each.name === origin && known.has(each.id));
  need(ours.length > 0 && new Set(ours.map(({id}) => id)).size === ours.length, 'checkpoint');
  for (const {id, signature} of ours) {
    need(await isSigned(known.get(id), signature, Buffer.from(text)), 'checkpoint');
  }
  return {size: Number(size), root};
}

// Tiles

const node = (left, right) => sha256(Buffer.concat([Buffer.from([1]), left, right]));
const leaf = (entry) => sha256(Buffer.concat([Buffer.from([0]), entry]));

async function rootOf(hashes) {
  let row = hashes;
  while (row.length > 1) {
    const above = [];
    for (let at = 0; at < row.length; at += 2) above.push(at + 1 < row.length ? node(row[at], row[at + 1]) : row[at]);
    row = await Promise.all(above);
  }
  return row[0] ?? sha256('');
}

function tilePath(level, index, width) {
  const groups = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0').match(/\d{3}/g);
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width < WIDTH ? `.p/${width}` : ''}`;
}

function split(bundle, width) {
  const entries = [];
  for (let at = 0; at < bundle.length; at += 2 + entries.at(-1).length) {
    need(at + 2 <= bundle.length && at + 2 + bundle.readUInt16BE(at) <= bundle.length, 'bundle');
    entries.push(bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at)));
  }
  need(entries.length === width, 'bundle');
  return entries;
}

function framed(entry) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(entry.length);
  return Buffer.concat([length, entry]);
}

const countAt = (level, size) => Math.floor(size / WIDTH ** level);

function hashesAt(read, level, index, size) {
  const width = Math.min(WIDTH, countAt(level, size) - index * WIDTH);
  const tile = read(tilePath(level, index, width));
  need(tile.length === width * 32, 'tile');
  return Array.from({length: width}, (_, at) => tile.subarray(at * 32, at * 32 + 32));
}

async function checkRightEdge(read, {size, root}) {
  let rest = [];
  for (let level = 0; countAt(level, size) > 0; level += 1) {
    const count = countAt(level, size);
    const last = count % WIDTH ? hashesAt(read, level, Math.floor(count / WIDTH), size) : [];
    const row = [...last, ...rest];
    rest = row.length ? [await rootOf(row)] : [];
  }
  need(rest[0].equals(root), 'root');
}

/** Reads one entry by the few tiles that lead from it to the root. */
export async function readEntry(read, {size, root}, index) {
  need(index >= 0 && index < size, 'the log has no such entry');
  await checkRightEdge(read, {size, root});
  let at = Math.floor(index / WIDTH);
  let hashes = hashesAt(read, 0, at, size);
  const entries = split(read(tilePath('entries', at, hashes.length)), hashes.length);
  need(Buffer.concat(await Promise.all(entries.map(leaf))).equals(Buffer.concat(hashes)), 'tile');
  for (let level = 1; hashes.length === WIDTH; level += 1) {
    const above = hashesAt(read, level, Math.floor(at / WIDTH), size);
    need((await rootOf(hashes)).equals(above[at % WIDTH]), 'tile');
    [hashes, at] = [above, Math.floor(at / WIDTH)];
  }
  return entries[index % WIDTH];
}

/** Reads every entry and every tile; `levels` are the hashes that tiles hold, by level. */
export async function readLog(read, {size, root}) {
  const entries = [];
  while (entries.length < size) {
    const width = Math.min(WIDTH, size - entries.length);
    entries.push(...split(read(tilePath('entries', entries.length / WIDTH, width)), width));
  }
  const levels = [await Promise.all(entries.map(leaf))];
  need((await rootOf(levels[0])).equals(root), 'root');
  for (let level = 0; levels[level].length > 0; level += 1) {
    const full = [];
    for (let at = 0; at < levels[level].length; at += WIDTH) {
      const tile = levels[level].slice(at, at + WIDTH);
      need(read(tilePath(level, at / WIDTH, tile.length)).equals(Buffer.concat(tile)), 'tile');
      if (tile.length === WIDTH) full.push(rootOf(tile));
    }
    levels.push(await Promise.all(full));
  }
  return {entries, levels};
}

/** Returns what the log of today or of an earlier day has at a path, in the tree that was read. */
export function tileAt({entries, levels}, path) {
  const [, level, name, partial] = /^tile\/(\d+|entries)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? [];
  need(name, 'not listed');
  const index = Number(name.replace(/[x/]/g, ''));
  const width = Number(partial ?? WIDTH);
  const row = level === 'entries' ? entries.map(framed) : levels[level] ?? [];
  const tile = row.slice(index * WIDTH, index * WIDTH + width);
  need(tilePath(level, index, width) === path && width > 0 && tile.length === width, 'not listed');
  return Buffer.concat(tile);
}

// Status lists

/** Returns the `credentialStatus` of the passport at an index of the log. */
export function statusOf(index, base) {
  const list = `${base}/status/1/revocation/${Math.floor(index / BITS)}`;
  const position = String(index % BITS);
  return {id: `${list}#${position}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation',
    statusListIndex: position, statusListCredential: list};
}

export function unpack(encodedList) {
  need(typeof encodedList === 'string' && encodedList.startsWith('u'), 'list');
  const packed = fromBase64(encodedList.slice(1), 'base64url');
  const {buffer, engine} = gunzipSync(packed, {maxOutputLength: BITS / 8, info: true});
  // Node takes several members in a row, and whatever follows the last.
  need(engine.bytesWritten === packed.length && packed.readUInt32LE(packed.length - 4) === BITS / 8, 'list');
  need(buffer.length === BITS / 8, 'list');
  return buffer;
}

export const isSet = (bits, position) => (bits[position >> 3] & (0x80 >> (position & 7))) !== 0;

/** Verifies the list at an address; returns its bits, and the document. */
export async function verifyStatusList(bytes, url, issuer, didDocument) {
  need(bytes.length <= 64 * 1024, 'json');
  const list = parse(bytes);
  need(only(list, LIST), 'form');
  need(same(list['@context'], [CREDENTIALS]), 'form');
  need(same(list.type, ['VerifiableCredential', 'BitstringStatusListCredential']), 'form');
  const {encodedList, ...subject} = list.credentialSubject;
  const wanted = {id: `${url}#list`, statusPurpose: 'revocation', type: 'BitstringStatusList'};
  need(list.id === url && canonical(subject) === canonical(wanted), 'place');
  need(time(list.validFrom) < time(list.validUntil), 'validity');
  await verifyProof(list, issuer, didDocument);
  return {bits: unpack(encodedList), list};
}
