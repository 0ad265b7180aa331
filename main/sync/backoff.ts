const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;
const OPEN_AFTER = 8;
const PROBE_MS = 300_000;

/**
 * Milliseconds until the next attempt: anywhere up to a limit that doubles from one second to five minutes ("full
 * jitter"), so that clients do not come back together. After eight failures only a probe every five minutes or so.
 *
 * @param failures in a row, from 1
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, random: () => number): number {
  if (failures >= OPEN_AFTER) return Math.round(PROBE_MS * (0.75 + random() / 2));
  return Math.round(random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)));
}

/** An interval with a quarter more or less, for the same reason. */
export function jittered(ms: number, random: () => number): number {
  return Math.round(ms * (0.75 + random() / 2));
}
