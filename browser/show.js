/**
 * What was opened, as elements: a payload in the look of a passport's page. What others wrote
 * becomes text nodes and nothing else: no markup, no link, no attribute. Labels and rules are those
 * of the page's words (generator/build/pages/open_words.py); a member that they don't know is shown by
 * its own name.
 */

import { utf8 } from "./bytes.js";
import { dateForms, numberText, unitsOf } from "./shown.js";
import { isObject } from "./strict_json.js";
import { sayingOf } from "./words.js";

const NO_POINT = { label: null, clause: "", codes: "", fields: {} };
const DOCUMENT_LIST = "documents";
const HISTORY = "history";
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}<>:"|?*]/gu;
const LONGEST_NAME = 120;
const LONGEST_ENDING = 17;
const LANGUAGE = /^[a-z]{2,3}$/;

/**
 * A payload as elements.
 * @param {Record<string, unknown>} data
 * @param {object} words those of the page
 * @param {string} language the page's
 * @param {(document: object) => Element} saving makes what saves a document
 */
export function shownPayload(data, words, language, saving) {
  const show = new Showing(words, language);
  const { [DOCUMENT_LIST]: documents = [], [HISTORY]: history = [], ...points } = data;
  const known = Object.keys(words.points).filter((member) => Object.hasOwn(points, member));
  const others = Object.keys(points).filter((member) => !Object.hasOwn(words.points, member));
  const parts = [];
  const rows = [...known, ...others].map((member) => show.row(member, points[member]));
  if (rows.length) parts.push(elementOf("dl", rows, "rows"));
  const files = documents.map((each) => show.document(each, saving));
  if (files.length) parts.push(show.say("h3", "documents"), elementOf("ul", files));
  const events = history.map((each) => show.event(each));
  if (events.length) parts.push(show.say("h3", "history"), elementOf("dl", events, "rows"));
  return parts.length ? parts : [show.say("p", "empty")];
}

/**
 * A file name for a document: `4-exploded-view.pdf`; never a path, and nothing hidden in it. Twin of
 * `safe_name` in generator/read/opened_folder.py.
 * @param {{resource: string, fileName: string}} document
 */
export function savedName({ resource, fileName }) {
  const [, number = "0"] = /^doc\/([1-9]\d{0,5})$/.exec(resource) ?? [];
  const last = String(fileName).normalize("NFC").split(/[\\/]/).at(-1);
  const name = last.replace(HIDDEN, "_").replace(/^[ .]+|[ .]+$/g, "");
  const [ending = ""] = /\.[^.]*$/.exec(name) ?? [];
  const kept = utf8(ending).length > LONGEST_ENDING ? "" : ending;
  const stem = [...name.slice(0, name.length - kept.length)];
  while (utf8(stem.join("") + kept).length > LONGEST_NAME) stem.pop();
  return `${number}-${stem.join("") + kept || "document"}`;
}

class Showing {
  constructor(words, language) {
    Object.assign(this, { words, language });
  }

  /** A data point: its label, its value, and what is said about it. */
  row(member, element) {
    const about = this.about(this.point(member), element);
    return this.pair(member, element, elementOf("dd", about, "about"));
  }

  pair(member, element, ...more) {
    const point = this.point(member);
    return pairOf(point, member, this.element(element, point), ...more);
  }

  point(member) {
    return ownOf(this.words.points, member) ?? NO_POINT;
  }

  element(element, point) {
    if (!isObject(element)) return this.value(element, point);
    const { notApplicable, value } = element;
    if (notApplicable) return [this.say("i", "Does not apply"), ": ", this.text(notApplicable)];
    return this.value("unit" in element ? element : value, point);
  }

  about({ clause }, element) {
    const said = isObject(element) ? element : {};
    const { basis, asOf, method, originator, uncertainty, conditions } = said;
    const parts = clause ? [elementOf("span", [clause])] : [];
    if (basis) parts.push(elementOf("span", [this.code("measurement_basis", basis)]));
    for (const [name, text] of Object.entries({ method, originator, uncertainty })) {
      if (text) parts.push(this.told(name, [String(text)]));
    }
    if (asOf) parts.push(this.told("asOf", [this.date(asOf)]));
    for (const [name, measure] of Object.entries(conditions ?? {})) {
      parts.push(this.told(name, this.value(measure, NO_POINT)));
    }
    return parts;
  }

  told(name, nodes) {
    return elementOf("span", [this.say("i", name), " ", ...nodes]);
  }

  /** A value by its form, as nodes; `point` has its codes and fields, whatever is known of it. */
  value(value, { codes, fields = {} }) {
    if (Array.isArray(value)) {
      const items = value.map((each) => elementOf("li", this.value(each, { codes, fields })));
      return [elementOf("ul", items)];
    }
    if (isObject(value)) return this.object(value, fields);
    if (typeof value === "boolean") return [value ? this.words.rules.yes : this.words.rules.no];
    if (typeof value !== "string") return [String(value)];
    return [codes ? this.code(codes, value) : this.date(value)];
  }

  object(value, fields) {
    if ("unit" in value) return this.measure(value);
    if ("mediaType" in value && isObject(value.title)) return [this.text(value.title)];
    const names = Object.keys(fields).filter((name) => Object.hasOwn(value, name));
    if (!names.length && this.isText(value)) return [this.text(value)];
    const others = Object.keys(value).filter((name) => !names.includes(name));
    const pairs = [...names, ...others].map((name) => {
      const field = ownOf(fields, name) ?? NO_POINT;
      return pairOf(field, name, this.value(value[name], field));
    });
    return [elementOf("dl", pairs, "pairs")];
  }

  measure({ value, low, high, unit }) {
    const { rules } = this.words;
    const [from, to, only] = [low, high, value].map((text) => numberText(String(text), rules));
    const isRange = low !== undefined;
    const number = isRange ? rules.range.replace("%(low)s", from).replace("%(high)s", to) : only;
    const sign = elementOf("span", [`\u00a0${this.unit(String(unit), value)}`], "u");
    return [elementOf("span", [number], "n"), sign];
  }

  /** A unit's sign; of one that is counted, the form that belongs to the number. */
  unit(unit, number) {
    const forms = ownOf(this.words.counted, unit);
    if (!forms) return unitsOf(unit, this.words.rules)[0];
    const whole = Number.isInteger(Number(number)) ? Number(number) : 2;
    return forms[new Intl.PluralRules(this.language).select(whole)] ?? forms.other;
  }

  isText(value) {
    const isOne = ([name, text]) => LANGUAGE.test(name) && typeof text === "string";
    return Object.entries(value).every(isOne);
  }

  /** A text by language: the page's, else the first. */
  text(texts) {
    const own = Object.entries(texts).find(([language]) => language === this.language);
    const [language, text] = own ?? Object.entries(texts)[0] ?? ["", ""];
    const isOther = !own && LANGUAGE.test(language);
    return sayingOf("span", isOther ? [String(text), language] : [String(text)]);
  }

  code(list, code) {
    const label = ownOf(ownOf(this.words.codes, list) ?? {}, code);
    return sayingOf("span", label ?? [String(code)]);
  }

  /** A day or a moment in words, any other text as it is. */
  date(text) {
    const [, day, clock] = /^(\d{4}-\d\d(?:-\d\d)?)(?:T(\d\d:\d\d)(?::\d\d)?Z)?$/.exec(text) ?? [];
    const [words = text] = day ? dateForms(day, this.words.rules) : [];
    return clock ? `${words}, ${clock} UTC` : words;
  }

  document(named, saving) {
    const title = isObject(named.title) ? this.text(named.title) : savedName(named);
    return elementOf("li", [title, " ", saving(named)]);
  }

  /** An event: when, what, and its parts. */
  event({ kind, time, values, point, records, ...parts }) {
    const nodes = Object.entries(parts).flatMap(([name, part]) => {
      const list = ownOf(this.words.events, name);
      return [part].flat().map((each) =>
        elementOf("p", list ? [this.code(list, each)] : this.value(each, NO_POINT)));
    });
    const measured = Object.entries(values ?? {}).map(([name, each]) => this.pair(name, each));
    if (point) measured.push(this.pair(point, { value: records }));
    if (measured.length) nodes.push(elementOf("dl", measured, "pairs"));
    const what = elementOf("dd", [this.code("event_kind", kind), ...nodes]);
    return elementOf("div", [elementOf("dt", [this.date(String(time))]), what]);
  }

  say(name, key) {
    return sayingOf(name, this.words.texts[key] ?? [key]);
  }
}

// A payload may have members that every object has, as "constructor".
const ownOf = (members, name) => (Object.hasOwn(members, name) ? members[name] : undefined);

/** A label, the name itself where there is none, and what it is of. */
const pairOf = ({ label }, name, nodes, ...more) =>
  elementOf("div", [sayingOf("dt", label ?? [name, "en"]), elementOf("dd", nodes), ...more]);

/** An element of nodes and texts. */
export function elementOf(name, nodes, style = "") {
  const element = document.createElement(name);
  element.append(...nodes);
  if (style) element.className = style;
  return element;
}
