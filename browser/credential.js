/** The passport as a credential: form, place, product, proof; twin of passport/credential.py. */

import { failing, need } from "./checks.js";
import { parseProductUri } from "./identifiers.js";
import { verifyProof } from "./proof.js";
import { statusBit } from "./status_list.js";
import { hasOnly, isCount, isObject, isSame, parseObject } from "./strict_json.js";

const PASSPORT_MEMBERS = [
  ...["@context", "id", "type", "issuer", "validFrom", "version", "previousVersion", "log"],
  ...["credentialSchema", "credentialStatus", "relatedResource", "credentialSubject", "proof"],
];
const PASSPORT_TYPES = ["VerifiableCredential", "DigitalProductPassport", "BatteryPassport"];

/** Reads a passport that nobody verified yet: its document, and where it says to belong. */
export async function readPassport(content) {
  const document = parseObject(content);
  const {version, log, credentialSubject: subject, type} = document;
  const isForm = hasOnly(document, PASSPORT_MEMBERS) && isSame(type, PASSPORT_TYPES);
  need(isForm, "form", "it is no battery passport");
  need(isCount(version, 1), "form", "it has no version");
  need(isObject(log) && isCount(log.index), "form", "it has no place in the log");
  need(isObject(subject), "place", "it has no subject");
  const place = await failing("place", () => parseProductUri(subject.id));
  const did = `did:web:${place.base.slice("https://".length).replace(":", "%3A")}`;
  const id = `${place.base}${passportPath(place.dppId)}#v${version}`;
  need(document.id === id, "place", "its id is another");
  need(subject.uniqueProductIdentifier === place.uri, "place", "it names two products");
  const own = `${place.base}/ctx/battery-passport-1.0.0.jsonld`;
  const contexts = ["https://www.w3.org/ns/credentials/v2", own];
  need(isSame(document["@context"], contexts), "place", "its @context is another");
  need(isObject(document.issuer) && document.issuer.id === did, "place", "another site issued it");
  return {...place, did, document, subject, version};
}

/** Verifies the proof of what readPassport() returned; adds the key that signed it. */
export async function verifyPassport(passport, issuer) {
  const {method} = await verifyProof(passport.document, issuer, passport.document.log.index);
  return {...passport, method};
}

/** Returns where its status stands, which is its place in the log. */
export function statusOf({document, base}) {
  need(isObject(document.credentialStatus), "status", "it has no status");
  const bit = statusBit(document.credentialStatus, base);
  const log = {index: bit.index, origin: `${base.slice("https://".length)}/log/${bit.generation}`};
  need(isSame(document.log, log), "status", "its place in the log is another");
  return {...bit, origin: log.origin};
}

export const passportPath = (dppId) => `/dpp/${dppId}/passport.json`;
