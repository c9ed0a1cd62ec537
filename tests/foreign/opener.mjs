// An opener of sealed files, written from docs/formats.md and docs/continuity.md alone: no line shared with Cellfolio.
//
//     node opener.mjs FOLDER HOST KEYS.json
//
// FOLDER is a copy of the site of https://HOST, already verified; KEYS.json is what `age --decrypt` makes of an escrow
// file. For each sealed file that passports bind it prints one JSON line: what it holds, if its key is there; else
// {"sealed": true}, {"withdrawn": time}, or {"unnamed": true} for a document whose payload was withdrawn. Anything altered
// ends it: {"refused", "why"} and exit code 4, and nothing of that file. opener-files.mjs holds keys and the form of files.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {contentKey, digestOf, fromBase64url, LEVELS, open, readFile, readHeader, readKeys} from './opener-files.mjs';
import {need, only, parse, readDidDocument, sha256, time, verifyProof} from './stranger-documents.mjs';

const TOMBSTONE = ['id', 'type', 'issuer', 'withdrawn', 'digestMultibase', 'header', 'proof'];
const hexOf = (base64url) => fromBase64url(base64url).toString('hex');
const pathOf = ({passport, group, version, resource, salt}) => (resource === 'payload'
  ? `dpp/${passport}/sealed/${group}/${version}.json` : `dpp/${passport}/sealed/doc/${hexOf(salt)}`);

class Mirror {
  constructor(folder, host, keys) {
    Object.assign(this, {folder, keys, did: `did:web:${host}`, base: `https://${host.replace('%3A', ':')}/`});
    this.didDocument = readDidDocument(parse(this.read('.well-known/did.json')), this.did);
  }

  read(path) {
    return readFileSync(join(this.folder, this.at = path));
  }

  /** The sealed files that a passport binds, payloads first: they name the documents. */
  async bound(path, dppId) {
    const passport = parse(this.read(path));
    await verifyProof(passport, this.did, this.didDocument, passport.log.index);
    need(passport.id === `${this.base}dpp/${dppId}/passport.json#v${passport.version}`, 'place');
    const files = (passport.relatedResource ?? []).map(
      ({id, digestMultibase: digest}) => ({path: id.slice(this.base.length), digest}),
    );
    for (const {path: name} of files) need(name.startsWith(`dpp/${dppId}/sealed/`), 'place');
    return files.sort((a, b) => a.path.includes('/doc/') - b.path.includes('/doc/'));
  }

  async tombstone(bytes, digest) {
    const found = await Promise.resolve(bytes).then(parse).catch(() => need(false, 'digest'));
    need(found.type === 'SealedFileTombstone' && found.digestMultibase === digest, 'digest');
    need(only(found, TOMBSTONE) && found.issuer === this.did, 'tombstone');
    need(found.id === this.base + this.at && pathOf(readHeader(found.header)) === this.at, 'tombstone');
    await verifyProof(found, this.did, this.didDocument);
    return {path: this.at, withdrawn: time(found.withdrawn)};
  }

  /** What one file holds; `documents` are those that payloads of the same passport named, by their paths. */
  async opened({path, digest}, documents) {
    const bytes = this.read(path);
    if (await digestOf(bytes) !== digest) {
      documents.withdrawn = true;
      return this.tombstone(bytes, digest);
    }
    const file = readFile(bytes);
    const {header} = file;
    const [, passport, group, version] = /^dpp\/([^/]+)\/sealed\/(xiii-[234])\/([1-9]\d*)\.json$/.exec(path) ?? [];
    const payload = group && {passport, group, level: LEVELS[group], version: Number(version), resource: 'payload'};
    need(pathOf(header) === path, 'header');
    if (!this.keys.has(header.key)) return {path, sealed: true};
    const asked = payload ?? documents.get(path);
    if (!asked && documents.withdrawn) return {path, unnamed: true};
    need(asked, 'header');
    const plaintext = await open(file, await contentKey(header, this.keys.get(header.key)), asked);
    if (!payload) {
      need((await sha256(plaintext)).toString('hex') === asked.sha256, 'sha256');
      return {path, ...asked, size: plaintext.length};
    }
    const content = parse(plaintext);
    for (const {url, ...named} of content.documents ?? []) {
      documents.set(url.slice(this.base.length), {...payload, version: 0, ...named});
    }
    return {path, ...payload, content};
  }

  async open() {
    for (const dppId of readdirSync(join(this.folder, 'dpp')).sort()) {
      const versions = `dpp/${dppId}/v`;
      const earlier = existsSync(join(this.folder, versions)) ? readdirSync(join(this.folder, versions)) : [];
      const seen = new Set();
      for (const passport of [`dpp/${dppId}/passport.json`, ...earlier.map((name) => `${versions}/${name}`)]) {
        const documents = new Map();
        for (const file of await this.bound(passport, dppId)) {
          const found = await this.opened(file, documents);
          const line = JSON.stringify(found);
          if (!seen.has(line) && !(found.unnamed && seen.has(file.path))) console.log(line);
          seen.add(line).add(file.path);
        }
      }
    }
  }
}

const [folder, host, keys] = process.argv.slice(2);
const mirror = new Mirror(folder, host, await readKeys(readFileSync(keys)));
try {
  await mirror.open();
} catch ({message}) {
  console.log(JSON.stringify({refused: mirror.at, why: message}));
  process.exitCode = 4;
}
