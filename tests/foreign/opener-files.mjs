// The foreign opener's sealed files and keys, after docs/formats.md; see opener.mjs.
import {canonical, drop, isObject, need, parse, same, sha256} from './stranger-documents.mjs';

const {subtle} = globalThis.crypto;
const MAGIC = Buffer.from('cellfolio-sealed-v1\n');
const HEADER = ['group', 'key', 'level', 'passport', 'resource', 'salt', 'v', 'version'];
const ASKED = ['passport', 'level', 'group', 'version', 'resource'];
const KEY = /^(xiii-[234])\/\d{4}[a-z]{1,2}\/([a-z2-7]{16})$/;
const LARGEST = {payload: 8_388_604, document: 67_108_864};
export const LEVELS = {'xiii-2': 'model', 'xiii-3': 'model', 'xiii-4': 'battery'};

const hmacKey = (key) => subtle.importKey('raw', key, {name: 'HMAC', hash: 'SHA-256'}, false, ['sign', 'verify']);
const mac = async (key, text) => Buffer.from(await subtle.sign('HMAC', await hmacKey(key), Buffer.from(text)));

export function fromBase64url(text) {
  const bytes = Buffer.from(String(text), 'base64url');
  need(bytes.toString('base64url') === text, 'form: base64url');
  return bytes;
}

function sizeClass(length, kind) {
  if (length <= 4096) return 4096;
  if (kind === 'payload') return 2 ** Math.ceil(Math.log2(length));
  const exponent = Math.floor(Math.log2(length));
  const step = 2 ** (exponent - exponent.toString(2).length);
  return Math.ceil(length / step) * step;
}

// Keys

export async function readKeys(bytes) {
  const keys = new Map(JSON.parse(bytes).keys.map(({id, key}) => [id, fromBase64url(key)]));
  for (const [id, key] of keys) {
    const digest = (await mac(key, 'cellfolio/key-id/v1')).subarray(0, 10);
    const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const check = bits.match(/.{5}/g).map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(five, 2)]);
    need(key.length === 32 && KEY.exec(id)?.[2] === check.join(''), `${id} is not the name of its key`);
  }
  return keys;
}

export const contentKey = (header, groupKey) => mac(groupKey, `cellfolio/content-key/v1\0${canonical(header)}`);

// Files

export function readHeader(header) {
  need(isObject(header) && same(Object.keys(header).sort(), HEADER), 'form: members');
  const {v, level, group, version, resource, key, salt} = header;
  need(v === 1 && Number.isSafeInteger(version), 'form: v or version');
  need(Object.hasOwn(LEVELS, group) && LEVELS[group] === level, 'form: level or group');
  need(KEY.exec(key)?.[1] === group, 'form: key');
  if (resource === 'payload') need(version >= 1, 'form: version');
  else need(/^doc\/[1-9]\d{0,5}$/.test(resource) && version === 0 && level === 'model', 'form: resource');
  need(fromBase64url(salt).length === 16, 'form: salt');
  return header;
}

function read(bytes) {
  const isDocument = bytes.subarray(0, MAGIC.length).equals(MAGIC);
  const end = isDocument ? MAGIC.length + 4 + bytes.readUInt32BE(MAGIC.length) : 0;
  need(!isDocument || (end - MAGIC.length - 4 <= 4096 && end <= bytes.length), 'form: head');
  const members = parse(isDocument ? bytes.subarray(MAGIC.length + 4, end) : bytes);
  const ciphertext = isDocument ? bytes.subarray(end) : fromBase64url(members.ciphertext);
  const commitment = fromBase64url(members.commitment);
  const header = readHeader(drop(isDocument ? members : drop(members, 'ciphertext'), 'commitment'));
  const kind = header.resource === 'payload' ? 'payload' : 'document';
  need(isDocument === (kind === 'document') && commitment.length === 32, 'form: kind or commitment');
  const size = ciphertext.length - 16;
  need(size === sizeClass(size, kind) && size <= sizeClass(LARGEST[kind] + 4, kind), 'form: size');
  return {header, kind, commitment, ciphertext};
}

/** Returns {header, kind, commitment, ciphertext}; its content key, or who may have it, follows from the header. */
export function readFile(bytes) {
  try {
    return read(bytes);
  } catch ({message}) {
    throw new Error(message.startsWith('form') ? message : `form: ${message}`);
  }
}

/** Returns the plaintext of a file that was read, if it is what was `asked` for and nothing was altered. */
export async function open({header, kind, commitment, ciphertext}, key, asked) {
  need(ASKED.every((name) => same(header[name], asked[name])), 'header');
  need(key.length === 32, 'commitment');
  need(await subtle.verify('HMAC', await hmacKey(key), commitment, Buffer.from('commit\x01')), 'commitment');
  const secret = await subtle.importKey('raw', await mac(key, 'encrypt\x01'), 'AES-GCM', false, ['decrypt']);
  const options = {name: 'AES-GCM', iv: new Uint8Array(12), additionalData: Buffer.from(canonical(header))};
  const input = Buffer.from(await subtle.decrypt(options, secret, ciphertext).catch(() => need(false, 'ciphertext')));
  const end = 4 + input.readUInt32BE(0);
  need(end <= input.length && end - 4 <= LARGEST[kind] && sizeClass(end, kind) === input.length, 'padding');
  need(input.subarray(end).every((byte) => byte === 0), 'padding');
  const plaintext = input.subarray(4, end);
  if (kind === 'payload') await Promise.resolve(plaintext).then(parse).catch(() => need(false, 'content'));
  return plaintext;
}

export async function digestOf(bytes) {
  return `u${Buffer.concat([Buffer.from([0x12, 0x20]), await sha256(bytes)]).toString('base64url')}`;
}
