/**
 * Reading a log's tiles (C2SP tlog-tiles): nothing is believed before it leads to the root; twin
 * of passport/log/tiles.py and passport/log/tiled_log.py.
 */

import { isEqual } from "./bytes.js";
import { need } from "./checks.js";
import { rootOf } from "./merkle.js";

const WIDTH = 256;
const HASH = 32;

/** Returns the path of a tile below the log's prefix, as a tree of `size` has it. */
export function tilePath(level, index, size) {
  const groups = [String(index % 1000).padStart(3, "0")];
  for (let rest = index; rest >= 1000; ) {
    rest = Math.floor(rest / 1000);
    groups.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  }
  const width = widthOf(level, index, size);
  const path = `tile/${level}/${groups.join("/")}`;
  return width < WIDTH ? `${path}.p/${width}` : path;
}

/** Returns the leaf hash of an entry, proven by the tiles from it to the checkpoint's root. */
export async function leafAt(get, {size, root}, index) {
  need(index >= 0 && index < size, "tile", `the log has no entry ${index}`);
  await checkRightEdge(get, size, root);
  let at = Math.floor(index / WIDTH);
  let hashes = await tileOf(get, 0, at, size);
  const leaf = hashes[index % WIDTH];
  for (let level = 1; hashes.length === WIDTH; level += 1) {
    const above = await tileOf(get, level, Math.floor(at / WIDTH), size);
    need(
      isEqual(await rootOf(hashes), above[at % WIDTH]),
      "tile",
      "a tile is not in the tree",
    );
    [hashes, at] = [above, Math.floor(at / WIDTH)];
  }
  return leaf; // a partial tile is part of the right edge
}

const countAt = (level, size) => Math.floor(size / WIDTH ** level);
const widthOf = (level, index, size) => Math.min(WIDTH, countAt(level, size) - index * WIDTH);

/** The partial tiles hold the root between them. */
async function checkRightEdge(get, size, root) {
  let rest = [];
  for (let level = 0; countAt(level, size) > 0; level += 1) {
    const count = countAt(level, size);
    const partial = count % WIDTH ? await tileOf(get, level, Math.floor(count / WIDTH), size) : [];
    const row = [...partial, ...rest];
    rest = row.length ? [await rootOf(row)] : [];
  }
  need(isEqual(rest[0], root), "tile", "the tiles do not lead to the checkpoint's root");
}

async function tileOf(get, level, index, size) {
  const path = tilePath(level, index, size);
  const tile = await get(path);
  need(tile, "tile", `${path} is missing`);
  const width = widthOf(level, index, size);
  need(
    tile.length === width * HASH,
    "tile",
    `${path} has ${tile.length} bytes, not ${width * HASH}`,
  );
  return Array.from({length: width}, (_, at) => tile.subarray(at * HASH, (at + 1) * HASH));
}
