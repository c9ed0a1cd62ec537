/** Named checks: what must hold, and which check it is that fails. */

import { VerificationError } from "./errors.js";

/** The host did not answer, so nothing is known of what was asked. */
export class HostError extends Error {}

/** Something fails that has no name yet; `failing` gives it one. */
class Unnamed extends Error {}

/** Throw a VerificationError unless something holds; with check "" the one around it is meant. */
export function need(holds, check, message) {
  if (!holds) throw check ? new VerificationError(message, check) : new Unnamed(message);
}

/** Run a function: whatever goes wrong in it, a wrong type too, is a failure of this check. */
export async function failing(check, run) {
  try {
    return await run();
  } catch (error) {
    if (error instanceof HostError || error instanceof VerificationError) throw error;
    throw new VerificationError(error.message, check);
  }
}
