import type { MemoryType } from '../../../shared/collections/memories.ts';

/** Least confidence with which a memory of this type may be added: main/memory/rules.ts decides, a test holds them equal. */
export const leastConfidence: Readonly<Record<MemoryType, number>> = {
  USER_FACT: 0.8,
  USER_PATTERN: 0.75,
  SHARED_NARRATIVE: 0.6,
};

/** Least confidence of any memory that is kept. */
export const leastKept = 0.6;
