/**
 * Product URIs and dppIds; twin of passport/identifiers.py as far as a passport's own place asks
 * for it: which numbers are sound is the matter of who prints them.
 */

import { hex, utf8 } from "./bytes.js";
import { need } from "./checks.js";

const ORIGIN = /^https:\/\/[a-z0-9.-]+(?::[1-9]\d{0,4})?(?=\/)/;
const PATH = /^\/(01\/\d{14}(\/21\/[^/?#\s]+)?|(8004|id\/[a-z]{2,12})\/[^/?#\s]+)$/;

/** Reads a product URI: `{uri, base, path, dppId}`. */
export function parseProductUri(uri) {
  const [base] = ORIGIN.exec(uri) ?? [""];
  const path = uri.slice(base.length);
  need(base && PATH.test(path), "place", "it is of no product");
  const segments = path.slice(1).split("/").map(decodeURIComponent);
  const dppId = segments.map((part) => part.replace(/[^0-9A-Za-z-]/g, escaped)).join("_");
  return { uri, base, path, dppId };
}

const escaped = (character) => `.${hex(utf8(character)).toUpperCase()}`;
