/**
 * Where the restricted groups of a product lie, and who releases their keys; twin of
 * generator/read/restricted.py, sealed.py and passport/broker_address.py. A sealed file counts only
 * if a verified passport binds it by its digest; nothing is opened here.
 */

import { need } from "./checks.js";
import { passportPath } from "./credential.js";
import { parseDidDocument } from "./did_document.js";
import { digestMultibase } from "./multibase.js";
import { verifyProof } from "./proof.js";
import { checkDigest, parseSealed } from "./sealed.js";
import { PAYLOAD, isDocument, sealedDocumentPath, sealedPath } from "./sealed_header.js";
import { hasOnly, isObject, parseObject } from "./strict_json.js";

/** The issuer took a sealed file away, and says so under its signature. */
export class TakenAway extends Error {}

const TOMBSTONE_MEMBERS = [
  ...["id", "type", "issuer", "withdrawn", "digestMultibase", "header", "proof"],
];

/** The brokers that an issuer's DID document names: `[{url, groups}]`. */
export function brokersOf({ service = [] }) {
  const ours = service.filter((each) => isObject(each) && each.type === "CellfolioBroker");
  return ours.map(({ serviceEndpoint: { url, groups } }) => {
    const isBroker = /^https:\/\/[a-z0-9.:-]+$/.test(url) && Array.isArray(groups);
    need(isBroker, "did-document", "a broker has no address");
    return { url, groups };
  });
}

/** The dppId of the model whose passport binds points 2 and 3 of a battery; "" for a model. */
export function modelOf({ subject, base }) {
  const { modelPassport: link } = subject;
  if (link === undefined) return "";
  const [, dppId] = /\/dpp\/([^/]+)\/passport\.json$/.exec(link) ?? [];
  need(link === base + passportPath(dppId), "modelPassport", "its model's passport is elsewhere");
  return dppId;
}

/** The payload of a group that a passport binds: `{path, digest, expected}`; null for none. */
export function boundPayload(passport, group) {
  const { dppId } = passport;
  const level = group === "xiii-4" ? "battery" : "model";
  const found = relatedTo(passport).flatMap(({ path, digest }) => {
    const version = Number(/\/([1-9]\d{0,15})\.json$/.exec(path)?.[1]);
    const expected = { passport: dppId, level, group, version, resource: PAYLOAD };
    return path === sealedPath(dppId, group, version) ? [{ path, digest, expected }] : [];
  });
  need(found.length < 2, "relatedResource", `it binds ${group} twice`);
  return found[0] ?? null;
}

/** A document that an opened payload names, as the payload's passport binds it. */
export function boundDocument(passport, group, { resource, url }) {
  const found = relatedTo(passport).find(({ path }) => passport.base + path === url);
  need(found, "relatedResource", "the passport binds no such document");
  const expected = { passport: passport.dppId, level: "model", group, version: 0, resource };
  return { ...found, expected };
}

/** The sealed file that a passport binds; throws TakenAway, or as `parseSealed` does. */
export async function sealedFile(site, passport, { path, digest }) {
  const content = await site.needed(path);
  if (await digestMultibase(content) !== digest && content[2] === "d".charCodeAt(0)) {
    await checkTombstone(site, passport, parseObject(content), { path, digest });
    throw new TakenAway();
  }
  await checkDigest(content, digest);
  const file = parseSealed(content);
  const { passport: dppId, group, version } = file.header;
  const own = isDocument(file.header)
    ? sealedDocumentPath(file.header)
    : sealedPath(dppId, group, version);
  need(own === path, "header", "it is another file");
  return file;
}

async function checkTombstone(site, { did, base }, document, { path, digest }) {
  const isOfFile = hasOnly(document, TOMBSTONE_MEMBERS) && document.id === base + path
    && document.type === "SealedFileTombstone" && document.digestMultibase === digest;
  need(isOfFile, "tombstone", "it is no tombstone of this file");
  const issuer = parseObject(await site.needed("/.well-known/did.json"));
  await verifyProof(document, await parseDidDocument(issuer, did));
}

/** What a passport binds: files of its own site only, each once. */
function relatedTo({ document, base }) {
  const { relatedResource: listed = [] } = document;
  need(Array.isArray(listed), "relatedResource", "it is no list");
  const found = listed.map((each) => {
    const { id, mediaType, digestMultibase: digest } = each;
    const texts = [id, mediaType, digest].every((text) => typeof text === "string");
    const isOwn = texts && hasOnly(each, ["id", "mediaType", "digestMultibase"]);
    need(isOwn && id.startsWith(`${base}/dpp/`), "relatedResource", "a file is not of its site");
    return { path: id.slice(base.length), digest };
  });
  const paths = new Set(found.map(({ path }) => path));
  need(paths.size === found.length, "relatedResource", "it names a file twice");
  return found;
}
