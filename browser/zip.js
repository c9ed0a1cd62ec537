/** A ZIP archive (PKWARE APPNOTE 6.3.9) of files as they are, without packing: one file to keep. */

import { concat, utf8 } from "./bytes.js";

const JANUARY_1980 = 33; // archives of the same files are the same bytes
const IS_UTF8 = 0x0800;

/**
 * The archive of files by name.
 * @param {Iterable<[string, Uint8Array]>} files
 */
export function zipOf(files) {
  const bodies = [];
  const directory = [];
  let at = 0;
  for (const [name, content] of files) {
    const path = utf8(name);
    const size = content.length;
    const sizes = [...u32(crc32(content), size, size), ...u16(path.length, 0)];
    const common = [...u16(IS_UTF8, 0, 0, JANUARY_1980), ...sizes];
    const body = concat([...u32(0x04034b50), ...u16(20), ...common], path, content);
    const place = [...u16(0, 0, 0), ...u32(0, at)];
    directory.push(concat([...u32(0x02014b50), ...u16(20, 20), ...common, ...place], path));
    bodies.push(body);
    at += body.length;
  }
  const listed = concat(...directory);
  const count = directory.length;
  const counts = [...u16(0, 0, count, count), ...u32(listed.length, at), ...u16(0)];
  return concat(...bodies, listed, [...u32(0x06054b50), ...counts]);
}

const u16 = (...numbers) => numbers.flatMap((n) => [n & 255, n >> 8]);
const u32 = (...numbers) => numbers.flatMap((n) => u16(n & 65535, n >>> 16));

function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
