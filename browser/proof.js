/**
 * Data Integrity proofs, eddsa-jcs-2022 and nothing else; twin of passport/signing/proof.py, with the same
 * order of checks.
 */

import { concat, sha256 } from "./bytes.js";
import { canonicalJson } from "./canonical.js";
import { isText } from "./did_document.js";
import { checkedKey, verifySignature } from "./ed25519.js";
import { failing, need } from "./checks.js";
import { fromBase58Multibase, fromEd25519Multikey } from "./multibase.js";
import { hasOnly, isObject, isSame } from "./strict_json.js";
import { parseTime } from "./timestamp.js";

const PROOF_OPTIONS = [
  ...["type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"],
];

/**
 * Checks everything about a document's proof; returns `{unsigned, method}`.
 * `issuer` is what parseDidDocument() returned. A key that was revoked is good for what the log
 * held by then: `logIndex` is where the log holds this document; whoever passes it in must look
 * there.
 */
export async function verifyProof(document, issuer, logIndex = Infinity) {
  const {proof, ...unsigned} = document;
  need(
    isObject(proof) && hasOnly(proof, [...PROOF_OPTIONS, "@context"]),
    "proof",
    "there is not exactly one proof",
  );
  need(
    PROOF_OPTIONS.every((name) => isText(proof[name])),
    "proof",
    "a member of the proof is missing",
  );
  const {proofValue, ...options} = proof;
  need(
    proof.type === "DataIntegrityProof" && proof.cryptosuite === "eddsa-jcs-2022",
    "suite",
    "another suite",
  );
  need(proof.proofPurpose === "assertionMethod", "purpose", "another purpose");
  const created = await failing("created", () => parseTime(proof.created));
  need(
    isSame(contextOf(unsigned), contextOf(options)),
    "context",
    "the proof has another @context",
  );
  need(
    !("issuer" in unsigned) || issuerOf(unsigned) === issuer.did,
    "issuer",
    "the issuer is another",
  );
  need(
    proof.verificationMethod.startsWith(`${issuer.did}#`),
    "issuer",
    "the key is of somebody else",
  );
  const method = issuer.methods.find(({id}) => id === proof.verificationMethod);
  need(method?.controller === issuer.did, "method", "the issuer has no such key");
  checkAuthorised(method, created, logIndex);
  need(method.type === "Multikey", "key", "only a Multikey signs passports");
  const key = await failing("key", () => checkedKey(fromEd25519Multikey(method.multikey)));
  await failing("signature", async () => {
    const digests = [options, unsigned].map((part) => sha256(canonicalJson(part)));
    const signed = concat(...await Promise.all(digests));
    await verifySignature(key, signed, fromBase58Multibase(proofValue));
  });
  return {unsigned, method};
}

// A missing context is not an empty one.
const contextOf = (members) => ("@context" in members ? [members["@context"]] : []);

const issuerOf = ({issuer}) => (isObject(issuer) ? issuer.id : issuer);

function checkAuthorised({revokedAt, mayAssert, isForIssuing, expires}, created, logIndex) {
  const isGood = revokedAt === undefined ? mayAssert : isForIssuing && logIndex < revokedAt;
  need(isGood, "authorised", "the key may not sign documents");
  need(
    expires === undefined || created < expires,
    "authorised",
    "the key had expired when it signed",
  );
}
