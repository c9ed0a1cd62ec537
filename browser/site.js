/** A site: its files, each fetched once, and kept for who wants them all. */

import { HostError, need } from "./checks.js";

/** The files of an origin, of the page's own unless another is named. */
export class Site {
  files = new Map();
  asked = new Map();

  constructor(origin = "", seconds = 20) {
    this.origin = origin;
    this.seconds = seconds;
  }

  /** The bytes at a path, undefined where nothing lies; a HostError where nobody answers. */
  get(path, cache = "no-cache") {
    if (!this.asked.has(path)) this.asked.set(path, this.#fetch(path, cache));
    return this.asked.get(path);
  }

  /** The bytes of a file that a whole site has. */
  async needed(path) {
    const content = await this.get(path);
    need(content, "site", `${path} is missing`);
    return content;
  }

  async #fetch(path, cache) {
    try {
      const signal = AbortSignal.timeout(this.seconds * 1000);
      const options = { cache, credentials: "omit", redirect: "error", signal };
      const response = await fetch(this.origin + path, options);
      if (response.status === 404 || response.status === 410) return undefined;
      if (!response.ok) throw new Error(`${response.status}`);
      const content = new Uint8Array(await response.arrayBuffer());
      this.files.set(path, content);
      return content;
    } catch (error) {
      throw new HostError(`${path}: ${error.message}`);
    }
  }
}
