/**
 * Signed values as a page may show them; twin of generator/build/pages/value_views.py and language.py.
 *
 * Numbers, periods, dates and texts are written again by the rules of the page's language, which
 * the build took from CLDR. Words for codes and countries are not known here: that they are the
 * published ones shows in the digest of the page.
 */

import { isObject } from "./strict_json.js";

const CODE = /^([a-z][a-z0-9]*([_-][a-z0-9]+)*|[A-E]|[A-Z]{2})$/;
const DATE = /^(\d{4})-(\d\d)(?:-(\d\d))?$/;

/** Text as it is compared: one space where there are any, of whatever width. */
export const plain = (text) => text.replace(/\s+/g, " ").trim();

/**
 * Whether a text shows a signed value; undefined for a code, which is shown by its label.
 * @param {string} text
 * @param {unknown} value a member of credentialSubject
 */
export function isShownAs(text, value, rules) {
  if (formsOf(value, rules).map(plain).includes(plain(text))) return true;
  const code = isObject(value) ? value.value : value;
  return typeof code === "string" && CODE.test(code) ? undefined : false;
}

/** Every text that may show a value. */
export function formsOf(value, rules) {
  if (typeof value === "boolean") return [value ? rules.yes : rules.no];
  if (typeof value === "number") return [String(value)];
  if (typeof value === "string") return [value, ...dateForms(value, rules), addressOf(value)];
  if (!isObject(value)) return [];
  if ("low" in value) return rangeForms(value, rules);
  if ("unit" in value) return measureForms(value, rules);
  for (const name of ["value", "notApplicable", "title"]) {
    if (name in value) return formsOf(value[name], rules);
  }
  return Object.values(value).filter((text) => typeof text === "string"); // a text by language
}

function measureForms({ value, unit }, rules) {
  const number = numberText(value, rules);
  return unitsOf(unit, rules).map((shown) => `${number} ${shown}`);
}

function rangeForms({ low, high, unit }, rules) {
  const [from, to] = [low, high].map((number) => numberText(number, rules));
  const range = rules.range.replace("%(low)s", from).replace("%(high)s", to);
  return unitsOf(unit, rules).map((shown) => `${range} ${shown}`);
}

/** Every spelling of a unit. */
export const unitsOf = (unit, rules) => rules.units[unit] ?? [unit];

/** A decimal with all the digits that were typed. */
export function numberText(text, { decimal, group, minus }) {
  const [, sign, whole, fraction] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return text;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return `${sign && minus}${grouped}${fraction ? decimal + fraction : ""}`;
}

/** A date, or a month, in words; none for any other text. */
export function dateForms(text, { day: dayPattern, month: monthPattern, months }) {
  const [, y, month, day] = DATE.exec(text) ?? [];
  if (!y) return [];
  const parts = { y, MMMM: months[month - 1], d: String(Number(day)), dd: day };
  const pattern = day ? dayPattern : monthPattern;
  return [pattern.replace(/'([^']*)'|MMMM|dd?|y/g, (token, literal) => literal ?? parts[token])];
}

const addressOf = (text) => text.replace(/^https:\/\//, "").replace(/\/$/, "");

/** Names from credentialSubject to what an element shows; a row's id is its member's key. */
export function pointerOf(element) {
  const names = [];
  for (let at = element; at; at = at.parentElement?.closest("[data-member], .rows > [id]")) {
    const own = at.dataset.member ?? at.id.replace(/_./g, ([, letter]) => letter.toUpperCase());
    if (own) names.unshift(...own.split("/"));
  }
  return names;
}
