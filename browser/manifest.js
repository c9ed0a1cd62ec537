/**
 * The manifest: every URL of a site with its digest, under one signed index; twin of
 * passport/manifest.py.
 */

import { hex, sha256, utf8 } from "./bytes.js";
import { need } from "./checks.js";
import { verifyIncluded } from "./log_entry.js";
import { verifyProof } from "./proof.js";
import { isCount, isObject, parseObject } from "./strict_json.js";

const INDEX = "/manifest/index.json";
const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Verifies the manifest; returns its `shards`, and whether it `isLast`: if the log goes on behind
 * it, the site shows an older state. `needed` returns the bytes at a path of the site.
 */
export async function openManifest(needed, issuer, log) {
  const index = parseObject(await needed(INDEX));
  need(isObject(index.log) && isCount(index.log.index), "manifest", "it has no place in the log");
  await verifyProof(index, issuer, index.log.index);
  need(
    index.type === "SiteManifest" && Array.isArray(index.shards),
    "manifest",
    "it is no manifest",
  );
  await verifyIncluded(log, index.log.index, "manifest", index);
  return { shards: index.shards, isLast: index.log.index === log.checkpoint.size - 1 };
}

/** Returns the digest that the manifest states of a path, nothing if it does not list it. */
export async function listedDigest(needed, shards, path) {
  const digits = Math.log2(shards.length) / 4;
  const name = hex(await sha256(utf8(path))).slice(0, digits) || "all";
  const shard = shards.find((listed) => listed?.path === `/manifest/${name}.json`);
  need(Number.isInteger(digits) && shard, "manifest", `it has no shard ${name}`);
  const content = await needed(shard.path);
  need(
    hex(await sha256(content)) === shard.sha256,
    "manifest",
    `${shard.path} is not the shard that it lists`,
  );
  const {files} = parseObject(content);
  need(Array.isArray(files), "manifest", `${shard.path} lists nothing`);
  const found = files.filter((file) => isObject(file) && file.path === path);
  need(
    found.length < 2 && found.every((file) => DIGEST.test(file.sha256)),
    "manifest",
    `${path} is listed twice`,
  );
  return found[0]?.sha256;
}
