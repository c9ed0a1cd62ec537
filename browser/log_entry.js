/** Entries of the transparency log; twin of passport/log/entry.py. */

import { isEqual } from "./bytes.js";
import { canonicalJson } from "./canonical.js";
import { need } from "./checks.js";
import { leafHash } from "./merkle.js";
import { digestMultibase } from "./multibase.js";
import { leafAt } from "./tiles.js";

/** Returns the digest of a document without its proof. */
export function documentDigest({proof, ...unsigned}) {
  return digestMultibase(canonicalJson(unsigned));
}

/** Returns if the log `{get, checkpoint}` holds a document at an index. */
export async function verifyIncluded({get, checkpoint}, index, type, document) {
  const entry = canonicalJson({digest: await documentDigest(document), type});
  const leaf = await leafAt(get, checkpoint, index);
  need(
    isEqual(leaf, await leafHash(entry)),
    "inclusion",
    `entry ${index} of the log is of something else`,
  );
}
