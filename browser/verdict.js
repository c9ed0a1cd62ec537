/**
 * What is to be said of the passport that a page shows; twin of generator/read/passport.py, which
 * asks the same of a scanned address. Stricter in one thing: a page is only genuine if each of its
 * bytes is as published, so without the manifest nothing is confirmed.
 */

import { hex, sha256 } from "./bytes.js";
import { HostError, need } from "./checks.js";
import { verifyCheckpoint } from "./checkpoint.js";
import { passportPath, readPassport, statusOf, verifyPassport } from "./credential.js";
import { checkpointKeys, parseDidDocument } from "./did_document.js";
import { canVerify } from "./ed25519.js";
import { parseProductUri } from "./identifiers.js";
import { verifyIncluded } from "./log_entry.js";
import { listedDigest, openManifest } from "./manifest.js";
import { isRevoked, verifyStatusList } from "./status_list.js";
import { parseObject } from "./strict_json.js";

export const DID_PATH = "/.well-known/did.json";

/**
 * Judge the passport of a page: `{verdict, held, failed, doubt, message, passport, listed}`.
 *
 * `held` names the steps that hold, `failed` the one that does not, `doubt` why freshness is
 * unknown; `listed(path)` reads what the manifest says of a file. `page` has `origin` and `path` of
 * the page's address, the `product` that it names, `now`, and `checkValues(subject)`, which throws
 * unless all values shown are those.
 */
export async function judge(site, page) {
  const found = { verdict: "refused", held: [], failed: "", doubt: "", message: "" };
  if (!(await canVerify())) return { ...found, verdict: "unable" };
  try {
    found.verdict = await verdictOf(site, page, found);
  } catch (error) {
    found.message = error.message;
    if (error instanceof HostError) found.failed = "site";
  }
  return found;
}

async function verdictOf(site, page, found) {
  const step = stepsOf(found);
  const needed = (path) => site.needed(path);
  const dppId = page.dppId ?? parseProductUri(`https://host${page.product}`).dppId;
  const content = await step("passport", () => needed(passportPath(dppId)));
  const passport = await step("passport", () => readPassport(content));
  await step("passport", () =>
    need(passport.dppId === dppId, "product", "it is of another product"));
  found.passport = passport;
  const issuer = await step("issuer", async () =>
    parseDidDocument(parseObject(await needed(DID_PATH)), passport.did));
  const { method } = await step("signature", () => verifyPassport(passport, issuer));
  const bit = await step("log", () => statusOf(passport));
  const log = await step("log", () => openLog(site, issuer, bit));
  await step("log", async () => {
    if (bit.index >= log.checkpoint.size) found.doubt = "unlogged";
    else await verifyIncluded(log, bit.index, "passport", passport.document);
    need(!found.doubt || method.revokedAt === undefined, "log", "its key was revoked");
  });
  const list = await step("status", () => statusListOf(site, issuer, bit));
  if (list && isRevoked(list.bits, bit.position)) return "withdrawn";
  if (!list) found.doubt ||= "list";
  else if (page.now < list.validFrom || page.now >= list.validUntil) found.doubt ||= "expired";
  const manifest = await step("manifest", () => openManifest(needed, issuer, log));
  if (!manifest.isLast) found.doubt ||= "older";
  const listed = (path) => step("manifest", () => listedDigest(needed, manifest.shards, path));
  found.listed = listed;
  const isPublished = await listed(passportPath(dppId)) === hex(await sha256(content));
  if (!isPublished) return "superseded";
  if (page.path) {
    const [stated, shown] = [await listed(page.path), await site.get(page.path, "force-cache")];
    await step("page", async () =>
      need(shown && hex(await sha256(shown)) === stated, "page", `${page.path} is not as listed`));
    await step("values", () => page.checkValues(passport.subject));
  }
  if (page.origin !== passport.base) return "copy";
  return found.doubt ? "unknown" : "genuine";
}

/** Runs steps, several of one name perhaps, and notes the one that does not hold. */
function stepsOf(found) {
  return async (name, run) => {
    found.held = found.held.filter((other) => other !== name);
    found.failed = name;
    const result = await run();
    found.held.push(name);
    found.failed = "";
    return result;
  };
}

async function openLog(site, issuer, { generation, origin }) {
  const get = (path) => site.get(`/log/${generation}/${path}`);
  const note = await site.needed(`/log/${generation}/checkpoint`);
  return { get, checkpoint: await verifyCheckpoint(note, origin, checkpointKeys(issuer)) };
}

/** The list is asked for last by who delays it: where it is not at hand, freshness is unknown. */
async function statusListOf(site, issuer, { path, url }) {
  try {
    const content = await site.get(path);
    return content && await verifyStatusList(content, url, issuer);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
