// Finds a passport by what stands under its code; on the page for unknown addresses, also by what
// may have been misread. Knows the addresses of DESIGN 4 and the check digit of GS1 General
// Specifications 7.9. Nothing it does leaves the site, and a page is complete without it.

const LOOKALIKES = [["O", "0"], ["Q", "0"], ["D", "0"], ["I", "1"], ["L", "1"], ["B", "8"], ["S", "5"], ["Z", "2"], ["G", "6"]];
const MOST_ASKED = 40;

/** Returns the path of what was typed: an address, `(01) … (21) …`, or digits and a serial; null for none. */
function pathOf(typed) {
  const text = typed.trim();
  const own = text.match(/\/(8004\/[^\s/?#]+|id\/[a-z]{2,12}\/[^\s/?#]+)/);
  if (own) return `/${own[1]}`;
  const found = text.match(/(?:^|\D)0*1?\D{0,3}?(\d{14})(?:\D*?21[)/]\s*|[\s/,;-]+)?([^\s/?#()]{1,20})?\s*$/)
    || text.match(/^(\d{14})$/);
  if (!found || !hasCheckDigit(found[1])) return null;
  return found[2] ? `/01/${found[1]}/21/${encodeURIComponent(decoded(found[2]))}` : `/01/${found[1]}`;
}

/** Whether the last digit of a GTIN is the one that the others call for. */
function hasCheckDigit(gtin) {
  const sum = [...gtin].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/** Returns paths that could be read as this one, likeliest first, itself left out. */
function lookalikes(path) {
  const parts = path.replace(/\/+$/, "").match(/^((?:\/[a-z]{2})?\/01\/(\d{14}))\/21\/(.+)$/);
  if (!parts) return [];
  const serial = decoded(parts[3]).toUpperCase();
  const readings = LOOKALIKES.flatMap(([a, b]) => [serial.replaceAll(a, b), serial.replaceAll(b, a)]);
  const slips = [...serial].flatMap((character, at) => LOOKALIKES
    .filter((pair) => pair.includes(character))
    .map(([a, b]) => serial.slice(0, at) + (character === a ? b : a) + serial.slice(at + 1)));
  const serials = [serial, ...readings, ...slips].map((text) => `${parts[1]}/21/${encodeURIComponent(text)}`);
  return [...new Set([parts[1], ...serials])].filter((other) => other !== path);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function answers(path) {
  try {
    return (await fetch(path, { method: "HEAD" })).ok;
  } catch {
    return false;
  }
}

async function suggest(section) {
  const asked = lookalikes(location.pathname).slice(0, MOST_ASKED);
  const found = await Promise.all(asked.map(answers));
  for (const path of asked.filter((_, at) => found[at])) {
    const line = document.createElement("p");
    const link = document.createElement("a");
    link.href = path;
    link.textContent = location.host + decoded(path);
    line.append(link);
    section.append(line);
    section.hidden = false;
  }
}

function enliven(form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const path = pathOf(form.elements.number.value);
    if (path) location.assign(path);
    else form.querySelector("[role=status]").textContent = form.querySelector("template").content.textContent;
  });
}

if (globalThis.document) {
  const form = document.querySelector(".find");
  const near = document.querySelector("#near");
  if (form) enliven(form);
  if (near) suggest(near);
}
