/** HMAC-SHA256 (RFC 2104) by WebCrypto. */

const hmacKey = (bytes) =>
  crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);

/** The 32 bytes by which a key, in bytes, authenticates a message. */
export async function mac(key, message) {
  return new Uint8Array(await crypto.subtle.sign("HMAC", await hmacKey(key), message));
}

/** Whether a key authenticated a message so; compares in constant time. */
export async function isMac(key, found, message) {
  return crypto.subtle.verify("HMAC", await hmacKey(key), found, message);
}
