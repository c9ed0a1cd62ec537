/**
 * Status lists: which passports were withdrawn, one bit a log index; twin of
 * passport/status_list.py, status_bits.py.
 */

import { fromBase64url } from "./base64url.js";
import { concat } from "./bytes.js";
import { failing, need } from "./checks.js";
import { verifyProof } from "./proof.js";
import { hasOnly, isObject, isSame, parseObject } from "./strict_json.js";
import { parseTime } from "./timestamp.js";

const BITS = 131072;
const LARGEST_LIST = 64 * 1024;
const LIST_FORM = [
  ["https://www.w3.org/ns/credentials/v2"],
  ["VerifiableCredential", "BitstringStatusListCredential"],
  "BitstringStatusList",
];
const LIST_MEMBERS = [
  ...["@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject", "proof"],
];
const LIST_PATH = /^\/status\/([1-9]\d{0,5})\/revocation\/(0|[1-9]\d{0,9})$/;
const LIST_SUBJECT = ["id", "type", "statusPurpose", "encodedList"];

/** Returns where a passport's status stands: `{path, url, position, index, generation}`. */
export function statusBit(status, base) {
  const {statusListCredential: url, statusListIndex: position} = status;
  const [path, generation, number] = LIST_PATH.exec(pathOn(base, url)) ?? [];
  const wanted = {
    id: `${url}#${position}`,
    statusListCredential: url,
    statusListIndex: position,
    statusPurpose: "revocation",
    type: "BitstringStatusListEntry",
  };
  const isNumber = typeof position === "string" && /^(0|[1-9]\d{0,9})$/.test(position);
  const isPosition = isNumber && Number(position) < BITS;
  need(number && isPosition && isSame(status, wanted), "status", "its status stands nowhere here");
  const index = Number(number) * BITS + Number(position);
  return { path, url, position: Number(position), index, generation };
}

/** Verifies the bytes of the list at an address; returns `{bits, validFrom, validUntil}`. */
export async function verifyStatusList(content, url, issuer) {
  const list = parseObject(content, LARGEST_LIST);
  const {credentialSubject: subject} = list;
  const isList = hasOnly(list, LIST_MEMBERS) && isObject(subject) && hasOnly(subject, LIST_SUBJECT)
    && isSame([list["@context"] ?? 0, list.type ?? 0, subject.type ?? 0], LIST_FORM);
  need(isList, "form", "it is no status list");
  need(list.id === url && subject.id === `${url}#list`, "place", "it is another list");
  need(subject.statusPurpose === "revocation", "place", "it is of another purpose");
  const times = () => [list.validFrom, list.validUntil].map(parseTime);
  const [validFrom, validUntil] = await failing("validity", times);
  need(validFrom < validUntil, "validity", "it ends before it begins");
  need("issuer" in list, "issuer", "it has no issuer");
  await verifyProof(list, issuer);
  const bits = await failing("list", () => unpack(subject.encodedList));
  return {bits, validFrom, validUntil};
}

/** Whether a position is withdrawn. */
export const isRevoked = (bits, position) => (bits[position >> 3] & (0x80 >> (position & 7))) !== 0;

/** Returns the bytes of an `encodedList`; reads no more than a list may have. */
export async function unpack(encoded) {
  const packed = encoded.startsWith("u") && fromBase64url(encoded.slice(1));
  need(packed, "", "not multibase base64url");
  const inflater = new DecompressionStream("gzip");
  const reader = new Blob([packed]).stream().pipeThrough(inflater).getReader();
  let bits = new Uint8Array();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bits = concat(bits, part.value);
    need(bits.length <= BITS / 8, "", "the list has too many bits");
  }
  need(bits.length === BITS / 8, "", "the list has too few bits");
  return bits;
}

// A list of one text would pass for the text.
const pathOn = (base, url) =>
  typeof url === "string" && url.startsWith(base) ? url.slice(base.length) : "";
