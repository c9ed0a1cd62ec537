/**
 * The script of a passport's page: says in one sentence whether the passport is genuine, then what
 * was checked, and makes the file that `cellfolio verify` checks offline.
 *
 * It writes texts only, stores nothing, and asks nobody but the site that the page lies on. It
 * finds damage and partial tampering; a host that replaces script and page it can't find (DESIGN
 * 9), which the page says. Its words come from the site (generator/build/pages/check_words.py).
 */

import { need } from "./checks.js";
import { save } from "./saving.js";
import { isShownAs, plain, pointerOf } from "./shown.js";
import { Site } from "./site.js";
import { isObject } from "./strict_json.js";
import { judge } from "./verdict.js";
import { assetAt, sayingOf, wordsAt } from "./words.js";
import { zipOf } from "./zip.js";

const site = new Site();

async function start(place) {
  const words = await wordsAt(site, place.dataset.words);
  const report = await judge(site, {
    origin: location.origin,
    path: location.pathname,
    product: productPath(location.pathname, document.documentElement.lang),
    now: new Date(),
    checkValues: (subject) => checkValues(subject, words.rules),
  });
  tell(place, report, words);
}

/** The path without the language in front. */
function productPath(path, language) {
  const rest = path.startsWith(`/${language}/`) ? path.slice(language.length + 1) : path;
  return /^\/(01|8004|id)\//.test(rest) ? rest : path;
}

/** Hold every element that shows a value to the member that it names, and pictures to theirs. */
async function checkValues(subject, rules) {
  need(rules, "values", "its rules are missing");
  for (const element of document.querySelectorAll("[data-member]")) {
    if (element.querySelector("[data-member]") || !plain(element.textContent)) continue;
    const pointer = pointerOf(element);
    const value = pointer.reduce((members, name) => members?.[name], subject);
    const link = element.querySelector("a");
    // Beside a file's title stands its size.
    const { textContent } = (value?.title && link) || element;
    const isShown = isShownAs(textContent, value, rules) !== false && leadsTo(link, value);
    need(isShown, "values", pointer.join("/"));
  }
  for (const image of document.images) {
    const path = image.getAttribute("src"); // with its digest, which the page's own covers
    need(await assetAt(site, path), "values", path);
  }
}

/** A link within a value goes where the signed one does. */
function leadsTo(link, value) {
  if (!link) return true;
  const target = isObject(value) ? new URL(value.url).pathname : value;
  return [target, `mailto:${target}`].includes(link.getAttribute("href"));
}

function tell(place, report, words) {
  const { verdict, failed, doubt, passport, held } = report;
  const names = { host: location.host, uri: passport?.uri };
  const say = (name, key, more) => sayingOf(name, words.texts[key] ?? [key], { ...names, ...more });
  const why = say("i", failed ? `fails ${failed}` : `doubt ${doubt}`).textContent;
  place.className = `verdict ${verdict}`;
  place.replaceChildren(say("p", verdict, { why }));
  const list = document.createElement("ul");
  list.className = "checks";
  list.append(...held.map((step) => say("li", `holds ${step}`)));
  if (failed) list.append(say("li", `fails ${failed}`), sayingOf("li", [report.message, "en"]));
  const button = say("button", "download");
  button.type = "button";
  button.addEventListener("click", () => download(report, button));
  document.getElementById("check")?.append(list, ...(report.listed ? [button] : []));
}

/** Offer one file of all that was read, under the names that a host would give. */
async function download({ passport: { dppId }, listed }, button) {
  button.disabled = true;
  const more = ["/.well-known/did.jsonl", `/dpp/${dppId}/did.json`];
  // With each file what the manifest says of it.
  await Promise.allSettled(more.flatMap((path) => [site.get(path), listed(path)]));
  const names = [...site.files].map(([path, content]) => [nameOf(path), content]);
  save(`${dppId}.zip`, zipOf(names), "application/zip");
  button.disabled = false;
}

const nameOf = (path) =>
  decodeURIComponent(path.slice(1)) + (path === location.pathname ? ".html" : "");

const verdict = document.getElementById("verdict");
const menu = document.querySelector(".switch")?.dataset.switch;
// Other languages, once the page is checked as it was built.
if (verdict) start(verdict).finally(async () => menu && await assetAt(site, menu) && import(menu));
