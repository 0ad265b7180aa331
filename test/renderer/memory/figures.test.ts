import { expect, test } from 'vitest';
import {
  confidenceBins,
  fadingDays,
  growthOf,
  middleConfidence,
} from '../../../renderer/features/memory/overview/overview-figures.ts';
import { fixtureMemory } from '../../helpers/fixture-memory.ts';

const nowMs = Date.parse('2026-11-21T12:00:00.000Z');
const daysAgo = (days: number): string => new Date(nowMs - days * 86_400_000).toISOString();

test('growth sums up by type, ends now, and begins before the first', () => {
  const memories = [
    fixtureMemory('a', { added_at: daysAgo(20) }),
    fixtureMemory('b', { added_at: daysAgo(1), type: 'USER_PATTERN' }),
    // Another machine's clock may be ahead.
    fixtureMemory('c', { added_at: daysAgo(-1), type: 'SHARED_NARRATIVE' }),
  ];
  const growth = growthOf(memories, nowMs);
  expect(growth.at(-1)).toEqual({ untilMs: nowMs, USER_FACT: 1, USER_PATTERN: 1, SHARED_NARRATIVE: 1 });
  expect(growth[0]?.untilMs).toBeLessThanOrEqual(nowMs - 20 * 86_400_000);
  expect(growth).toHaveLength(21);
});

test('years of memories are drawn in no more than 32 steps, nothing in none', () => {
  for (const days of [0, 29, 31, 400, 4000, 9000]) {
    expect(growthOf([fixtureMemory('a', { added_at: daysAgo(days) })], nowMs).length).toBeLessThanOrEqual(32);
  }
  expect(growthOf([], nowMs)).toEqual([]);
});

test('confidences fall into ten steps as they are shown', () => {
  const bins = confidenceBins([
    fixtureMemory('a', { current_confidence: 0.6999 }),
    fixtureMemory('b', { current_confidence: 1 }),
    fixtureMemory('c', { current_confidence: 0.04, state: 'dormant' }),
  ]);
  expect(bins).toHaveLength(10);
  expect([bins[7]?.active, bins[9]?.active, bins[0]?.dormant]).toEqual([1, 1, 1]);
  expect(middleConfidence([])).toBe(0);
});

test('what fades is counted on its local day of the coming seven; what is dormant has faded', () => {
  const now = new Date(2026, 10, 21);
  const at = (day: number, hour: number): string => new Date(2026, 10, day, hour).toISOString();
  const days = fadingDays(
    [
      fixtureMemory('late', { fades_at: at(23, 23) }),
      fixtureMemory('early', { fades_at: at(23, 0) }),
      fixtureMemory('last', { fades_at: at(27, 23) }),
      fixtureMemory('after', { fades_at: at(28, 0) }),
      fixtureMemory('gone', { fades_at: at(22, 1), state: 'dormant' }),
      fixtureMemory('pinned', { fades_at: null }),
    ],
    now,
  );
  expect(days.map(({ memories }) => memories.map(({ id }) => id))).toEqual([
    [],
    [],
    ['early', 'late'],
    [],
    [],
    [],
    ['last'],
  ]);
});
