/**
 * HPKE (RFC 9180) in the one suite in which brokers answer; twin of passport/sealing/hpke.py. Base mode,
 * single shot, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; numbers in comments are the
 * RFC's sections. Only opening is done here: sealing is the broker's.
 */

import { aesGcmOpened } from "./aes_gcm.js";
import { concat, hex, isEqual, utf8 } from "./bytes.js";
import { failing, need } from "./checks.js";
import { mac } from "./hmac.js";

/** The suite's name of its kind of key, as requests say it. */
export const KEM_ID = "0x0020";

const KEM_SUITE = concat(utf8("KEM"), [0, 0x20]);
const HPKE_SUITE = concat(utf8("HPKE"), [0, 0x20, 0, 1, 0, 2]);
const ENCAPSULATED_LENGTH = 32;
const HPKE_TAG_LENGTH = 16;
const NOTHING = new Uint8Array();
const FIELD_PRIME = 2n ** 255n - 19n;

/**
 * A key pair for one answer; its private half can't be read out.
 * @returns {Promise<{privateKey: CryptoKey, raw: Uint8Array}>}
 */
export async function recipientKey() {
  const pair = await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { privateKey: pair.privateKey, raw };
}

/**
 * What was sealed to a key for this `info`; throws a VerificationError (check `hpke`) otherwise.
 * @param {{privateKey: CryptoKey, raw: Uint8Array}} recipient
 * @param {Uint8Array} sealed the encapsulated key and the ciphertext
 * @param {Uint8Array} info
 * @param {Uint8Array} aad brokers have none
 */
export function hpkeOpen(recipient, sealed, info, aad = NOTHING) {
  return failing("hpke", async () => {
    const least = ENCAPSULATED_LENGTH + HPKE_TAG_LENGTH;
    need(sealed.length >= least, "", `${sealed.length} bytes are too few for an answer`);
    const encapsulated = sealed.subarray(0, ENCAPSULATED_LENGTH);
    const shared = await decapsulated(encapsulated, recipient);
    const { key, nonce } = await keySchedule(shared, info);
    const ciphertext = sealed.subarray(ENCAPSULATED_LENGTH);
    const opened = await aesGcmOpened(key, nonce, aad, ciphertext);
    need(opened, "", "the answer was not sealed to this key for this request");
    return opened;
  });
}

/** 4.1, Decap: the secret that only the holder of the private key derives. */
async function decapsulated(encapsulated, { privateKey, raw }) {
  const number = BigInt(`0x${hex(encapsulated.slice().reverse())}`);
  need(number < FIELD_PRIME, "", "the key is not canonical");
  const other = await crypto.subtle.importKey("raw", encapsulated, "X25519", false, []);
  const agreement = { name: "X25519", public: other };
  const agreed = new Uint8Array(await crypto.subtle.deriveBits(agreement, privateKey, 256));
  // RFC 7748 6.1: a key of small order makes a secret that everybody knows.
  need(!isEqual(agreed, new Uint8Array(32)), "", "the key is of small order");
  const secret = await extracted(KEM_SUITE, NOTHING, "eae_prk", agreed);
  return expanded(KEM_SUITE, secret, "shared_secret", concat(encapsulated, raw), 32);
}

/** 5.1, KeySchedule in mode base: no pre-shared key. */
async function keySchedule(shared, info) {
  const names = await extracted(HPKE_SUITE, NOTHING, "psk_id_hash", NOTHING);
  const context = concat([0], names, await extracted(HPKE_SUITE, NOTHING, "info_hash", info));
  const secret = await extracted(HPKE_SUITE, shared, "secret", NOTHING);
  const key = await expanded(HPKE_SUITE, secret, "key", context, 32);
  const nonce = await expanded(HPKE_SUITE, secret, "base_nonce", context, 12);
  return { key, nonce };
}

/** 4, LabeledExtract. An HMAC key of zeros is the same as an empty one, which WebCrypto refuses. */
async function extracted(suite, salt, label, secret) {
  const key = salt.length ? salt : new Uint8Array(32);
  return mac(key, concat(utf8("HPKE-v1"), suite, utf8(label), secret));
}

/** 4, LabeledExpand to one block of HKDF at the most. */
async function expanded(suite, secret, label, info, length) {
  const labelled = concat([0, length], utf8("HPKE-v1"), suite, utf8(label), info, [1]);
  return (await mac(secret, labelled)).subarray(0, length);
}
