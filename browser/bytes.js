/** Bytes: UTF-8, SHA-256, hex, and base64 as signed notes have it. */

import { need } from "./checks.js";

export const utf8 = (text) => new TextEncoder().encode(text);

export const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));

export const hex = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const isEqual = (one, other) => hex(one) === hex(other);

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The bytes of a base64 text with padding, in the one spelling that they have. */
export function fromBase64(text) {
  const binary = atob(text);
  need(btoa(binary) === text, "", "not base64 in its one spelling");
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
