/**
 * The header of a sealed file; twin of passport/sealing/sealed_header.py.
 *
 * A header is a frozen object with the members of its JSON. It was checked when it was parsed, so
 * its canonical form is that of the file.
 */

import { fromBase64url } from "./base64url.js";
import { hex } from "./bytes.js";
import { canonicalJson } from "./canonical.js";
import { need } from "./checks.js";
import { quoted } from "./errors.js";

export const PAYLOAD = "payload";

const MEMBERS = ["group", "key", "level", "passport", "resource", "salt", "v", "version"];
const LEVELS = Object.freeze({ "xiii-2": "model", "xiii-3": "model", "xiii-4": "battery" });
// What dppIds look like, and the levels of what they name.
const DPP_IDS = [
  [/^01_[0-9]{14}$/, ["model"]],
  [/^01_[0-9]{14}_21_(?:[0-9A-Za-z-]|\.[0-9A-F]{2}){1,20}$/, ["battery"]],
  [/^8004_(?:[0-9A-Za-z-]|\.[0-9A-F]{2}){5,30}$/, ["battery"]],
  [/^id_[a-z]{2,12}_(?:[0-9A-Z-]|\.2E){1,64}$/, ["model", "battery"]],
];
const NEEDLESS_ESCAPE = /\.(?:3[0-9]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]|2D)/;

/** @typedef {{passport: string, level: string, group: string, version: number, resource: string}} Sealing */
/** @typedef {Readonly<Sealing & {v: 1, key: string, salt: string}>} SealedHeader */

/**
 * Read a header; throws a VerificationError (check `form`) unless it is one.
 * @param {Record<string, unknown>} members
 * @returns {SealedHeader}
 */
export function parseHeader(members) {
  const isHeader = Object.keys(members).sort().join() === MEMBERS.join();
  need(isHeader, "form", "its members are not those of a header");
  need(integer(members, "v") === 1, "form", "'v' is not 1");
  const level = known(members, "level", ["model", "battery"]);
  const group = known(members, "group", Object.keys(LEVELS));
  checkLevel(text(members, "passport"), level, group);
  checkResource(text(members, "resource"), level, integer(members, "version"));
  checkKey(text(members, "key"), group);
  const salt = bytesOf(members, "salt");
  need(salt.length === 16, "form", `the salt has ${salt.length} bytes, not 16`);
  return Object.freeze({ ...members });
}

/**
 * The one byte form of a header.
 * @param {SealedHeader} header
 */
export function canonicalHeader(header) {
  return canonicalJson(header);
}

/**
 * Whether a header is of what was asked for.
 * @param {SealedHeader} header
 * @param {Sealing} expected
 */
export function isOf(header, expected) {
  return ["passport", "level", "group", "version", "resource"].every(
    (name) => header[name] === expected[name],
  );
}

/**
 * Whether a header is that of a document rather than of a group's data points.
 * @param {SealedHeader} header
 */
export function isDocument(header) {
  return header.resource !== PAYLOAD;
}

/**
 * Where a payload lies, from `/` on.
 * @param {string} passport a dppId
 * @param {string} group
 * @param {number} version
 */
export function sealedPath(passport, group, version) {
  return `/dpp/${passport}/sealed/${group}/${version}.json`;
}

/**
 * Where a document lies, from `/` on.
 * @param {SealedHeader} header
 */
export function sealedDocumentPath(header) {
  return `/dpp/${header.passport}/sealed/doc/${hex(bytesOf(header, "salt"))}`;
}

/**
 * A member that is bytes in base64url.
 * @param {Record<string, unknown>} members
 * @param {string} name
 */
export function bytesOf(members, name) {
  const value = text(members, name);
  const bytes = fromBase64url(value);
  need(bytes !== null, "form", `${quoted(value)} is not base64url`);
  return bytes;
}

function checkLevel(passport, level, group) {
  const [, levels] = DPP_IDS.find(([pattern]) => pattern.test(passport)) ?? [];
  need(levels && !NEEDLESS_ESCAPE.test(passport), "form", `dppId ${quoted(passport)} is none`);
  need(LEVELS[group] === level, "form", `group ${group} has no level ${level}`);
  need(levels.includes(level), "form", `passport ${passport} is not of a ${level}`);
}

function checkResource(resource, level, version) {
  if (resource === PAYLOAD) {
    need(version >= 1, "form", `version ${version} of a payload is none`);
    return;
  }
  const isNumbered = /^doc\/[1-9][0-9]{0,5}$/.test(resource);
  need(isNumbered, "form", `resource ${quoted(resource)} is neither payload nor doc/N`);
  need(level === "model", "form", "a battery has no documents");
  need(version === 0, "form", `version ${version} of a document is none`);
}

function checkKey(key, group) {
  const [of, epoch = "", ...rest] = key.split("/");
  const check = rest.join("/");
  need(Object.hasOwn(LEVELS, of), "form", `${quoted(key)} names no group key`);
  need(/^[0-9]{4}[a-z]{1,2}$/.test(epoch), "form", `${quoted(epoch)} is no epoch`);
  need(/^[a-z2-7]{16}$/.test(check), "form", `${quoted(check)} is no check of a key`);
  need(of === group, "form", `key ${key} is not of group ${group}`);
}

function text(members, name) {
  const value = members[name];
  need(typeof value === "string", "form", `member '${name}' is no text`);
  return value;
}

function integer(members, name) {
  const value = members[name];
  need(Number.isSafeInteger(value), "form", `member '${name}' is no whole number`);
  return value;
}

function known(members, name, values) {
  const value = text(members, name);
  need(values.includes(value), "form", `${name} ${quoted(value)} is not known`);
  return value;
}
