// A verifier written from docs/formats.md alone: Node and nothing else, no line shared with Cellfolio.
//
//     node stranger.mjs FOLDER HOST
//
// verifies a copy of the whole site of https://HOST and prints one JSON object: {"passports", "versions", "files",
// "entries", "withdrawn"}, or {"refused", "why"} with exit code 4. With `-` instead, it answers the questions of test
// vectors, one a line. stranger-documents.mjs holds what is signed, stranger-log.mjs the log and the status lists.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

import {
  canonical, multikey, need, only, parse, parseValue, readDidDocument, same, sha256, verifyDidLog, verifyProof,
  webDocument,
} from './stranger-documents.mjs';
import {
  digestOf, documentDigest, entryOf, isSet, readEntry, readLog, statusOf, tileAt, typeOf, unpack, verifyCheckpoint,
  verifyStatusList,
} from './stranger-log.mjs';

const MEMBERS = ['@context', 'id', 'type', 'issuer', 'validFrom', 'version', 'previousVersion', 'log', 'proof',
  'credentialStatus', 'relatedResource', 'credentialSchema', 'credentialSubject'];
const TYPES = ['VerifiableCredential', 'DigitalProductPassport', 'BatteryPassport'];
const PASSPORT = /^dpp\/([^/]+)\/(?:passport|v\/([1-9]\d*))\.json$/;

const baseOf = (host) => `https://${host.replace('%3A', ':')}`;
const originOf = (host) => `${host.replace('%3A', ':')}/log/1`;

// Passports

const escaped = (segment) => segment.replace(/[^0-9A-Za-z-]/g,
  (character) => `.${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

function checkDigitHolds(gtin) {
  const sum = [...gtin].reduce((total, digit, index) => total + Number(digit) * (index % 2 ? 1 : 3), 0);
  return sum % 10 === 0;
}

function dppIdOf(uri, base) {
  need(uri.startsWith(`${base}/`), 'place');
  const path = uri.slice(base.length).replace(/^(\/01\/[^/]+)(\/22\/[^/]+)?(\/10\/[^/]+)?/, '$1');
  const shape = /^\/01\/(\d{14})(\/21\/[^/?#]+)?$|^\/8004\/\d{4}[^/?#]*$|^\/id\/[a-z]{2,12}\/[0-9A-Z.-]+$/.exec(path);
  need(shape && (!shape[1] || checkDigitHolds(shape[1])), 'place');
  const segments = path.slice(1).split('/').map(decodeURIComponent);
  return segments.map(escaped).join('_');
}

async function verifyPassport(bytes, host, didDocument, isSuperseded = false) {
  const document = parse(bytes);
  const {version, log, credentialSubject: subject} = document;
  need(only(document, MEMBERS) && same(document.type, TYPES), 'form');
  need(Number.isInteger(version) && version >= 1 && Number.isInteger(log?.index) && log.index >= 0, 'form');
  const base = baseOf(host);
  const dppId = dppIdOf(subject.id, base);
  need(subject.uniqueProductIdentifier === subject.id && document.issuer.id === `did:web:${host}`, 'place');
  need(document.id === `${base}/dpp/${dppId}/passport.json#v${version}`, 'place');
  need(same(document['@context'],
    ['https://www.w3.org/ns/credentials/v2', `${base}/ctx/battery-passport-1.0.0.jsonld`]), 'place');
  try {
    await verifyProof(document, `did:web:${host}`, didDocument, log.index);
  } catch (error) {
    // Its key may have been revoked, which is why it was superseded.
    if (!isSuperseded || error.message !== 'authorised') throw error;
  }
  return {document, dppId};
}

function checkPlaceInLog({log, credentialStatus}, host) {
  need(canonical(log) === canonical({index: log.index, origin: originOf(host)}), 'log');
  need(canonical(credentialStatus) === canonical(statusOf(log.index, baseOf(host))), 'status');
}

// A whole site in a folder

const fileOf = (path, mediaType) => {
  const name = decodeURIComponent(path).slice(1);
  if (mediaType !== 'text/html' || name === '404.html') return name;
  return name === '' ? 'index.html' : `${name}.html`;
};

/** Verifies one site; every step says in `looked.at` which file it looks at. */
class Site {
  constructor(folder, host, looked) {
    Object.assign(this, {folder, host, looked, did: `did:web:${host}`, base: baseOf(host)});
    this.listed = new Map();
    this.claims = new Map(); // what documents say of the log: by index, the file that says it and the entry
    this.passports = new Map(); // documents by the path of their files
    this.own = new Set(['manifest/index.json', 'log/1/checkpoint']); // what the manifest does not list
  }

  read(name) {
    return readFileSync(join(this.folder, this.looked.at = name));
  }

  claim(index, entry) {
    need(!this.claims.has(index), 'log: two documents say that one entry is theirs');
    this.claims.set(index, {at: this.looked.at, entry});
  }

  async readIssuer() {
    this.didLog = this.read('.well-known/did.jsonl');
    const state = await verifyDidLog(this.didLog);
    this.didDocument = readDidDocument(parse(this.read('.well-known/did.json')), this.did);
    const wanted = canonical(webDocument(state, this.host));
    need(canonical(this.didDocument) === wanted, 'did.json is not what did.jsonl says');
  }

  async readManifest() {
    const index = parse(this.read('manifest/index.json'));
    need(index.type === 'SiteManifest' && index.id === `${this.base}/manifest/index.json`, 'manifest');
    await verifyProof(index, this.did, this.didDocument, index.log.index);
    need(index.log.origin === originOf(this.host), 'log');
    this.claim(index.log.index, entryOf('manifest', await documentDigest(index)));
    for (const entry of index.entries) this.claim(entry.index, entryOf(entry.type, entry.digest));
    this.entries = new Set(index.entries.map(({type, digest}) => entryOf(type, digest)));
    need(this.entries.has(entryOf('did-log', await digestOf(this.didLog))), 'did.jsonl is not in the log');
    for (const shard of index.shards) {
      const content = this.read(shard.path.slice(1));
      need((await sha256(content)).toString('hex') === shard.sha256, 'shard');
      this.own.add(shard.path.slice(1));
      for (const file of parse(content).files) this.listed.set(fileOf(file.path, file.mediaType), file);
    }
  }

  async readFiles() {
    for (const [name, file] of this.listed) {
      const content = this.read(name);
      const [, dppId, version] = PASSPORT.exec(name) ?? [];
      if (dppId) await this.readPassport(name, content, dppId, version);
      const [, product] = /^dpp\/([^/]+)\/did\.json$/.exec(name) ?? [];
      if (product) {
        const document = readDidDocument(parse(content), `${this.did}:dpp:${product}`);
        need(document.controller === this.did && !document.verificationMethod?.length, 'product');
      }
      need((await sha256(content)).toString('hex') === file.sha256, 'digest');
    }
  }

  async readPassport(name, content, dppId, version) {
    const read = await verifyPassport(content, this.host, this.didDocument, version !== undefined);
    need(read.dppId === dppId && [undefined, String(read.document.version)].includes(version), 'place');
    checkPlaceInLog(read.document, this.host);
    this.claim(read.document.log.index, entryOf('passport', await documentDigest(read.document)));
    this.passports.set(name, read.document);
  }

  /** Every version follows the one before, and versions.json tells of all. */
  async checkHistories() {
    for (const [name, {version, previousVersion}] of this.passports) {
      const [, dppId] = PASSPORT.exec(this.looked.at = name);
      const earlier = this.passports.get(`dpp/${dppId}/v/${version - 1}.json`);
      need(previousVersion === (version > 1 ? await documentDigest(earlier) : undefined), 'previousVersion');
      if (version > 1 && name.endsWith('/passport.json')) await this.checkHistory(dppId, version);
    }
  }

  async checkHistory(dppId, current) {
    const {product, versions} = parse(this.read(`dpp/${dppId}/versions.json`));
    need(versions.length === current, 'versions');
    for (const [at, line] of versions.entries()) {
      const name = at + 1 < current ? `v/${at + 1}.json` : 'passport.json';
      const document = this.passports.get(`dpp/${dppId}/${name}`);
      need(line.version === at + 1 && line.url === `${this.base}/dpp/${dppId}/${name}`, 'versions');
      need(line.digest === await documentDigest(document) && product === document.credentialSubject.id, 'versions');
      need(line.validFrom === document.validFrom && line.validTo === versions[at + 1]?.validFrom, 'versions');
    }
  }

  /** Returns the products that were withdrawn. */
  async readStatusLists() {
    const withdrawn = [];
    const lists = new Map();
    for (const [name, {credentialStatus: status, credentialSubject: subject}] of this.passports) {
      const url = status.statusListCredential;
      if (!lists.has(url)) lists.set(url, await this.readStatusList(url));
      const isWithdrawn = isSet(lists.get(url), Number(status.statusListIndex));
      if (isWithdrawn && name.endsWith('/passport.json')) withdrawn.push(subject.id);
    }
    return withdrawn;
  }

  async readStatusList(url) {
    const name = url.slice(this.base.length + 1);
    this.own.add(name);
    const {bits, list} = await verifyStatusList(this.read(name), url, this.did, this.didDocument);
    need(this.entries.has(entryOf('status-list', await documentDigest(list))), 'the list is not in the log');
    return bits;
  }

  async readLog() {
    const keys = this.didDocument.verificationMethod
      .filter(({id, revoked}) => id.startsWith(`${this.did}#checkpoint-`) && revoked === undefined);
    const raw = keys.map((key) => multikey(key.publicKeyMultibase));
    const checkpoint = await verifyCheckpoint(this.read('log/1/checkpoint'), originOf(this.host), raw);
    this.log = await readLog((path) => this.read(`log/1/${path}`), checkpoint);
    const entries = this.log.entries.map(String);
    for (const [index, {at, entry}] of this.claims) {
      this.looked.at = at;
      need(entries[index] === entry, `entry ${index} of the log is of something else`);
    }
    this.looked.at = 'log/1/checkpoint';
    const logged = entries.map(typeOf).filter((type) => type === 'passport').length;
    need(logged === this.passports.size, 'the log holds passports that the site does not');
    return entries.length;
  }

  checkNothingElse() {
    for (const entry of readdirSync(this.folder, {recursive: true, withFileTypes: true})) {
      const name = join(entry.parentPath, entry.name).slice(join(this.folder, '/').length);
      if (entry.isDirectory() || this.listed.has(name) || this.own.has(name)) continue;
      this.looked.at = name;
      need(name.startsWith('log/1/'), 'not listed');
      need(tileAt(this.log, name.slice('log/1/'.length)).equals(this.read(name)), 'tile');
    }
  }

  async verify() {
    await this.readIssuer();
    await this.readManifest();
    await this.readFiles();
    await this.checkHistories();
    const withdrawn = await this.readStatusLists();
    const entries = await this.readLog();
    this.checkNothingElse();
    const passports = [...this.passports.keys()].filter((name) => name.endsWith('/passport.json')).length;
    return {passports, versions: this.passports.size, files: this.listed.size, entries, withdrawn};
  }
}

// Questions of test vectors

const documentOf = (documents, issuer) => documents.find(({id}) => id === issuer) ?? {};
const bytesOf = (document) => Buffer.from(canonical(document));
const rawKey = (vkey) => Buffer.from(vkey.split('+').slice(2).join('+'), 'base64').subarray(1);

const ANSWERS = {
  json: ({json}) => { parseValue(Buffer.from(json, 'base64')); },
  didLog: async ({log, did}) => { await verifyDidLog(Buffer.from(log), did); },
  proof: ({document, didDocuments, issuer}) => verifyProof(document, issuer, documentOf(didDocuments, issuer)),
  async passport({document, didDocuments, issuer, scanned}) {
    await verifyPassport(bytesOf(document), issuer.slice('did:web:'.length), documentOf(didDocuments, issuer));
    need(!scanned || scanned === document.credentialSubject.id, 'product');
  },
  async statusList({document, url, didDocument}) {
    await verifyStatusList(bytesOf(document), url, `did:web:${url.split('/')[2]}`, didDocument);
  },
  bits({encodedList}) {
    const bits = unpack(encodedList);
    return Array.from({length: bits.length * 8}, (_, position) => position).filter((position) => isSet(bits, position));
  },
  entry: ({entry}) => ({type: typeOf(entry)}),
  async checkpoint({note, keys}) {
    const names = new Set(keys.map((key) => key.split('+')[0]));
    need(names.size === 1, 'checkpoint');
    const read = await verifyCheckpoint(Buffer.from(note), [...names][0], keys.map(rawKey));
    return {size: read.size, root: read.root.toString('base64')};
  },
  async reading({files, size, root, index}) {
    const log = {size, root: Buffer.from(root, 'hex')};
    return (await readEntry((path) => Buffer.from(files[path], 'hex'), log, index)).toString('hex');
  },
};

async function answer({ask, ...question}) {
  try {
    return {verified: true, says: await ANSWERS[ask](question) ?? null};
  } catch (error) {
    return {verified: false, why: error.message};
  }
}

const [folder, host] = process.argv.slice(2);
const looked = {};
if (folder === '-') {
  for await (const line of createInterface({input: process.stdin})) {
    console.log(JSON.stringify(await answer(JSON.parse(line))));
  }
} else {
  try {
    console.log(JSON.stringify(await new Site(folder, host, looked).verify()));
  } catch (error) {
    console.log(JSON.stringify({refused: looked.at, why: error.message}));
    process.exitCode = 4;
  }
}
