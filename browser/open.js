/**
 * The script of the page that opens restricted data: who asks, for what, and what is said of it.
 *
 * What was opened stands in this document only: not in its address, in no storage, in no log; it
 * goes when the page is left. The one thing that is kept is the key of this browser. Texts come
 * from the site (generator/build/pages/open_words.py).
 */

import { BrokerRefusal, BrokerSession } from "./broker_session.js";
import { HostError } from "./checks.js";
import { clientForm, roleForm } from "./dpop.js";
import { NotOpened, Product, productNamed } from "./opening.js";
import { forgetKey, madeKey, ownKey } from "./own_key.js";
import { TakenAway } from "./restricted.js";
import { save } from "./saving.js";
import { elementOf, savedName, shownPayload } from "./show.js";
import { Site } from "./site.js";
import { membersOf } from "./strict_json.js";
import { sayingOf, wordsAt } from "./words.js";

const LARGEST_FILE = 64 * 1024;

const at = (id) => document.getElementById(id);
const form = at("open");
const chosen = () => [...form.querySelectorAll("[name=group]:checked")];
const state = { words: { texts: {} }, product: null, purposes: {}, asked: 0 };

async function begin() {
  state.words = await wordsAt(new Site(), form.dataset.words);
  if (!state.words.points) return;
  form.hidden = false;
  at("key").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    press(form.querySelector("[type=submit]"), at("said"), openChosen);
  });
  form.addEventListener("change", ({ target }) => {
    if (target.name === "group") offerPurposes();
  });
  at("address").addEventListener("change", ({ target }) => look(target.value));
  at("make").addEventListener("click", () => showKey(madeKey()));
  at("forget").addEventListener("click", forget);
  addEventListener("hashchange", follow);
  // A page that the browser keeps for "back" would still show it.
  addEventListener("pagehide", () => at("opened").replaceChildren());
  offerPurposes();
  await showKey(ownKey());
  await follow();
}

/** Open what the link that led here names. */
async function follow() {
  if (!location.hash) return;
  const named = productNamed(location.hash, form.dataset.site);
  for (const box of form.querySelectorAll("[name=group]")) {
    box.checked = box.value === named?.group || box.checked;
  }
  await look(location.hash);
}

/** Judge the passport of a product, and ask its brokers for which purposes groups may be read. */
async function look(text) {
  const asked = (state.asked += 1);
  Object.assign(state, { product: null, purposes: {} });
  at("opened").replaceChildren();
  tell("said");
  const named = productNamed(text, form.dataset.site);
  if (!named) return tell("passport", text ? "no address" : "");
  const host = new URL(form.dataset.site).host;
  if (named.origin !== form.dataset.site) return tell("passport", "elsewhere", { host });
  tell("passport", "checking");
  const { report, product } = await Product.judged(named).catch(failed);
  if (asked !== state.asked) return undefined;
  const { verdict, failed: step, doubt, passport } = report;
  const why = saying("i", step ? `fails ${step}` : `doubt ${doubt}`).textContent;
  tell("passport", verdict, { host, why, uri: passport?.uri });
  if (!product) return undefined;
  at("address").value = passport.uri;
  const purposes = await product.purposes();
  if (asked === state.asked) Object.assign(state, { product, purposes });
  return offerPurposes();
}

const failed = () => ({ report: { verdict: "refused", failed: "issuer" } });

/** Offer the purposes of what is chosen; all there are while no broker says which. */
function offerPurposes() {
  const { purposes } = state.words;
  const groups = chosen().map(({ value }) => state.purposes[value]).filter(Boolean);
  const names = groups.length ? Object.keys(purposes).filter((name) =>
    groups.some((group) => group.includes(name))) : Object.keys(purposes);
  const select = at("purpose");
  const before = select.value;
  const options = names.map((name) => {
    const option = sayingOf("option", purposes[name]);
    option.value = name;
    return option;
  });
  select.replaceChildren(...options);
  if (names.includes(before)) select.value = before;
}

/** Open each chosen group; one that can't be opened doesn't keep the others back. */
async function openChosen() {
  at("opened").replaceChildren();
  if (!state.product) await look(at("address").value || location.hash);
  const { product } = state;
  if (!product) return;
  if (!chosen().length) throw new NotOpened("no group");
  const request = await requestOf();
  const groups = chosen();
  const hosts = product.brokers.map(({ url }) => new URL(url).host);
  tell("said", "opening", { host: hosts.join(", ") });
  const parts = [];
  for (const box of groups) parts.push(await opened(product, box, request));
  if (product !== state.product) return;
  at("opened").replaceChildren(...parts.flat());
  tell("said");
  at("opened").querySelector("h2").focus();
}

/** Run what a button is for; what fails is said at a place. */
async function press(button, place, run) {
  button.disabled = true;
  try {
    await run();
  } catch (error) {
    place.replaceChildren(refusal("span", error));
  } finally {
    button.disabled = false;
  }
}

/** Who asks, and for what: `{purpose, sessionWith}`. */
async function requestOf() {
  const files = [...at("role").files];
  const client = at("client").value.trim();
  if (!files.length && !client) throw new NotOpened("no client");
  const key = await showKey(madeKey());
  if (!key) throw new NotOpened("no storage");
  const caller = { key, form: (url, moment) => clientForm(key, client, url, moment) };
  if (files.length) {
    const { credential, list } = await roleOf(files, key);
    caller.form = () => roleForm(credential, list);
  }
  const sessions = new Map();
  const sessionWith = (url) => {
    if (!sessions.has(url)) sessions.set(url, new BrokerSession(url, caller));
    return sessions.get(url);
  };
  return { purpose: at("purpose").value, sessionWith };
}

/** A role credential and its status list, whichever was named first. */
async function roleOf(files, key) {
  const read = await Promise.all(files.map(async (file) => {
    const content = new Uint8Array(await file.slice(0, LARGEST_FILE + 1).arrayBuffer());
    return { content, document: membersOf(content, LARGEST_FILE) };
  }));
  const typed = (type) => read.find(({ document }) => [document.type].flat().includes(type));
  const credential = typed("RoleCredential");
  const list = typed("BitstringStatusListCredential");
  const { credentialSubject: holder, credentialStatus: status } = credential?.document ?? {};
  if (!credential || !list) throw new NotOpened("no credential", status?.statusListCredential);
  if (holder?.id !== key.did) throw new NotOpened("another key");
  return { credential: credential.content, list: list.content };
}

/** What is shown of a group: its title, and what it holds or why it can't be opened. */
async function opened(product, box, request) {
  const title = elementOf("h2", [box.closest("label").textContent.trim()]);
  title.tabIndex = -1;
  try {
    const { data, grant, host, documentOf } = await product.open(box.value, request);
    const licence = grant.reuse === "by-licence" ? "licence" : "opened";
    const { lang } = document.documentElement;
    const saving = (named) => savingOf(named, documentOf);
    const shown = shownPayload(data, state.words, lang, saving);
    return [title, saying("p", licence, { host }), ...shown];
  } catch (error) {
    return [title, refusal("p", error)];
  }
}

/** A button that opens a document, and hands it over as bytes that nothing would run. */
function savingOf(named, documentOf) {
  const name = savedName(named);
  const button = saying("button", "save", { name });
  button.type = "button";
  const said = elementOf("span", []);
  said.role = "status";
  button.addEventListener("click", () => press(button, said, async () => {
    said.replaceChildren();
    save(name, await documentOf(named), "application/octet-stream");
  }));
  return elementOf("span", [button, " ", said]);
}

/** Why something could not be opened, and what to do; no error's own words are shown. */
function refusal(name, error) {
  const { code, host } = error;
  if (error instanceof NotOpened) return saying(name, code, { host, uri: host });
  if (error instanceof BrokerRefusal) return saying(name, code, { host: new URL(error.url).host });
  if (error instanceof TakenAway) return saying(name, "taken away");
  if (error instanceof HostError) return saying(name, "fails site");
  // WebCrypto's own errors: this browser lacks a curve.
  return saying(name, error instanceof DOMException ? "unable" : "damaged");
}

/** Show the public part of a key, once there is one. */
async function showKey(found) {
  const key = await found.catch(() => undefined);
  at("key").querySelector("dl").hidden = at("forget").hidden = !key;
  at("make").hidden = Boolean(key);
  at("jwk").textContent = key ? `key: ${JSON.stringify(key.jwk)}` : "";
  at("thumbprint").textContent = key?.thumbprint ?? "";
  at("did").textContent = key?.did ?? "";
  if (key === undefined) tell("said", "no storage");
  return key;
}

async function forget() {
  at("opened").replaceChildren();
  await forgetKey();
  await showKey(ownKey());
  tell("said", "forgotten");
  at("make").focus();
}

/** Say something in a place that is read out; nothing without a key. */
function tell(place, key = "", names = {}) {
  at(place).replaceChildren(...(key ? [saying("span", key, names)] : []));
}

const saying = (name, key, names = {}) => sayingOf(name, state.words.texts[key] ?? [key], names);

if (form) begin();
