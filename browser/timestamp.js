/**
 * Points in time as signed documents spell them, `2026-11-22T09:30:00Z`; twin of
 * passport/timestamp.py.
 */

import { need } from "./checks.js";

/** Reads a point in time; refuses another spelling and days that do not exist. */
export function parseTime(text) {
  const time = new Date(text);
  // What is no time at all throws.
  need(time.toISOString().replace(".000Z", "Z") === text, "", "no point in time");
  return time;
}
