import type { Evidence, Memory } from '../../shared/collections/memories.ts';
import {
  DAY_MS,
  DECAY_WINDOW_DAYS,
  DOUBT_AFTER_CONFIRMATION,
  DOUBT_AFTER_EVIDENCE,
  FLOOR,
  LEFT_AFTER_CONTRADICTION,
} from './rules.ts';

/** What confidence depends on: a memory's own fields, nothing else. */
export type Believed = Pick<
  Memory,
  | 'type'
  | 'confidence'
  | 'created_at'
  | 'added_at'
  | 'last_confirmed_at'
  | 'last_observed'
  | 'confirmation_count'
  | 'observation_count'
  | 'contradiction_count'
  | 'evidence'
  | 'pinned'
  | 'state'
>;

/**
 * Confidence at the moment of the last confirmation, before any fading, in [0, 1].
 *
 * Each confirmation after the first, and each further message that supports the memory, takes a part of the doubt away:
 * `1 − (1 − base) × 0.75^(confirmations − 1) × 0.95^(messages − 1)`. Each open contradiction leaves 0.6 of it.
 */
export function strength(memory: Believed): number {
  const supports = supporting(memory.evidence ?? []).length;
  const doubt =
    (1 - memory.confidence) *
    DOUBT_AFTER_CONFIRMATION ** (repetitions(memory) - 1) *
    DOUBT_AFTER_EVIDENCE ** Math.max(0, supports - 1);
  return (1 - doubt) * LEFT_AFTER_CONTRADICTION ** (memory.contradiction_count ?? 0);
}

/**
 * Confidence at a time (ms since 1970), in [0, 1]: `strength × 2^(−age / half-life)`.
 *
 * A pure function of record and time: it makes no difference how often, or whether, anything ran in between. Age is
 * counted from the last confirmation or observation, and is 0 where that lies in the future. Pinned memories do not fade.
 */
export function confidenceAt(memory: Believed, atMs: number): number {
  return strength(memory) * fadingAt(memory, atMs);
}

/** What fading leaves, in (0, 1]. */
export function fadingAt(memory: Believed, atMs: number): number {
  if (memory.pinned === true) return 1;
  return 2 ** (-Math.max(0, atMs - anchorMs(memory)) / DAY_MS / halfLifeDays(memory));
}

/** The window of the type for what was said once; each doubling of the confirmations adds another window. */
export function halfLifeDays(memory: Believed): number {
  return DECAY_WINDOW_DAYS[memory.type] * (1 + Math.log2(repetitions(memory)));
}

/**
 * Below this a memory is dormant. The floor of its type, but never more than half of its base: so a memory that nothing
 * confirms stays active for its whole window, as 004 asks, also where it was imported with a low confidence.
 */
export function floorOf(memory: Believed): number {
  return Math.min(FLOOR[memory.type], memory.confidence / 2);
}

/** What a memory is at a time. What was proposed, rejected or forgotten stays that whatever the time. */
export function stateAt(memory: Believed, atMs: number): NonNullable<Memory['state']> {
  const { state = 'active' } = memory;
  if (state !== 'active' && state !== 'dormant') return state;
  // A hair below the floor counts as on it: at the end of the window the two are equal but for rounding.
  return confidenceAt(memory, atMs) >= floorOf(memory) - 1e-9 ? 'active' : 'dormant';
}

/** When it will be, or was, at its floor (ms since 1970); null where it does not fade; the anchor where it is below already. */
export function fadesAtMs(memory: Believed): number | null {
  if (memory.pinned === true) return null;
  const windows = Math.log2(strength(memory) / floorOf(memory));
  return anchorMs(memory) + Math.max(0, windows) * halfLifeDays(memory) * DAY_MS;
}

/** Since when it has been fading: the latest of added, confirmed, observed. */
export function anchorMs(memory: Believed): number {
  const times = [memory.added_at ?? memory.created_at, memory.last_confirmed_at, memory.last_observed];
  return Math.max(...times.map((time) => Date.parse(time ?? '')).filter((ms) => !Number.isNaN(ms)), 0);
}

/** How often it was said, confirmed or seen, from 1. */
export function repetitions({ confirmation_count = 1, observation_count = 1 }: Believed): number {
  return Math.max(1, confirmation_count, observation_count);
}

/** Evidence for it, a message counted once. */
export function supporting(evidence: readonly Evidence[]): Evidence[] {
  const byMessage = new Map(
    evidence.filter(({ stance }) => stance !== 'contradicts').map((each) => [each.message_id, each]),
  );
  return [...byMessage.values()];
}
