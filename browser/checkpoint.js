/**
 * Checkpoints (C2SP tlog-checkpoint, signed-note): size and root of a log, signed; twin of
 * passport/log/checkpoint.py.
 */

import { concat, fromBase64, hex, isEqual, sha256, utf8 } from "./bytes.js";
import { verifySignature } from "./ed25519.js";
import { failing, need } from "./checks.js";

const LARGEST_NOTE = 128 * 1024;
const MOST_SIGNATURES = 16;

/** Returns `{size, root}` that one of the log's keys, 32 bytes each, signed. */
export function verifyCheckpoint(note, origin, keys) {
  return failing("checkpoint", async () => {
    const {text, signatures} = split(note);
    const checkpoint = await parseText(text, origin);
    const ids = await Promise.all(keys.map(async (key) => [await keyId(origin, key), key]));
    const known = new Map(ids);
    const ours = signatures.filter(({name, id}) => name === origin && known.has(id));
    need(ours.length, "", "no key of the log signed it");
    need(new Set(ours.map(({id}) => id)).size === ours.length, "", "one key signed it twice");
    for (const {id, signature} of ours) await verifySignature(known.get(id), utf8(text), signature);
    return checkpoint;
  });
}

async function keyId(origin, key) {
  return hex((await sha256(concat(utf8(`${origin}\n\u0001`), key))).subarray(0, 4));
}

function split(note) {
  need(note.length <= LARGEST_NOTE, "", "it is too large");
  const whole = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(note);
  need(!/[\u0000-\u0009\u000b-\u001f]/.test(whole), "", "it holds a control character");
  const end = whole.lastIndexOf("\n\n");
  need(end > 0 && whole.endsWith("\n"), "", "it has no signatures");
  const lines = whole.slice(end + 2, -1).split("\n");
  need(lines.length <= MOST_SIGNATURES, "", "too many signatures");
  return {text: whole.slice(0, end + 1), signatures: lines.map(parseSignature)};
}

function parseSignature(line) {
  const [, name, encoded] = /^— ([^\p{White_Space}+]+) ([^ ]+)$/u.exec(line) ?? [];
  need(name, "", "a line is no signature");
  const bytes = fromBase64(encoded);
  need(bytes.length > 4, "", "a signature is empty");
  return {name, id: hex(bytes.subarray(0, 4)), signature: bytes.subarray(4)};
}

async function parseText(text, wanted) {
  const [origin, size, encoded, ...more] = text.slice(0, -1).split("\n");
  need(encoded !== undefined && more.length === 0 && origin === wanted, "", "it is of another log");
  need(
    /^(0|[1-9]\d{0,15})$/.test(size) && Number.isSafeInteger(Number(size)),
    "",
    "its size is none",
  );
  const root = fromBase64(encoded);
  const isEmpty = isEqual(root, await sha256(new Uint8Array()));
  need(root.length === 32 && (size !== "0" || isEmpty), "", "its root is none");
  return {size: Number(size), root};
}
