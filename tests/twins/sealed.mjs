// Asks the browser's modules what the vectors of sealed files ask, one JSON object a line; see tests/test_sealed_twin.py.
import { createInterface } from "node:readline";

import { base64url, fromBase64url } from "../../browser/base64url.js";
import { checkDigest, contentKey, openPayload, openSealed, parseSealed } from "../../browser/sealed.js";
import { canonicalHeader, parseHeader, sealedDocumentPath, sealedPath } from "../../browser/sealed_header.js";
import { padme, powerOfTwo } from "../../browser/size_class.js";

const ANSWERS = {
  async header({ header, groupKey }) {
    const parsed = parseHeader(header);
    const key = await contentKey(parsed, fromBase64url(groupKey));
    return { canonical: new TextDecoder().decode(canonicalHeader(parsed)), contentKey: base64url(key) };
  },
  async file({ content, contentKey: key, expected, digest }) {
    const bytes = fromBase64url(content);
    if (digest) await checkDigest(bytes, digest);
    const file = parseSealed(bytes);
    if (expected.resource === "payload") return openPayload(file, fromBase64url(key), expected);
    return { plaintext: base64url(await openSealed(file, fromBase64url(key), expected)) };
  },
  async offline({ content, groupKey, expected }) {
    const file = parseSealed(fromBase64url(content));
    const key = await contentKey(file.header, fromBase64url(groupKey));
    return { plaintext: base64url(await openSealed(file, key, expected)) };
  },
  sizes: ({ length }) => [powerOfTwo(length), padme(length)],
  paths: ({ header }) => [sealedPath(header.passport, header.group, header.version), sealedDocumentPath(header)],
};

async function answer({ ask, ...question }) {
  try {
    return { ok: await ANSWERS[ask](question) };
  } catch (error) {
    return { check: error.check ?? `${error.stack}`, says: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
