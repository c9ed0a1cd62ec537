/**
 * Shows a page in another official language of the Union, in place: interface texts and labels from
 * catalogues of the site, signed values written again by the other language's rules.
 *
 * A page that the site has in that language is opened instead. What no catalogue has stays as it is
 * and keeps its language, so that screen readers say it right. Nothing is stored. What was found out
 * before still holds: catalogues are those that the page names by digest, through the menu, and only
 * a value that the page shows already is written again.
 */

import { formsOf, isShownAs, plain, pointerOf } from "./shown.js";
import { Site } from "./site.js";
import { parseJson } from "./strict_json.js";
import { assetAt } from "./words.js";

const page = document.documentElement;
const own = page.lang;

/** Texts as they were built, and the languages that they said. */
const originals = new Map();

async function offer(place, path) {
  const menu = await assetOf(path);
  const select = document.createElement("select");
  select.setAttribute("aria-label", place.dataset.label);
  for (const { code, name } of menu) {
    const option = new Option(name, code, code === own, code === own);
    option.lang = code;
    select.append(option);
  }
  select.addEventListener("change", () => show(menu, select.value));
  place.replaceChildren(select);
}

async function show(menu, code) {
  const built = document.querySelector(`link[rel="alternate"][hreflang="${code}"]`);
  if (built && code !== own) {
    location.assign(built.getAttribute("href"));
    return;
  }
  restore();
  if (code === own) return;
  const [from, to] = [own, code].map((each) => menu.find((entry) => entry.code === each));
  const paths = [from.texts, to.texts, from.words, to.words];
  const [before, after, shown, { rules }] = await Promise.all(paths.map(assetOf));
  const values = await valuesShown(shown.rules);
  page.lang = code;
  replaceTexts(translations(before, after), code);
  for (const [element, value] of values) {
    rewrite(element, formsOf(value, rules)[typeof value === "string" ? 1 : 0]);
  }
}

/** By what the page says now: what it shall say. */
function translations(before, after) {
  const found = new Map();
  for (const [english, text] of Object.entries(before)) {
    if (after[english] && after[english] !== english) found.set(plain(text), after[english]);
  }
  return found;
}

function replaceTexts(texts, code) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const [said, kept] = [[], []];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = plain(node.data);
    if (!text || node.parentElement.closest("select,script")) continue;
    keep(node, node.data, node.parentElement.getAttribute("lang"));
    if (texts.has(text)) node.data = node.data.replace(node.data.trim(), texts.get(text));
    (texts.has(text) ? said : kept).push(node.parentElement);
  }
  // What stays says its language; within it, what was translated says the new one.
  for (const element of kept) if (!element.closest("body [lang]")) element.lang = own;
  for (const element of said) if (element.closest("[lang]").lang !== code) element.lang = code;
}

/** Elements that show values of the signed passport by these rules, with the values. */
async function valuesShown(rules) {
  const link = document.querySelector('#check a[href$="/passport.json"]');
  if (!link) return [];
  const subject = parseJson(await new Site().needed(link.getAttribute("href"))).credentialSubject;
  const elements = [...document.querySelectorAll("[data-member]")];
  return elements.flatMap((element) => {
    if (element.querySelector("[data-member],a") || !element.firstChild) return [];
    const value = pointerOf(element).reduce((members, name) => members?.[name], subject);
    const isShown = isWritten(value) && isShownAs(element.textContent, value, rules);
    return isShown ? [[element, value]] : [];
  });
}

/** Numbers with units and dates look different; codes and texts are no matter of rules. */
const isWritten = (value) =>
  (typeof value === "object" && value !== null && "unit" in value) ||
  (typeof value === "string" && /^\d{4}-\d\d(-\d\d)?$/.test(value));

/** A number and its unit stand in elements of their own, any other value is the text itself. */
function rewrite(element, text) {
  const [number, unit] = [".n", ".u"].map((name) => element.querySelector(name)?.firstChild);
  const at = text.lastIndexOf(" ");
  const parts = number && unit ? [text.slice(0, at), text.slice(at)] : [text];
  const nodes = number && unit ? [number, unit] : [element.firstChild];
  nodes.forEach((node, index) => {
    keep(node, node.data, node.parentElement.getAttribute("lang"));
    node.data = parts[index];
    if (node.parentElement.lang === own) node.parentElement.removeAttribute("lang");
  });
}

function keep(node, text, language) {
  if (!originals.has(node)) originals.set(node, [text, language]);
}

function restore() {
  for (const [node, [text, language]] of originals) {
    node.data = text;
    const parent = node.parentElement;
    if (!parent) continue;
    if (language) parent.lang = language;
    else parent.removeAttribute("lang");
  }
  page.lang = own;
}

const assetOf = async (path) => parseJson(await assetAt(new Site(), path));

const place = document.querySelector(".switch");
if (place) offer(place, place.dataset.languages);
