import { runHistory } from './simulation.ts';

/** Runs histories by seed; stops at the first violation. */
export async function runHistories(from: number, count: number): Promise<{ seed: number; error: Error } | null> {
  for (let seed = from; seed < from + count; seed += 1) {
    try {
      await runHistory(seed);
    } catch (error) {
      return { seed, error: error as Error };
    }
  }
  return null;
}
