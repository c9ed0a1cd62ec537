/**
 * A conversation with one broker: a token once, then releases; twin of
 * generator/read/broker_session.py. The broker's nonce goes into each proof; a fresh one is asked
 * for before the last one ends. Nothing that a broker says is shown: its code tells what to do.
 */

import { base64url } from "./base64url.js";
import { dpopProof } from "./dpop.js";
import { membersOf } from "./strict_json.js";

/** A broker can't answer now; another one may. */
export class BrokerDown extends Error {}

/** A broker refuses, and so would others; `code` says why. */
export class BrokerRefusal extends Error {
  constructor(code, url) {
    super(code);
    Object.assign(this, { code, url });
  }
}

const SECONDS_TO_ANSWER = 30;
const NONCE_SECONDS = 50;
const KNOWN_CODES = ["invalid_client", "invalid_grant", "invalid_dpop_proof"];
const BUSY = [408, 409, 425, 429];
const TEXT_TYPE = "application/x-www-form-urlencoded";

/** One broker, and what it gave so far. */
export class BrokerSession {
  /**
   * @param {string} url
   * @param {{key: import("./dpop.js").Signing, form: Function}} caller who asks; form(url, moment)
   *   returns what it asks for a token with
   */
  constructor(url, caller) {
    Object.assign(this, { url, caller, nonce: "", nonceAt: -Infinity, token: "" });
  }

  /** The rows of the policy in force; throws BrokerDown. */
  async policy() {
    const { status, members } = await this.#ask("/policy", {});
    const rules = members.policy?.rules;
    if (status !== 200 || !Array.isArray(rules)) throw new BrokerDown(this.url);
    return rules;
  }

  /** The answer to a release, null if every key is refused; throws BrokerDown, BrokerRefusal. */
  async release(body) {
    let answer = await this.#release(body);
    if (answer.status === 401 && answer.code === "invalid_token") {
      this.token = "";
      answer = await this.#release(body);
    }
    if (answer.status === 409) answer = await this.#release(body);
    if (answer.status === 403 && answer.code === "all_refused") return null;
    return this.#good(answer).content;
  }

  async #release(body) {
    this.token ||= await this.#newToken();
    const headers = { Authorization: `DPoP ${this.token}`, "Content-Type": "application/json" };
    return this.#post("/release", async () => body, headers, { token: this.token, body });
  }

  async #newToken() {
    const form = async () => String(await this.caller.form(this.url, moment()));
    const answer = await this.#post("/token", form, { "Content-Type": TEXT_TYPE }, {});
    const { access_token: token, token_type: type } = this.#good(answer).members;
    if (typeof token !== "string" || type !== "DPoP") throw new BrokerRefusal("other", this.url);
    return token;
  }

  /** Post with a fresh proof; once more where the broker asks for another nonce. */
  async #post(path, body, headers, proven) {
    if (performance.now() - this.nonceAt > NONCE_SECONDS * 1000) await this.policy();
    const answer = await this.#postOnce(path, await body(), headers, proven);
    if (answer.code !== "use_dpop_nonce") return answer;
    return this.#postOnce(path, await body(), headers, proven);
  }

  async #postOnce(path, body, headers, proven) {
    const target = { url: this.url + path, nonce: this.nonce, ...proven };
    const DPoP = await dpopProof(this.caller.key, target, moment());
    return this.#ask(path, { method: "POST", body, headers: { ...headers, DPoP } });
  }

  async #ask(path, request) {
    const signal = AbortSignal.timeout(SECONDS_TO_ANSWER * 1000);
    const rules = { cache: "no-store", credentials: "omit", redirect: "error", signal };
    try {
      const response = await fetch(this.url + path, { ...request, ...rules });
      this.nonce = response.headers.get("DPoP-Nonce") ?? this.nonce;
      this.nonceAt = performance.now();
      const content = new Uint8Array(await response.arrayBuffer());
      const members = membersOf(content);
      const code = members.code ?? members.error ?? "";
      return { status: response.status, content, members, code };
    } catch {
      throw new BrokerDown(this.url);
    }
  }

  #good(answer) {
    const { status, code } = answer;
    if (status === 200) return answer;
    if (KNOWN_CODES.includes(code)) throw new BrokerRefusal(code, this.url);
    const isDown = status >= 500 || BUSY.includes(status) || !code;
    throw isDown ? new BrokerDown(this.url) : new BrokerRefusal("other", this.url);
  }
}

/** The present time as proofs have it, and an id that none had before. */
function moment() {
  const jti = base64url(crypto.getRandomValues(new Uint8Array(16)));
  return { seconds: Math.floor(Date.now() / 1000), jti };
}
