// The stranger's JSON, DID documents, proofs and DID log, after docs/formats.md; see stranger.mjs.
const {subtle} = globalThis.crypto;
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const OPTIONS = ['type', 'cryptosuite', 'created', 'verificationMethod', 'proofPurpose', 'proofValue'];

export function need(holds, check) {
  if (!holds) throw new Error(check);
}
export const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isTexts = (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');
export const only = (members, names) => Object.keys(members).every((name) => names.includes(name));
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
export const drop = (members, name) => Object.fromEntries(Object.entries(members).filter(([key]) => key !== name));

// JSON and what is signed

export function canonical(value, depth = 0) {
  if (typeof value === 'string') need(value.isWellFormed(), 'json: half a surrogate pair');
  if (typeof value === 'number') need(Math.abs(value) < 2 ** 53, 'json: number out of range');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  need(depth < 64, 'json: too deep');
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join()}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${canonical(name)}:${canonical(value[name], depth + 1)}`).join()}}`;
}

export function parseValue(bytes) {
  need(bytes.length <= 16 * 2 ** 20, 'json: too large');
  const text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  const value = JSON.parse(text);
  need(canonical(value) === text, 'json: not in canonical form');
  return value;
}

export function parse(bytes) {
  const value = parseValue(bytes);
  need(isObject(value), 'json: no object');
  return value;
}

export const sha256 = async (data) => Buffer.from(await subtle.digest('SHA-256', Buffer.from(data)));
export const time = (text) => {
  need(/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text), 'time');
  need(new Date(text).toISOString() === text.replace('Z', '.000Z'), 'time');
  return new Date(text);
};

function fromBase58(text) {
  let number = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    need(digit >= 0, 'not base58btc');
    number = number * 58n + BigInt(digit);
  }
  const hex = number === 0n ? '' : number.toString(16);
  const zeros = text.match(/^1*/)[0].length;
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')]);
}

async function digest(data) {
  let number = BigInt(`0x1220${(await sha256(data)).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  return text;
}

const fromMultibase = (text) => {
  need(typeof text === 'string' && text.startsWith('z') && text.length <= 200, 'not multibase z');
  return fromBase58(text.slice(1));
};

export function multikey(text) {
  const bytes = fromMultibase(text);
  need(bytes.length === 34 && bytes[0] === 0xed && bytes[1] === 0x01, 'key');
  return bytes.subarray(2);
}

export async function isSigned(key, signature, message) {
  const imported = await subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
  return signature.length === 64 && subtle.verify('Ed25519', imported, signature, message);
}

// DID documents and proofs

export function readDidDocument(document, did) {
  const {id, verificationMethod: methods = [], assertionMethod: asserting = []} = document;
  need(id === did && Array.isArray(methods) && isTexts(asserting), 'did-document');
  const ids = methods.map((method) => method.id);
  need(ids.every((name) => name?.startsWith(`${did}#`) && /^[^#]+#[^#]+$/.test(name)), 'did-document');
  need(new Set(ids).size === ids.length, 'did-document');
  for (const {revokedAtLogSize: size = 0} of methods) need(Number.isInteger(size) && size >= 0, 'did-document');
  return document;
}

const documentOfKey = (did) => {
  const method = {id: `${did}#${did.slice(8)}`, controller: did, type: 'Multikey', publicKeyMultibase: did.slice(8)};
  return {id: did, verificationMethod: [method], assertionMethod: [method.id]};
};

// `logIndex` is where the log holds the document, if the document says so: whoever passes it in looks there.
export async function verifyProof(document, issuer, didDocument, logIndex) {
  const {proof} = document;
  need(isObject(proof) && only(proof, [...OPTIONS, '@context']), 'proof');
  need(OPTIONS.every((name) => typeof proof[name] === 'string' && proof[name]), 'proof');
  need(proof.type === 'DataIntegrityProof' && proof.cryptosuite === 'eddsa-jcs-2022', 'suite');
  need(proof.proofPurpose === 'assertionMethod', 'purpose');
  const created = time(proof.created);
  need(same(document['@context'], proof['@context']), 'context');
  if ('issuer' in document) need((document.issuer?.id ?? document.issuer) === issuer, 'issuer');
  need(proof.verificationMethod.startsWith(`${issuer}#`), 'issuer');
  const {verificationMethod = [], assertionMethod = []} = readDidDocument(didDocument, issuer);
  const method = verificationMethod.find(({id}) => id === proof.verificationMethod);
  need(method?.controller === issuer, 'method');
  const {revoked, revokedAtLogSize = 0} = method;
  if (revoked === undefined) need(assertionMethod.includes(method.id), 'authorised');
  else need(logIndex < revokedAtLogSize && method.id.startsWith(`${issuer}#issuing-`), 'authorised');
  if ('expires' in method) need(created < time(method.expires), 'authorised');
  need(method.type === 'Multikey', 'key');
  const key = multikey(method.publicKeyMultibase);
  const parts = [drop(proof, 'proofValue'), drop(document, 'proof')];
  const signed = Buffer.concat(await Promise.all(parts.map((part) => sha256(canonical(part)))));
  need(await isSigned(key, fromMultibase(proof.proofValue), signed), 'signature');
}

// DID log

const TEXTS = ['updateKeys', 'nextKeyHashes', 'watchers'];
const HOST = /^([0-9a-z]([0-9a-z-]*[0-9a-z])?\.)+[a-z][0-9a-z-]*(%3A[1-9]\d*)?(:[0-9A-Za-z._-]+)*$/;
const PARAMETERS = [...TEXTS, 'method', 'scid', 'portable', 'deactivated', 'ttl', 'witness'];

function checkParameters(said, before) {
  need(isObject(said) && only(said, PARAMETERS), 'parameters');
  for (const name of TEXTS) need(!(name in said) || isTexts(said[name]), 'parameters');
  for (const name of ['portable', 'deactivated']) need([undefined, true, false].includes(said[name]), 'parameters');
  need(same(said.witness ?? {}, {}), 'parameters');
  need(said.ttl === undefined || (Number.isInteger(said.ttl) && said.ttl >= 0 && said.ttl <= 2 ** 31), 'parameters');
  if (!before || 'method' in said) need(said.method === 'did:webvh:1.0', 'parameters');
  if (before) need(!before.deactivated && !('scid' in said) && !(said.portable && !before.portable), 'parameters');
  else need(typeof said.scid === 'string' && said.updateKeys?.length, 'parameters');
  (said.updateKeys ?? []).forEach(multikey);
  return {...before, ...said};
}

export async function verifyDidLog(bytes, did) {
  const lines = Buffer.from(bytes).toString('latin1').replace(/\n$/, '').split('\n');
  const names = [];
  let last, inForce;
  for (const [index, line] of lines.entries()) {
    const entry = parse(Buffer.from(line, 'latin1'));
    need(only(entry, ['versionId', 'versionTime', 'parameters', 'state', 'proof']) && isObject(entry.state), 'members');
    const {versionId, versionTime, parameters: said, state} = entry;
    const before = inForce;
    const committed = before?.nextKeyHashes?.length ? before.nextKeyHashes : null;
    inForce = checkParameters(said, before);
    if (committed) {
      need(said.updateKeys && said.nextKeyHashes, 'parameters');
      for (const key of said.updateKeys) need(committed.includes(await digest(key)), 'parameters');
    }
    const {scid} = inForce;
    const unsigned = drop(entry, 'proof');
    if (!before) {
      const preliminary = JSON.parse(canonical(unsigned).replaceAll(scid, '{SCID}'));
      need(await digest(canonical({...preliminary, versionId: '{SCID}'})) === scid, 'versionId');
    }
    const named = canonical({...unsigned, versionId: last?.versionId ?? scid});
    need(versionId === `${index + 1}-${await digest(named)}`, 'versionId');
    need(time(versionTime) <= new Date() && (!last || time(versionTime) > time(last.versionTime)), 'versionTime');
    const [, , , ...location] = state.id?.split(':') ?? [];
    need(state.id?.startsWith(`did:webvh:${scid}:`) && HOST.test(location.join(':')), 'state');
    need(!location.includes('.') && !location.includes('..'), 'state');
    names.push(state.id);
    if (last && state.id !== last.state.id) {
      need(inForce.portable && state.alsoKnownAs?.includes(last.state.id), 'state');
    }
    need(Array.isArray(entry.proof) && entry.proof.length === 1, 'proof');
    const signer = entry.proof[0].verificationMethod?.split('#')[0];
    const signers = before && !committed ? before.updateKeys : inForce.updateKeys;
    need(signers.some((key) => signer === `did:key:${key}`), 'update-key');
    await verifyProof({...entry, proof: entry.proof[0]}, signer, documentOfKey(signer));
    last = entry;
  }
  need(!did || names.includes(did), 'did');
  return last.state;
}

export function webDocument(state, host) {
  const web = `did:web:${host}`;
  const document = JSON.parse(canonical(state).replaceAll(state.id, web));
  const names = (document.alsoKnownAs ?? []).filter((name) => name !== web);
  const url = `https://${host.replace('%3A', ':')}`;
  return {...document, alsoKnownAs: [...new Set([...names, state.id])], service: [
    ...document.service ?? [],
    {id: `${web}#files`, type: 'relativeRef', serviceEndpoint: `${url}/`},
    {'@context': 'https://identity.foundation/linked-vp/contexts/v1', id: `${web}#whois`,
      type: 'LinkedVerifiablePresentation', serviceEndpoint: `${url}/whois.vp`},
  ]};
}
