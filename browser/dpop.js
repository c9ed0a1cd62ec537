/**
 * What a page proves to a broker, with the one key of its browser: possession (DPoP, RFC 9449), and
 * who it is (RFC 7523), or which role somebody says it has (RFC 8693). Twin of
 * generator/read/callers.py and passport/signing/jws.py; `bd` binds a body, which RFC 9449 leaves out.
 */

import { base64url } from "./base64url.js";
import { sha256, utf8 } from "./bytes.js";
import { canonicalJson } from "./canonical.js";

const ASSERTION_SECONDS = 30;
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ROLE_CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential";

/** @typedef {{sign: (message: Uint8Array) => Promise<Uint8Array>, jwk: object}} Signing */

/**
 * A DPoP proof of one POST request.
 * @param {Signing} key
 * @param {{url: string, nonce: string, token?: string, body?: Uint8Array}} proven
 * @param {{seconds: number, jti: string}} moment
 */
export async function dpopProof(key, { url, nonce, token, body }, { seconds, jti }) {
  const claims = { jti, htm: "POST", htu: url, iat: seconds };
  if (nonce) claims.nonce = nonce;
  if (token) claims.ath = base64url(await sha256(utf8(token)));
  if (body) claims.bd = base64url(await sha256(body));
  return compactJws({ typ: "dpop+jwt", jwk: key.jwk }, claims, key);
}

/**
 * The form by which a client asks a broker for a token; its assertion counts once, there only.
 * @param {Signing} key
 * @param {string} client its id
 * @param {string} broker
 * @param {{seconds: number, jti: string}} moment
 */
export async function clientForm(key, client, broker, { seconds, jti }) {
  const expires = seconds + ASSERTION_SECONDS;
  const claims = { iss: client, sub: client, aud: broker, iat: seconds, exp: expires, jti };
  return new URLSearchParams({
    grant_type: "client_credentials",
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await compactJws({ typ: "JWT" }, claims, key),
  });
}

/**
 * The form that exchanges a role credential, stapled to its issuer's status list.
 * @param {Uint8Array} credential
 * @param {Uint8Array} statusList
 */
export function roleForm(credential, statusList) {
  return new URLSearchParams({
    grant_type: EXCHANGE,
    subject_token_type: ROLE_CREDENTIAL,
    subject_token: base64url(credential),
    status_list: base64url(statusList),
  });
}

/** A compact JWS (RFC 7515), written in one way: canonical JSON, algorithm Ed25519 (RFC 9864). */
async function compactJws(header, claims, key) {
  const parts = [{ ...header, alg: "Ed25519" }, claims];
  const input = parts.map((part) => base64url(canonicalJson(part))).join(".");
  return `${input}.${base64url(await key.sign(utf8(input)))}`;
}
