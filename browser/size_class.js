/**
 * Size classes: how much of a length a sealed file tells; twin of passport/sealing/size_class.py, which
 * says why. Sizes are in bytes.
 */

import { need } from "./checks.js";

const LENGTH_BYTES = 4;
const SMALLEST_CLASS = 4 * 1024;
const LARGEST_DOCUMENT = 64 * 1024 * 1024;
const LARGEST_PAYLOAD = 8 * 1024 * 1024 - LENGTH_BYTES;

/**
 * The class of a payload: the power of two from 4 KiB on that holds so many bytes.
 * @param {number} length
 */
export function powerOfTwo(length) {
  return Math.max(SMALLEST_CLASS, 2 ** Math.ceil(Math.log2(length)));
}

/**
 * The class of a document, after Padmé: the length with its low bits rounded up.
 * @param {number} length
 */
export function padme(length) {
  const least = Math.max(SMALLEST_CLASS, length);
  const exponent = 31 - Math.clz32(least);
  const step = 2 ** (exponent - (32 - Math.clz32(exponent)));
  return Math.ceil(least / step) * step;
}

export const PAYLOAD_SIZES = Object.freeze({ largest: LARGEST_PAYLOAD, classOf: powerOfTwo });
export const DOCUMENT_SIZES = Object.freeze({ largest: LARGEST_DOCUMENT, classOf: padme });

/**
 * Whether something padded can have this size.
 * @param {typeof PAYLOAD_SIZES} sizes
 * @param {number} size
 */
export function isClass(sizes, size) {
  const most = sizes.classOf(LENGTH_BYTES + sizes.largest);
  return SMALLEST_CLASS <= size && size <= most && sizes.classOf(size) === size;
}

/**
 * The plaintext of what was padded; throws a VerificationError (check `padding`) for another class,
 * or anything but zeros behind it.
 * @param {typeof PAYLOAD_SIZES} sizes
 * @param {Uint8Array} padded
 */
export function plaintextOf(sizes, padded) {
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  const end = LENGTH_BYTES + length;
  const fits = length <= sizes.largest && end <= padded.length;
  need(fits, "padding", "the length is more than there is");
  const isOfClass = sizes.classOf(end) === padded.length;
  need(isOfClass, "padding", "the size is not the class of the length");
  need(padded.subarray(end).every((byte) => !byte), "padding", "the padding is not zeros");
  return padded.subarray(LENGTH_BYTES, end);
}
