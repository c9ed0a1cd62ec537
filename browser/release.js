/**
 * A release: what a page asks a broker for, and what the broker answers; the client's half of the
 * twin passport/sealing/release.py. An answer opens only for the request that it was given to.
 */

import { base64url, fromBase64url } from "./base64url.js";
import { concat, sha256, utf8 } from "./bytes.js";
import { canonicalJson } from "./canonical.js";
import { failing, need } from "./checks.js";
import { KEM_ID, hpkeOpen } from "./hpke.js";
import { hasOnly, isObject, isSame, parseObject } from "./strict_json.js";
import { parseTime } from "./timestamp.js";

const LARGEST_ANSWER = 64 * 1024;
const CONTENT_KEY_LENGTH = 32;
const RELEASE_INFO = utf8("cellfolio/release/v1\0");
const OPERATIONS = ["view", "download", "share", "publish"];
const REUSES = ["not-determined", "none", "by-licence"];

/**
 * The body of a request to view sealed files.
 * @param {string} purpose
 * @param {Uint8Array} recipient a fresh X25519 key
 * @param {import("./sealed_header.js").SealedHeader[]} headers
 */
export function releaseRequest(purpose, recipient, headers) {
  const key = { kem: KEM_ID, key: base64url(recipient) };
  return canonicalJson({ v: 1, purpose, operation: "view", recipient: key, headers });
}

/**
 * The content keys of an answer, in the order of the request's headers: `{key, grant}`, or null
 * where it was refused. Throws a VerificationError for any other answer.
 * @param {Uint8Array} content
 * @param {Uint8Array} body the request
 * @param {{privateKey: CryptoKey, raw: Uint8Array}} recipient
 * @param {number} count how many headers were asked for
 */
export async function releasedKeys(content, body, recipient, count) {
  const answer = parseObject(content, LARGEST_ANSWER);
  const { sealed, ...unsealed } = answer;
  const grants = await failing("answer", () => grantsOf(answer, count));
  const bytes = fromBase64url(sealed);
  need(bytes, "answer", "its keys are not base64url");
  const digests = await Promise.all([body, canonicalJson(unsealed)].map(sha256));
  const opened = await hpkeOpen(recipient, bytes, concat(RELEASE_INFO, ...digests));
  const released = grants.filter(Boolean).length;
  need(
    opened.length === released * CONTENT_KEY_LENGTH,
    "answer",
    `${opened.length} bytes are not the ${released} keys that it tells of`,
  );
  let at = 0;
  const next = () => opened.slice(at, (at += CONTENT_KEY_LENGTH));
  return grants.map((grant) => grant && { key: next(), grant });
}

function grantsOf(answer, count) {
  const { v, id, bundle, items, sealed } = answer;
  const isAnswer = hasOnly(answer, ["v", "id", "bundle", "items", "sealed"]) && v === 1
    && typeof id === "string" && Number.isSafeInteger(bundle) && typeof sealed === "string";
  need(isAnswer && Array.isArray(items), "", "no broker of ours wrote it");
  need(items.length === count, "", `it is about ${items.length} keys, not ${count}`);
  return items.map(grantOf);
}

function grantOf(item) {
  if (isSame(item, { status: "refused" })) return null;
  const { status, grant } = item;
  const isReleased = hasOnly(item, ["status", "grant"]) && status === "released"
    && isObject(grant) && hasOnly(grant, ["operations", "reuse", "expires"]);
  need(isReleased, "", "an item is neither released nor refused");
  const { operations, reuse, expires } = grant;
  need(
    operations.every((each) => OPERATIONS.includes(each)) && REUSES.includes(reuse),
    "",
    "a grant is not known here",
  );
  return { operations, reuse, expires: parseTime(expires) };
}
