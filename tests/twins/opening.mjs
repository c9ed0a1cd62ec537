// Asks the browser's modules that talk to brokers, one JSON object a line; see tests/test_opening_twin.py.
import { createInterface } from "node:readline";

import { base64url, fromBase64url } from "../../browser/base64url.js";
import { clientForm, dpopProof, roleForm } from "../../browser/dpop.js";
import { hpkeOpen } from "../../browser/hpke.js";
import { productNamed } from "../../browser/opening.js";
import { keyOf } from "../../browser/own_key.js";
import { releaseRequest, releasedKeys } from "../../browser/release.js";
import { brokersOf } from "../../browser/restricted.js";
import { savedName } from "../../browser/show.js";

const utf8 = (text) => new TextEncoder().encode(text);
// RFC 8410: what stands before the 32 bytes of a private key.
const DER = { X25519: "302e020100300506032b656e04220420", Ed25519: "302e020100300506032b657004220420" };

async function privateKey(name, secret, uses) {
  const der = Buffer.concat([Buffer.from(DER[name], "hex"), fromBase64url(secret)]);
  const key = await crypto.subtle.importKey("pkcs8", der, name, true, uses);
  const { x } = await crypto.subtle.exportKey("jwk", key);
  return { privateKey: key, raw: fromBase64url(x) };
}

async function ownKey(seed) {
  const { privateKey: key, raw } = await privateKey("Ed25519", seed, ["sign"]);
  const publicKey = await crypto.subtle.importKey("raw", raw, "Ed25519", true, ["verify"]);
  return keyOf({ privateKey: key, publicKey });
}

const ANSWERS = {
  async hpke({ secret, sealed, info, aad }) {
    const recipient = await privateKey("X25519", secret, ["deriveBits"]);
    return base64url(await hpkeOpen(recipient, ...[sealed, info, aad].map(fromBase64url)));
  },
  async answer({ secret, request, answer }) {
    const recipient = await privateKey("X25519", secret, ["deriveBits"]);
    const count = JSON.parse(request).headers.length;
    const found = await releasedKeys(utf8(answer), utf8(request), recipient, count);
    return found.map((each) => each && [
      base64url(each.key),
      { ...each.grant, expires: each.grant.expires.toISOString().replace(".000Z", "Z") },
    ]);
  },
  request: ({ purpose, recipient, headers }) =>
    new TextDecoder().decode(releaseRequest(purpose, fromBase64url(recipient), headers)),
  async proof({ seed, url, nonce, token, body, seconds, jti }) {
    const proven = { url, nonce, token, body: body && utf8(body) };
    return dpopProof(await ownKey(seed), proven, { seconds, jti });
  },
  form: async ({ seed, client, broker, seconds, jti }) =>
    String(await clientForm(await ownKey(seed), client, broker, { seconds, jti })),
  role: ({ credential, list }) => String(roleForm(utf8(credential), utf8(list))),
  async key({ seed }) {
    const { jwk, thumbprint, did } = await ownKey(seed);
    return { jwk, thumbprint, did };
  },
  name: ({ resource, fileName }) => savedName({ resource, fileName }),
  brokers: ({ document }) => brokersOf(document),
  product: ({ text, origin }) => productNamed(text, origin),
};

async function answer({ ask, ...question }) {
  try {
    return { ok: await ANSWERS[ask](question) ?? null };
  } catch (error) {
    return { check: error.check ?? `${error.stack}`, says: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
