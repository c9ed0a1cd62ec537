/**
 * Opening restricted groups of one product: its passport is judged, brokers are asked, files are
 * opened; twin of generator/read/opening.py and broker_keys.py. What can't be opened is thrown, for
 * one group at a time. It knows no page: what to say of all this is `open.js`' matter.
 */

import { hex, sha256 } from "./bytes.js";
import { failing, need } from "./checks.js";
import { parseProductUri } from "./identifiers.js";
import { BrokerDown, BrokerSession } from "./broker_session.js";
import { recipientKey } from "./hpke.js";
import { boundDocument, boundPayload, brokersOf } from "./restricted.js";
import { modelOf, sealedFile } from "./restricted.js";
import { releaseRequest, releasedKeys } from "./release.js";
import { openPayload, openSealed } from "./sealed.js";
import { Site } from "./site.js";
import { parseObject } from "./strict_json.js";
import { DID_PATH, judge } from "./verdict.js";

const SECONDS_FOR_DOCUMENTS = 300;

/** Nothing can be opened, for a reason that has a text of its own: `code`, and `host`. */
export class NotOpened extends Error {
  constructor(code, host = "") {
    super(code);
    Object.assign(this, { code, host });
  }
}

/**
 * What a typed address or the fragment of a link names: `{origin, dppId, group}`; null for neither.
 * @param {string} text
 * @param {string} origin of the site whose passports are opened
 */
export function productNamed(text, origin) {
  const [, linked, group = ""] = /^#((?:01|8004|id)_[0-9A-Za-z._-]+)(?:\/(xiii-[234]))?$/.exec(text) ?? [];
  if (linked) return { origin, dppId: linked, group };
  const [, site, path] = /^(https?:\/\/[^/?#]+)(\/[^?#]+)/.exec(text.trim()) ?? [];
  if (!site) return null;
  const inLanguage = path.replace(/^\/[a-z]{2}(?=\/)/, "");
  const dppId = dppIdAt(path) ?? dppIdAt(inLanguage);
  return dppId ? { origin: site.toLowerCase(), dppId, group: "" } : null;
}

/** What lies at a path: a product's page, or its passport; null for neither. */
function dppIdAt(path) {
  const [, dppId] = /^\/dpp\/((?:01|8004|id)_[0-9A-Za-z._-]+)\/passport\.json$/.exec(path) ?? [];
  try {
    return dppId ?? parseProductUri(`https://host${path}`).dppId;
  } catch {
    return null;
  }
}

/** One product whose passport was judged. */
export class Product {
  /** Judge a passport: `{report, product}`, the product only where it is genuine. */
  static async judged({ origin, dppId }) {
    const site = new Site(origin === location.origin ? "" : origin);
    const report = await judged(site, origin, dppId);
    if (!report.isGenuine) return { report };
    const brokers = await failing("did-document", async () =>
      brokersOf(parseObject(await site.needed(DID_PATH))));
    return { report, product: new Product(origin, site, report.passport, brokers) };
  }

  constructor(origin, site, passport, brokers) {
    Object.assign(this, { origin, site, passport, brokers });
    this.large = new Site(site.origin, SECONDS_FOR_DOCUMENTS);
  }

  /** Why groups may be read: purposes by group, as far as brokers tell; none of those down. */
  async purposes() {
    const found = {};
    const asked = this.brokers.map(async ({ url, groups }) => {
      const rules = await new BrokerSession(url, null).policy();
      for (const group of groups) found[group] = purposesIn(rules, group);
    });
    await Promise.allSettled(asked);
    return found;
  }

  /** Open the payload of a group: `{data, grant, host, documentOf}`; throws. */
  async open(group, request) {
    const passport = await this.#holder(group);
    const bound = boundPayload(passport, group);
    if (!bound) throw new NotOpened("unbound");
    const file = await sealedFile(this.site, passport, bound);
    const { key, grant, host } = await this.#contentKey(file.header, request);
    const data = await openPayload(file, key, bound.expected);
    const documentOf = (named) => this.#document(passport, group, named, request);
    return { data, grant, host, documentOf };
  }

  async #document(passport, group, named, request) {
    const bound = boundDocument(passport, group, named);
    const file = await sealedFile(this.large, passport, bound);
    const { key } = await this.#contentKey(file.header, request);
    const content = await openSealed(file, key, bound.expected);
    const isNamed = hex(await sha256(content)) === named.sha256;
    need(isNamed, "content", "the document is not the one that its payload names");
    return content;
  }

  /** The passport that binds a group: the product's, or its model's. */
  async #holder(group) {
    const model = modelOf(this.passport);
    if (group === "xiii-4" && !model) throw new NotOpened("unbound");
    if (group === "xiii-4" || !model) return this.passport;
    const report = await judged(this.site, this.origin, model);
    if (!report.isGenuine) throw new NotOpened("damaged");
    return report.passport;
  }

  /** The key of a file, from the first broker of its group that answers. */
  async #contentKey(header, { purpose, sessionWith }) {
    const urls = this.brokers.filter(({ groups }) => groups.includes(header.group));
    if (!urls.length) throw new NotOpened("no broker");
    for (const { url } of urls) {
      try {
        return await released(sessionWith(url), purpose, header);
      } catch (error) {
        if (!(error instanceof BrokerDown)) throw error;
      }
    }
    throw new NotOpened("down", urls.map(({ url }) => hostOf(url)).join(", "));
  }
}

async function judged(site, origin, dppId) {
  const report = await judge(site, { dppId, origin, now: new Date() });
  const isGenuine = ["genuine", "unknown"].includes(report.verdict);
  const isOver = isGenuine && report.passport.subject.dppStatus === "ceased";
  return isOver ? { ...report, verdict: "ceased", isGenuine: false } : { ...report, isGenuine };
}

async function released(session, purpose, header) {
  const recipient = await recipientKey();
  const body = releaseRequest(purpose, recipient.raw, [header]);
  const answer = await session.release(body);
  const [found] = answer ? await releasedKeys(answer, body, recipient, 1) : [null];
  if (!found) throw new NotOpened("all_refused", hostOf(session.url));
  return { ...found, host: hostOf(session.url) };
}

/** The purposes for which adopted rows let anybody view a group. */
function purposesIn(rules, group) {
  const permitting = rules.filter((rule) => rule.group === group && rule.effect === "permit"
    && rule.adopted && rule.operations.includes("view"));
  return [...new Set(permitting.flatMap(({ purposes }) => purposes))];
}

const hostOf = (url) => new URL(url).host;
