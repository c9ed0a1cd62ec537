/**
 * Bytes as base64url without padding, in the one spelling that they have; twin of
 * passport/encoding/base64url.py (RFC 4648 5 and 3.5).
 */

const CHUNK = 0x8000;

/**
 * Bytes as base64url without padding.
 * @param {Uint8Array} bytes
 */
export function base64url(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The bytes of a base64url text, or null for anything that `base64url` would not return.
 * @param {string} text
 * @returns {Uint8Array | null}
 */
export function fromBase64url(text) {
  if (!/^[0-9A-Za-z_-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return base64url(bytes) === text ? bytes : null;
}
