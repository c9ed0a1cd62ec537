/** Multibase `z` and `u`, Multikey and multihash; twin of passport/encoding/multibase.py. */

import { base64url } from "./base64url.js";
import { concat, hex, sha256 } from "./bytes.js";
import { need } from "./checks.js";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LONGEST = 1024; // decoding takes time by the square of the length

/** Reads `z` and base58btc. */
export function fromBase58Multibase(text) {
  need(/^z[1-9A-HJ-NP-Za-km-z]*$/.test(text) && text.length <= LONGEST, "", "not base58btc");
  let number = 0n;
  for (const letter of text.slice(1)) number = number * 58n + BigInt(ALPHABET.indexOf(letter));
  const bytes = [];
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 255n));
  const zeros = /^z(1*)/.exec(text)[1].length;
  return Uint8Array.from([...Array(zeros).fill(0), ...bytes]);
}

/** Reads the 32 bytes of an Ed25519 Multikey. */
export function fromEd25519Multikey(text) {
  const bytes = fromBase58Multibase(text);
  need(bytes.length === 34 && bytes[0] === 0xed && bytes[1] === 1, "", "no Ed25519 key");
  return bytes.subarray(2);
}

/** Returns the Multikey of the 32 bytes of an Ed25519 key. */
export function toEd25519Multikey(raw) {
  // Never a leading zero byte, which base58 would count apart.
  let number = BigInt(`0x${hex([0xed, 1, ...raw])}`);
  let text = "";
  for (; number > 0n; number /= 58n) text = ALPHABET[number % 58n] + text;
  return `z${text}`;
}

/** Returns the digest of bytes as signed documents state it, `uEi…`. */
export async function digestMultibase(bytes) {
  return `u${base64url(concat([0x12, 0x20], await sha256(bytes)))}`;
}
