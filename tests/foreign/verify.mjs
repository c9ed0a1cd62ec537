// Asks other people's verifiers: one question a line on stdin, one answer a line on stdout.
//
// A question is {"document", "didDocuments"} for Digital Bazaar's libraries, or {"log"} for
// didwebvh-ts; an answer is {"verified"} and, if not, {"why"}. {"expand", "contexts"} asks whether
// JSON-LD's safe mode keeps all of a document. {"make": host} is answered by a new {"log"} of two
// entries. Nothing is fetched: contexts come from the installed packages and the question, DID
// documents from the question, and all else is an error.
import {createPublicKey, generateKeyPairSync, sign, verify as verifyEd25519} from 'node:crypto';
import {createInterface} from 'node:readline';

import {contexts as credentialContexts} from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import dataIntegrityContext from '@digitalbazaar/data-integrity-context';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import multikeyContext from '@digitalbazaar/multikey-context';
import didContext from 'did-context';
import {
  createDID, deriveNextKeyHash, MultibaseEncoding, multibaseEncode, prepareDataForSigning,
  resolveDIDFromLog, updateDID,
} from 'didwebvh-ts';
import jsonld from 'jsonld';
import jsonldSignatures from 'jsonld-signatures';

const MULTIKEY = multikeyContext.CONTEXT_URL;
const CONTEXTS = new Map([
  ...credentialContexts,
  ...dataIntegrityContext.contexts,
  ...multikeyContext.contexts,
  ...didContext.contexts,
]);
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

function loaderOf(didDocuments, contexts = {}) {
  const known = new Map([...CONTEXTS, ...Object.entries(contexts)]);
  for (const document of didDocuments) {
    known.set(document.id, document);
    for (const method of document.verificationMethod ?? []) {
      known.set(method.id, {'@context': MULTIKEY, ...method});
    }
  }
  return async (url) => {
    if (!known.has(url)) throw new Error(`not at hand: ${url}`);
    return {contextUrl: null, documentUrl: url, document: structuredClone(known.get(url))};
  };
}

async function verifyDocument({document, didDocuments}) {
  const {verified, error} = await jsonldSignatures.verify(document, {
    suite: new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()}),
    purpose: new jsonldSignatures.purposes.AssertionProofPurpose(),
    documentLoader: loaderOf(didDocuments),
  });
  const why = error?.errors?.map(String).join('; ') ?? String(error);
  return verified ? {verified} : {verified, why};
}

async function expand({expand: document, contexts}) {
  await jsonld.expand(document, {documentLoader: loaderOf([], contexts), safe: true});
  return {verified: true};
}

const verifier = {
  async verify(signature, message, publicKey) {
    const spki = Buffer.concat([ED25519_SPKI, publicKey]);
    const key = createPublicKey({key: spki, format: 'der', type: 'spki'});
    return verifyEd25519(null, message, key, signature);
  },
};

async function verifyLog({log}) {
  const entries = log.trimEnd().split('\n').map((line) => JSON.parse(line));
  const {did, meta} = await resolveDIDFromLog(entries, {verifier});
  return meta.error ? {verified: false, why: meta.error} : {verified: true, did};
}

function newSigner() {
  const {publicKey, privateKey} = generateKeyPairSync('ed25519');
  const raw = publicKey.export({format: 'der', type: 'spki'}).subarray(ED25519_SPKI.length);
  const multikey = multibaseEncode(Buffer.from([0xed, 0x01, ...raw]), MultibaseEncoding.BASE58_BTC);
  return {
    multikey,
    getVerificationMethodId: () => `did:key:${multikey}#${multikey}`,
    async sign({document, proof}) {
      const signature = sign(null, await prepareDataForSigning(document, proof), privateKey);
      return {proofValue: multibaseEncode(signature, MultibaseEncoding.BASE58_BTC)};
    },
  };
}

async function makeLog({make}) {
  const [first, second, third] = [newSigner(), newSigner(), newSigner()];
  const method = {type: 'Multikey', publicKeyMultibase: first.multikey};
  const about = {verificationMethods: [method], verifier};
  const created = await createDID({
    ...about, address: make, domain: make, signer: first, portable: true,
    updateKeys: [first.multikey], nextKeyHashes: [await deriveNextKeyHash(second.multikey)],
    created: new Date(Date.now() - 60_000).toISOString().replace(/[.]\d+/, ''),
  });
  const {log} = await updateDID({
    ...about, log: created.log, signer: second,
    updateKeys: [second.multikey], nextKeyHashes: [await deriveNextKeyHash(third.multikey)],
  });
  return {log: log.map((entry) => `${JSON.stringify(entry)}\n`).join('')};
}

for await (const line of createInterface({input: process.stdin})) {
  const question = JSON.parse(line);
  let answer;
  try {
    if ('make' in question) answer = await makeLog(question);
    else if ('expand' in question) answer = await expand(question);
    else answer = await ('log' in question ? verifyLog(question) : verifyDocument(question));
  } catch (error) {
    answer = {verified: false, why: String(error)};
  }
  console.log(JSON.stringify(answer));
}
