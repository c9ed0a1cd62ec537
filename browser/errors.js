/** The errors that twins raise; the tree is that of passport/errors.py. */

/** A digest, signature or identity doesn't hold; `check` names the check that it fails. */
export class VerificationError extends Error {
  /**
   * @param {string} message what is wrong, without a full stop
   * @param {string} check the name of the check
   */
  constructor(message, check) {
    super(`${check}: ${message}`);
    this.name = "VerificationError";
    this.check = check;
  }
}

/**
 * A text from elsewhere as a message shows it: in quotes, never endless.
 * @param {string} text
 */
export function quoted(text) {
  const shown = text.slice(0, 60).replace(/[^ -~\u00a1-\uffff]/g, "\ufffd");
  return text.length > 60 ? `'${shown}'… (${text.length} characters)` : `'${shown}'`;
}
