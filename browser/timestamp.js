/**
 * Points in time as signed documents spell them, `2026-11-22T09:30:00Z`; twin of
 * passport/encoding/timestamp.py.
 */

import { need } from "./checks.js";

/** Reads a point in time; refuses another spelling and days that do not exist. */
export function parseTime(text) {
  const time = new Date(text);
  // What is no time at all throws; years beyond 1 to 9999 have another spelling, or are none.
  const isPlain = /^(?!0000)[0-9]{4}-/.test(text);
  need(isPlain && time.toISOString().replace(".000Z", "Z") === text, "", "no point in time");
  return time;
}
