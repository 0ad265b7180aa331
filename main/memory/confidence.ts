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

/** What becomes of a memory's confidence as long as its record stays as it is: all that the time is put into. */
export interface Fading {
  readonly strength: number;
  /** Since when it fades, ms since 1970. */
  readonly anchorMs: number;
  /** Infinity for what is pinned. */
  readonly halfLifeDays: number;
  readonly floor: number;
  /** When it is at its floor; null where it does not fade, the anchor where it is below already. */
  readonly fadesAtMs: number | null;
}

/** Reading times costs more than all the rest, and records are never changed in place. */
const fadings = new WeakMap<Believed, Fading>();

export function fadingOf(memory: Believed): Fading {
  const known = fadings.get(memory);
  if (known) return known;
  const [strong, anchor, floor] = [strength(memory), anchorMs(memory), floorOf(memory)];
  const isPinned = memory.pinned === true;
  const windows = Math.max(0, Math.log2(strong / floor));
  const fading: Fading = {
    strength: strong,
    anchorMs: anchor,
    halfLifeDays: isPinned ? Infinity : halfLifeDays(memory),
    floor,
    fadesAtMs: isPinned ? null : anchor + windows * halfLifeDays(memory) * DAY_MS,
  };
  fadings.set(memory, fading);
  return fading;
}

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
  return fadedTo(fadingOf(memory), atMs);
}

/** What `confidenceAt` computes. */
export function fadedTo(fading: Fading, atMs: number): number {
  return fading.strength * leftOf(fading, atMs);
}

/** What fading leaves, in (0, 1]. */
export function fadingAt(memory: Believed, atMs: number): number {
  return leftOf(fadingOf(memory), atMs);
}

function leftOf({ anchorMs: since, halfLifeDays: half }: Fading, atMs: number): number {
  return 2 ** (-Math.max(0, atMs - since) / DAY_MS / half);
}

/** So near to the time at which it fades the exact number decides. */
const CLOSE_MS = 60_000;

/** Whether it is below its floor. A hair below counts as on it: at the end of the window the two are equal but for rounding. */
export function isFaded(fading: Fading, atMs: number): boolean {
  const { strength: most, floor, fadesAtMs: fades } = fading;
  if (fades === null || most < floor || Math.abs(atMs - fades) < CLOSE_MS) return fadedTo(fading, atMs) < floor - 1e-9;
  return atMs > fades;
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
  return isFaded(fadingOf(memory), atMs) ? 'dormant' : 'active';
}

/** When it will be, or was, at its floor (ms since 1970); null where it does not fade; the anchor where it is below already. */
export function fadesAtMs(memory: Believed): number | null {
  return fadingOf(memory).fadesAtMs;
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
