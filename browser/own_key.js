/**
 * The key of this browser: Ed25519, made here, kept in IndexedDB and nowhere else, and never to be
 * read out, by this page neither. Its public half is what an operator or a role's issuer registers;
 * spelt as passport/signing/jwk.py and passport/did/key.py do.
 */

import { base64url } from "./base64url.js";
import { sha256 } from "./bytes.js";
import { canonicalJson } from "./canonical.js";
import { toEd25519Multikey } from "./multibase.js";

const DATABASE = "cellfolio";
const STORE = "keys";
const NAME = "own";

/** The key that was made here: `{jwk, thumbprint, did, sign}`; null if there is none. */
export async function ownKey() {
  // To open a database is to make it, and none is made before there is a key.
  const databases = await indexedDB.databases();
  if (!databases.some(({ name }) => name === DATABASE)) return null;
  const pair = await inStore("readonly", (store) => store.get(NAME));
  return pair ? keyOf(pair) : null;
}

/** The key that was made here; makes one, and keeps it, if there is none. */
export async function madeKey() {
  const found = await ownKey();
  if (found) return found;
  const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  await inStore("readwrite", (store) => store.add(pair, NAME)); // never over another page's
  return keyOf(pair);
}

/** Delete the key, and the database that it lay in. */
export function forgetKey() {
  return answered(indexedDB.deleteDatabase(DATABASE));
}

/** A key pair as others of our modules use one. */
export async function keyOf({ privateKey, publicKey }) {
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  const jwk = { crv: "Ed25519", kty: "OKP", x: base64url(raw) };
  return {
    jwk,
    thumbprint: base64url(await sha256(canonicalJson(jwk))), // RFC 7638
    did: `did:key:${toEd25519Multikey(raw)}`,
    sign: async (message) =>
      new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, message)),
  };
}

async function inStore(mode, act) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await answered(opening);
  try {
    return await answered(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another page has it open"));
  });
}
