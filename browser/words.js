/**
 * What scripts say: texts of the site in the page's language, by name, each with its own language
 * where that is another (generator/build/check_words.py, open_words.py). Only text nodes are made.
 */

import { hex, sha256 } from "./bytes.js";
import { parseObject } from "./strict_json.js";

/** The words at an address that holds their digest; none, if they are others. */
export async function wordsAt(site, path) {
  const content = await site.get(path, "default").catch(() => undefined);
  site.files.delete(path); // of the page, not of the passport
  const digest = content && crypto.subtle ? hex(await sha256(content)) : "";
  return content && path.includes(digest.slice(0, 16)) ? parseObject(content) : { texts: {} };
}

/** An element that says a text, and its language where that is not the page's. */
export function sayingOf(name, [text, language], names) {
  const element = document.createElement(name);
  element.textContent = text.replace(/%\((\w+)\)s/g, (_, key) => names[key] ?? "");
  if (language) element.lang = language;
  return element;
}
