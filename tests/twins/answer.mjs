// Asks the browser's modules the questions of test vectors, one JSON object a line; see tests/test_twins.py.
import {createInterface} from 'node:readline';

import {verifyCheckpoint} from '../../browser/checkpoint.js';
import {readPassport, verifyPassport} from '../../browser/credential.js';
import {parseDidDocument} from '../../browser/did_document.js';
import {checkedKey} from '../../browser/ed25519.js';
import {failing, need} from '../../browser/checks.js';
import {parseProductUri} from '../../browser/identifiers.js';
import {listedDigest} from '../../browser/manifest.js';
import {verifyProof} from '../../browser/proof.js';
import {isRevoked, statusBit, unpack, verifyStatusList} from '../../browser/status_list.js';
import {formsOf, isShownAs} from '../../browser/shown.js';
import {parseJson} from '../../browser/strict_json.js';
import {leafAt, tilePath} from '../../browser/tiles.js';

const BITS = 131072;
const bytes = (text) => Uint8Array.from(Buffer.from(text, 'base64'));
const unhex = (text) => Uint8Array.from(Buffer.from(text, 'hex'));
const asJson = (document) => new TextEncoder().encode(JSON.stringify(document));
const revoked = (bits) => Array.from({length: BITS}, (_, at) => at).filter((at) => isRevoked(bits, at));

async function issuerOf(documents, did) {
  const read = await Promise.all(documents.map((document) => parseDidDocument(document, document.id)));
  return read.find((document) => document.did === did) ?? {did, methods: []};
}

const ANSWERS = {
  json: ({json}) => parseJson(bytes(json)),
  async proof({document, didDocuments, issuer}) {
    const {method} = await verifyProof(parseJson(asJson(document)), await issuerOf(didDocuments, issuer));
    return method.id.split('#')[1];
  },
  async passport({document, didDocuments, scanned}) {
    const passport = await readPassport(asJson(document));
    need(!scanned || scanned === passport.uri, 'product', 'it is the passport of another product');
    await verifyPassport(passport, await issuerOf(didDocuments, passport.did));
    return {uri: passport.uri, version: passport.version};
  },
  dppId: ({uri}) => parseProductUri(uri).dppId,
  async checkpoint({note, keys}) {
    const parsed = keys.map((key) => key.split('+'));
    const [origin, ...others] = new Set(parsed.map(([name]) => name));
    need(others.length === 0, 'checkpoint', 'keys of two logs');
    const raw = parsed.map((parts) => checkedKey(bytes(parts.slice(2).join('+')).subarray(1)));
    const {size, root} = await verifyCheckpoint(new TextEncoder().encode(note), origin, raw);
    return {origin, size, root: Buffer.from(root).toString('base64')};
  },
  tilePath: ({level, index, size}) => tilePath(level, index, size),
  async leaf({files, size, root, index}) {
    const get = (path) => (path in files ? unhex(files[path]) : undefined);
    return Buffer.from(await leafAt(get, {size, root: unhex(root)}, index)).toString('hex');
  },
  status({base, status}) {
    const {index, generation} = statusBit(status, base);
    return {generation: Number(generation), index};
  },
  async statusList({document, url, didDocument}) {
    const issuer = await parseDidDocument(didDocument, didDocument.id);
    need(issuer.did === `did:web:${url.split('/')[2]}`, 'issuer', 'another issuer');
    const {bits, validUntil} = await verifyStatusList(asJson(document), url, issuer);
    return {revoked: revoked(bits), validUntil: validUntil.toISOString().replace('.000Z', 'Z')};
  },
  bits: ({encodedList}) => failing('list', async () => revoked(await unpack(encodedList))),
  forms: ({value, rules}) => formsOf(value, rules),
  shown: ({text, value, rules}) => isShownAs(text, value, rules),
  listed: ({shards, files, path}) => listedDigest(async (name) => bytes(files[name]), shards, path),
};

async function answer({ask, ...question}) {
  try {
    return {ok: await ANSWERS[ask](question) ?? null};
  } catch (error) {
    // An error without a check is one of the module, not of what it was asked.
    return {refused: error.check ?? `${error.stack}`, says: error.message, isOurs: error.check !== undefined};
  }
}

for await (const line of createInterface({input: process.stdin})) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
