/** DID documents: who may sign as whom; twin of passport/did/document.py. */

import { failing, need } from "./checks.js";
import { fromEd25519Multikey } from "./multibase.js";
import { isCount, isObject } from "./strict_json.js";
import { parseTime } from "./timestamp.js";

const FRAGMENT = /^(?:[0-9A-Za-z._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})+$/;

/** Reads the document of a DID: `{did, methods}`. */
export function parseDidDocument(document, did) {
  return failing("did-document", () => {
    need(document.id === did, "", "it is the document of another DID");
    const {verificationMethod: raw = [], assertionMethod = []} = document;
    need(
      Array.isArray(raw) && isTexts(assertionMethod) && isTexts(document.alsoKnownAs ?? []),
      "",
      "a list is missing",
    );
    const methods = raw.map((method) => methodOf(method, did, assertionMethod));
    need(new Set(methods.map(({id}) => id)).size === methods.length, "", "two keys have one id");
    return {did, methods};
  });
}

/** The public keys that sign checkpoints of the issuer's log. */
export function checkpointKeys({did, methods}) {
  const prefix = `${did}#checkpoint-`;
  const named = methods.filter(({ id }) => id.startsWith(prefix));
  const good = named.filter(({ revokedAt }) => revokedAt === undefined);
  return good.map(({multikey}) => fromEd25519Multikey(multikey));
}

export const isText = (value) => typeof value === "string" && value !== "";
const isTexts = (value) => Array.isArray(value) && value.every((item) => typeof item === "string");

function methodOf(raw, did, asserting) {
  need(isObject(raw), "", "a key is no object");
  const { id, controller, type, publicKeyMultibase: multikey } = raw;
  const { revoked, revokedAtLogSize = 0, expires } = raw;
  need([id, controller, type].every(isText), "", "a key lacks id, controller or type");
  need(multikey === undefined || isText(multikey), "", "a key is no text");
  need(
    id.startsWith(`${did}#`) && FRAGMENT.test(id.slice(did.length + 1)),
    "",
    "a key has no absolute id",
  );
  need(
    revoked === undefined || isCount(revokedAtLogSize),
    "",
    "a key has no size of a log",
  );
  return {
    id,
    controller,
    type,
    multikey,
    mayAssert: asserting.includes(id),
    isForIssuing: id.startsWith(`${did}#issuing-`),
    revokedAt: revoked === undefined ? undefined : revokedAtLogSize,
    expires: expires === undefined ? undefined : parseTime(expires),
  };
}
