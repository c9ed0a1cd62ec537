/** AES-256-GCM (NIST SP 800-38D) by WebCrypto: opening only. */

/** The plaintext of a ciphertext with its tag; null if it is none of this key, nonce and aad. */
export async function aesGcmOpened(bytes, nonce, aad, ciphertext) {
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["decrypt"]);
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: aad };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, ciphertext));
  } catch {
    return null;
  }
}
