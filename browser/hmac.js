/** HMAC-SHA256 (RFC 2104) by WebCrypto. */

/**
 * A key that messages are authenticated with.
 * @param {Uint8Array} bytes
 */
export async function hmacKey(bytes) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);
}

/**
 * The 32 bytes that authenticate a message.
 * @param {CryptoKey} key
 * @param {Uint8Array} message
 */
export async function mac(key, message) {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}
