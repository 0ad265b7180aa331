import type { MemoryType } from '../../shared/collections/memories.ts';

/** The numbers of the memory model, in one place. Thresholds and windows are seed 004's; the others are ours (docs/memory.md). */

export { LEAST_CONFIDENCE, LEAST_STORED } from '../../shared/memory/least-confidence.ts';

/** Days for which a memory lasts that nothing confirms. */
export const DECAY_WINDOW_DAYS: Readonly<Record<MemoryType, number>> = {
  USER_FACT: 30,
  USER_PATTERN: 14,
  SHARED_NARRATIVE: 7,
};

/** A memory whose confidence falls below this goes dormant: half of the least it can be added with. */
export const FLOOR: Readonly<Record<MemoryType, number>> = {
  USER_FACT: 0.4,
  USER_PATTERN: 0.375,
  SHARED_NARRATIVE: 0.3,
};

/** What is left of the doubt (1 − confidence) after a confirmation, and after a further message as evidence. */
export const DOUBT_AFTER_CONFIRMATION = 0.75;
export const DOUBT_AFTER_EVIDENCE = 0.95;
/** What is left of the confidence after a contradiction. */
export const LEFT_AFTER_CONTRADICTION = 0.6;

export const DAY_MS = 86_400_000;
