/**
 * What scripts say: texts of the site in the page's language, by name, each with its own language
 * where that is another (generator/build/pages/check_words.py, open_words.py). Only text nodes are made.
 */

import { hex, sha256 } from "./bytes.js";
import { parseObject } from "./strict_json.js";

/** The words at an address; none, if they are others. */
export async function wordsAt(site, path) {
  const content = await assetAt(site, path);
  return content ? parseObject(content) : { texts: {} };
}

/** The bytes at an address that holds their digest; undefined, if they are others. */
export async function assetAt(site, path) {
  const content = await site.get(path, "default").catch(() => undefined);
  site.files.delete(path); // of the page, not of the passport
  const digest = content && crypto.subtle ? hex(await sha256(content)) : "";
  return path.includes(digest.slice(0, 16)) ? content : undefined;
}

/** An element that says a text, names put in if given, and its language where it has another. */
export function sayingOf(name, [text, language], names) {
  const element = document.createElement(name);
  element.textContent = names ? text.replace(/%\((\w+)\)s/g, (_, key) => names[key] ?? "") : text;
  if (language) element.lang = language;
  return element;
}
