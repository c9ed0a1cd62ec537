/**
 * Strict JSON: bytes become a value only if every reader would read the same; twin of
 * passport/encoding/strict_json.py. JSON.parse judges the syntax; what readers differ on is looked for in
 * the text, token by token.
 */

import { isEqual } from "./bytes.js";
import { DEEPEST, LARGEST, canonicalJson } from "./canonical.js";
import { need } from "./checks.js";

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/** Reads one JSON value. */
export function parseJson(bytes, largest = LARGEST) {
  need(bytes.length <= largest, "json", "too large");
  try {
    // A byte-order mark that is kept is no JSON.
    const text = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes);
    const value = JSON.parse(text);
    checkTokens(text);
    canonicalJson(value);
    return value;
  } catch (error) {
    need(false, "json", error.message);
  }
}

/** Reads one JSON object, as every document of ours is. */
export function parseObject(bytes, largest) {
  const value = parseJson(bytes, largest);
  need(isObject(value), "json", "no object");
  return value;
}

/** The members of one JSON object; none of bytes that are no such thing. */
export function membersOf(bytes, largest) {
  try {
    return parseObject(bytes, largest);
  } catch {
    return {};
  }
}

export const isObject = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Whether a value is a whole number from `least` on. */
export const isCount = (value, least = 0) => Number.isSafeInteger(value) && value >= least;

/** Whether two JSON values are the same; a missing one is none. */
export function isSame(one, other) {
  return one !== undefined && isEqual(canonicalJson(one), canonicalJson(other));
}

/** Whether an object has these members, all or some, and no other. */
export const hasOnly = (members, names) =>
  Object.keys(members).every((name) => names.includes(name));

function checkTokens(text) {
  const open = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") need(open.push(new Set()) <= DEEPEST, "json", "too deep");
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") checkOnce(open.at(-1), JSON.parse(last));
    else if (/^[-\d]/.test(token)) checkNumber(token);
    last = token;
  }
}

function checkOnce(names, name) {
  need(!names.has(name), "json", `member ${name} stands twice`);
  names.add(name);
}

function checkNumber(token) {
  const number = Number(token);
  need(Math.abs(number) < 2 ** 53, "json", "a number is out of range");
  need(String(number) === token, "json", "a number is not in its shortest form");
}
