import { expect, test } from 'vitest';
import { type Extras, runHistory } from './simulation.ts';

/** Seeds that once broke an invariant; each stays, with what it was about. */
export const regressions: readonly (readonly [number, string])[] = [
  [644, 'what had been sent long ago was taken for what both sides grew from'],
  [2618, 'a record made private between a read and a commit was taken for none'],
  [51_313, 'another program’s version has the stamp of the one before'],
  [51_708, 'of several versions that were sent, an older one had arrived'],
  [1_064_113, 'another program’s old version, pushed again, was taken for its newest'],
  [2_506_423, 'between two comparisons another database without streams was taken for ours'],
];

const CHUNK = 500;

/** Histories by seed, in tests of a few hundred, so that each is far from any time limit. */
export function testHistories(from: number, count: number): void {
  for (let start = from; start < from + count; start += CHUNK) {
    test(`histories ${start} to ${start + CHUNK - 1} end equal, with nothing lost`, async () => {
      for (let seed = start; seed < start + CHUNK; seed += 1) await checked(seed);
    }, 600_000);
  }
}

export async function checked(seed: number, extras?: Extras): Promise<void> {
  try {
    await runHistory(seed, extras);
  } catch (error) {
    throw new Error(`history ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** I12 */
export function testDeterminism(seeds: readonly number[]): void {
  test('the same seed is the same history', async () => {
    for (const seed of seeds) expect((await runHistory(seed)).trace).toBe((await runHistory(seed)).trace);
  }, 120_000);
}
