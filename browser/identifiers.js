/**
 * Product URIs and dppIds; twin of passport/identifiers.py as far as a passport's own place asks
 * for it.
 */

import { need } from "./checks.js";

const ORIGIN = /^https:\/\/[a-z0-9.-]+(?::[1-9]\d{0,4})?(?=\/)/;
const PATH = /^\/01\/(\d{14})(?:\/21\/[^/]+)?$|^\/8004\/\d{4}[^/]*$|^\/id\/[a-z]{2,12}\/[0-9A-Z]+(?:[.-]+[0-9A-Z]+)*$/;

/** Reads a product URI: `{uri, base, path, dppId}`. */
export function parseProductUri(uri) {
  const [base] = ORIGIN.exec(uri) ?? [];
  const path = base && uri.slice(base.length);
  const [, gtin] = (path && PATH.exec(path)) || [];
  need(path && PATH.test(path) && !/[?#\s]/.test(uri) && (!gtin || hasCheckDigit(gtin)), "place", "it is of no product");
  return {uri, base, path, dppId: dppIdOf(path)};
}

function dppIdOf(path) {
  const segments = path.slice(1).split("/").map(decodeURIComponent);
  return segments.map((segment) => segment.replace(/[^0-9A-Za-z-]/g, escaped)).join("_");
}

const escaped = (character) => `.${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;

function hasCheckDigit(gtin) {
  const sum = [...gtin].reduce((total, digit, index) => total + Number(digit) * (index % 2 ? 1 : 3), 0);
  return sum % 10 === 0;
}
