/**
 * Opening sealed files with WebCrypto; twin of passport/sealing/sealed.py and passport/sealing/sealed_file.py.
 *
 * A file is opened with its content key, which a broker releases, or which follows from a group
 * key for who holds one. The checks have the names and the order of `SealedCheck`; no plaintext is
 * returned unless all of them pass, and no error holds any of it. Sealing is the build's alone.
 */

import { aesGcmOpened } from "./aes_gcm.js";
import { concat, utf8 } from "./bytes.js";
import { parseCanonicalObject } from "./canonical.js";
import { need } from "./checks.js";
import { isMac, mac } from "./hmac.js";
import { digestMultibase } from "./multibase.js";
import { bytesOf, canonicalHeader, isDocument, isOf, parseHeader } from "./sealed_header.js";
import { DOCUMENT_SIZES, PAYLOAD_SIZES, isClass, plaintextOf } from "./size_class.js";

/** @typedef {import("./sealed_header.js").SealedHeader} SealedHeader */
/** @typedef {import("./sealed_header.js").Sealing} Sealing */
/** @typedef {{header: SealedHeader, commitment: Uint8Array, ciphertext: Uint8Array}} SealedFile */

const MAGIC = utf8("cellfolio-sealed-v1\n");
const LONGEST_HEAD = 4096;
const TAG_LENGTH = 16;
const KEY_LENGTH = 32;
// A content key encrypts one input only, so one nonce does for all (passport/sealing/sealed.py).
const NONCE = new Uint8Array(12);

/**
 * Hold a file to the digest that a passport names; throws a VerificationError (check `digest`).
 * @param {Uint8Array} content
 * @param {string} digest
 */
export async function checkDigest(content, digest) {
  const found = await digestMultibase(content);
  need(found === digest, "digest", `the file has the digest ${found}, not ${digest}`);
}

/**
 * Read a sealed file; throws a VerificationError (check `form`) unless it has its one spelling.
 * @param {Uint8Array} content
 * @returns {SealedFile}
 */
export function parseSealed(content) {
  const isDocumentForm = MAGIC.every((byte, at) => content[at] === byte);
  const file = isDocumentForm ? parseDocument(content) : parsePayload(content);
  const { length } = file.ciphertext;
  const fits = isClass(sizesOf(file.header), length - TAG_LENGTH);
  need(fits, "form", `a ciphertext of ${length} bytes is of no size class`);
  return Object.freeze(file);
}

/**
 * The key of one sealed file, for who holds the 32 bytes of the group key that its header names.
 * @param {SealedHeader} header
 * @param {Uint8Array} groupKey
 */
export async function contentKey(header, groupKey) {
  const label = utf8("cellfolio/content-key/v1\0");
  return mac(groupKey, concat(label, canonicalHeader(header)));
}

/**
 * The plaintext of a file that is what was asked for; throws a VerificationError otherwise.
 * Check the passport and the file's digest first.
 * @param {SealedFile} file
 * @param {Uint8Array} key the content key
 * @param {Sealing} expected
 * @returns {Promise<Uint8Array>}
 */
export async function openSealed(file, key, expected) {
  need(isOf(file.header, expected), "header", "the file is not what was asked for");
  need(key.length === KEY_LENGTH, "commitment", `the content key has ${key.length} bytes`);
  const isCommitted = await isMac(key, file.commitment, utf8("commit\x01"));
  need(isCommitted, "commitment", "the file was sealed with another content key");
  const encryptionKey = await mac(key, utf8("encrypt\x01"));
  const aad = canonicalHeader(file.header);
  const padded = await aesGcmOpened(encryptionKey, NONCE, aad, file.ciphertext);
  need(padded, "ciphertext", "the ciphertext was changed");
  return plaintextOf(sizesOf(file.header), padded);
}

/**
 * The data points of a payload; throws as `openSealed`.
 * @param {SealedFile} file
 * @param {Uint8Array} key the content key
 * @param {Sealing} expected
 */
export async function openPayload(file, key, expected) {
  const members = parseCanonicalObject(await openSealed(file, key, expected));
  need(members !== null, "content", "the payload is no canonical JSON object");
  return members;
}

function parsePayload(content) {
  const members = canonicalMembers(content, "the file");
  const ciphertext = taken(members, "ciphertext");
  const file = { ...headed(members), ciphertext };
  need(!isDocument(file.header), "form", "a document is in the form of a payload");
  return file;
}

function parseDocument(content) {
  const start = MAGIC.length + 4;
  need(content.length >= start, "form", "the head is missing");
  const length = new DataView(content.buffer, content.byteOffset).getUint32(MAGIC.length);
  const end = start + length;
  const fits = length <= LONGEST_HEAD && end <= content.length;
  need(fits, "form", `a head of ${length} bytes is too long`);
  const members = canonicalMembers(content.subarray(start, end), "the head");
  const file = { ...headed(members), ciphertext: content.subarray(end) };
  need(isDocument(file.header), "form", "a payload is in the form of a document");
  return file;
}

function canonicalMembers(bytes, name) {
  const members = parseCanonicalObject(bytes);
  need(members !== null, "form", `${name} is not its own canonical JSON`);
  return members;
}

function headed(members) {
  const commitment = taken(members, "commitment");
  const { length } = commitment;
  need(length === 32, "form", `the commitment has ${length} bytes, not 32`);
  return { header: parseHeader(members), commitment };
}

function taken(members, name) {
  need(Object.hasOwn(members, name), "form", `member '${name}' is missing`);
  const bytes = bytesOf(members, name);
  delete members[name];
  return bytes;
}

function sizesOf(header) {
  return isDocument(header) ? DOCUMENT_SIZES : PAYLOAD_SIZES;
}
