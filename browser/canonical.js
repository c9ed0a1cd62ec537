/**
 * Canonical JSON (RFC 8785), to bytes and back; twin of passport/encoding/canonical.py, and of what
 * passport/encoding/strict_json.py refuses. JavaScript's own spelling of numbers and texts is the RFC's.
 */

/** Objects and arrays that may lie inside one another. */
export const DEEPEST = 64;
/** Bytes of the largest document that is read. */
export const LARGEST = 16 * 1024 * 1024;

/**
 * The one byte form of a JSON value; throws a TypeError for what has none.
 * @param {unknown} value
 * @returns {Uint8Array}
 */
export function canonicalJson(value) {
  return new TextEncoder().encode(written(value, 0));
}

/**
 * The object of bytes that are its own canonical form, or null.
 * @param {Uint8Array} bytes
 * @returns {Record<string, unknown> | null}
 */
export function parseCanonicalObject(bytes) {
  if (bytes.length > LARGEST) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
    return isObject && written(value, 0) === text ? value : null;
  } catch {
    return null; // a message could quote what was opened
  }
}

function written(value, depth) {
  if (typeof value === "string") return writtenText(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return writtenNumber(value);
  if (typeof value !== "object") throw new TypeError(`a ${typeof value} is no JSON`);
  if (depth === DEEPEST) throw new TypeError(`more than ${DEEPEST} objects or arrays in one another`);
  if (Array.isArray(value)) {
    return `[${Array.from(value, (part) => written(part, depth + 1)).join(",")}]`;
  }
  // Sorted as RFC 8785 3.2.3 asks: by UTF-16 code units, which is JavaScript's own order.
  const names = Object.keys(value).sort();
  const members = names.map((name) => `${writtenText(name)}:${written(value[name], depth + 1)}`);
  return `{${members.join(",")}}`;
}

function writtenText(text) {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError("half a surrogate pair");
  return JSON.stringify(text);
}

function writtenNumber(number) {
  if (!Number.isFinite(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER) {
    throw new TypeError("a number that readers round");
  }
  return JSON.stringify(number);
}
