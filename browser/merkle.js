/**
 * Merkle trees (RFC 6962 2.1): hashes and roots; twin of passport/log/merkle.py. Proofs are not needed
 * where tiles are read.
 */

import { concat, sha256 } from "./bytes.js";

export const leafHash = (entry) => sha256(concat([0], entry));
const nodeHash = (left, right) => sha256(concat([1], left, right));

/** Returns the root over the hashes of subtrees of one size; the last one may be smaller. */
export async function rootOf(hashes) {
  let row = hashes;
  while (row.length > 1) {
    const above = [];
    for (let at = 0; at < row.length; at += 2) {
      above.push(at + 1 < row.length ? nodeHash(row[at], row[at + 1]) : row[at]);
    }
    row = await Promise.all(above);
  }
  return row.length ? row[0] : sha256(new Uint8Array());
}
