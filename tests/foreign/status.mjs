// Asks Digital Bazaar's status lists: one question a line on stdin, one answer a line on stdout.
//
// {"encodedList"} is answered by {"revoked": [positions]}. {"status", "issuer", "lists",
// "didDocument"} asks for a credential with that status; the answer is {"verified", "revoked"}, and
// {"why"} if it isn't. Nothing is fetched: lists come from the question, contexts from packages.
import {createInterface} from 'node:readline';

import {contexts as credentialContexts} from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import dataIntegrityContext from '@digitalbazaar/data-integrity-context';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import multikeyContext from '@digitalbazaar/multikey-context';
import {checkStatus, decodeList} from '@digitalbazaar/vc-bitstring-status-list';
import didContext from 'did-context';

const LONGEST = 131_072;
const CREDENTIALS = 'https://www.w3.org/ns/credentials/v2';
const CONTEXTS = new Map([
  ...credentialContexts,
  ...dataIntegrityContext.contexts,
  ...multikeyContext.contexts,
  ...didContext.contexts,
]);

function loaderOf({lists, didDocument}) {
  const known = new Map([...CONTEXTS, ...Object.entries(lists), [didDocument.id, didDocument]]);
  for (const method of didDocument.verificationMethod) {
    known.set(method.id, {'@context': multikeyContext.CONTEXT_URL, ...method});
  }
  return async (url) => {
    if (!known.has(url)) throw new Error(`not at hand: ${url}`);
    return {contextUrl: null, documentUrl: url, document: structuredClone(known.get(url))};
  };
}

async function decoded({encodedList}) {
  const list = await decodeList({encodedList});
  const positions = Array.from({length: Math.min(list.length, LONGEST)}, (_, at) => at);
  return {length: list.length, revoked: positions.filter((position) => list.getStatus(position))};
}

async function checked(question) {
  const {verified, results, error} = await checkStatus({
    credential: {
      '@context': [CREDENTIALS],
      type: ['VerifiableCredential'],
      issuer: question.issuer,
      credentialStatus: question.status,
      credentialSubject: {},
    },
    suite: new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()}),
    documentLoader: loaderOf(question),
  });
  const why = JSON.stringify(error?.cause?.message ?? error?.message ?? String(error));
  return error ? {verified: false, why} : {verified, revoked: results[0].status};
}

for await (const line of createInterface({input: process.stdin})) {
  const question = JSON.parse(line);
  let answer;
  try {
    answer = await ('encodedList' in question ? decoded(question) : checked(question));
  } catch (error) {
    answer = {verified: false, why: String(error)};
  }
  console.log(JSON.stringify(answer));
}
