import type { MemoryType } from '../collections/memories.ts';

/** Least confidence with which a memory of this type may be added; seed 004. */
export const LEAST_CONFIDENCE: Readonly<Record<MemoryType, number>> = {
  USER_FACT: 0.8,
  USER_PATTERN: 0.75,
  SHARED_NARRATIVE: 0.6,
};

/** Least confidence of any stored memory. */
export const LEAST_STORED = 0.6;
