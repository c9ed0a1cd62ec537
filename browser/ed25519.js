/**
 * Ed25519 (RFC 8032) by WebCrypto; twin of passport/signing/ed25519.py. WebCrypto takes keys and R of small
 * order, which libsodium refuses; with such a key one signature fits many messages. Here both are
 * canonical points of the main subgroup: then all verifiers agree, with the cofactor or without.
 */

import { hex } from "./bytes.js";
import { need } from "./checks.js";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = modulo(-121665n * inverse(121666n));

/** Whether this browser has Ed25519 at all. */
export async function canVerify() {
  try {
    return Boolean(await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]));
  } catch {
    return false; // neither does a page without TLS have it
  }
}

/** Returns if the signature is the key's over these bytes. */
export async function verifySignature(raw, message, signature) {
  need(signature.length === 64, "", `the signature has ${signature.length} bytes, not 64`);
  const key = await importKey(checkedKey(raw));
  const isGood =
    hasFullOrder(signature.subarray(0, 32)) &&
    (await crypto.subtle.verify("Ed25519", key, signature, message));
  need(isGood, "", "the signature is not by this key");
}

/** Returns the 32 bytes of a key that is a canonical point of full order. */
export function checkedKey(raw) {
  need(raw.length === 32 && hasFullOrder(raw), "", "the key is no point of full order");
  return raw;
}

const importKey = (raw) => crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);

function modulo(number) {
  const rest = number % P;
  return rest < 0n ? rest + P : rest;
}

function power(base, exponent) {
  let result = 1n;
  for (let square = base; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = modulo(result * square);
    square = modulo(square * square);
  }
  return result;
}

function inverse(number) {
  return power(modulo(number), P - 2n);
}

function hasFullOrder(raw) {
  const number = BigInt(`0x${hex([...raw].reverse())}`);
  const y = number & (2n ** 255n - 1n); // the sign of x does not change the order
  const x = y < P ? squareRootOf((y * y - 1n) * inverse(D * y * y + 1n)) : 0n;
  return x !== 0n && isIdentity(times(L, [x, y, 1n]));
}

/** Returns a square root, 0 if there is none. */
function squareRootOf(number) {
  const square = modulo(number);
  const root = power(square, (P + 3n) / 8n);
  for (const candidate of [root, modulo(root * power(2n, (P - 1n) / 4n))]) {
    if (modulo(candidate * candidate) === square) return candidate;
  }
  return 0n;
}

const isIdentity = ([x, y, z]) => x === 0n && y === z;

function times(factor, point) {
  let result = [0n, 1n, 1n];
  for (const bit of factor.toString(2)) {
    result = add(result, result);
    if (bit === "1") result = add(result, point);
  }
  return result;
}

// Projective twisted Edwards addition (a = -1), which holds for all points of the curve.
function add([x1, y1, z1], [x2, y2, z2]) {
  const a = modulo(z1 * z2);
  const b = modulo(a * a);
  const c = modulo(x1 * x2);
  const d = modulo(y1 * y2);
  const e = modulo(D * c * d);
  const cross = modulo((x1 + y1) * (x2 + y2) - c - d);
  return [modulo(a * (b - e) * cross), modulo(a * (b + e) * (d + c)), modulo((b - e) * (b + e))];
}
