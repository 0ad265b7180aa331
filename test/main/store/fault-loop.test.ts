import { expect, test } from 'vitest';
import { loopFaults } from './fault-loop.ts';

// Every ninth call for each fault, and for each another ninth; the soak takes every call.
for (const seed of [2, 3, 6, 7, 8]) {
  test(`whichever disk call fails, refusals are clear, nothing acknowledged is lost, and writing goes on (workload ${seed})`, async () => {
    const { runs, refusals } = await loopFaults({ seed, stride: 9 });
    expect(runs).toBeGreaterThan(50);
    expect(refusals).toBeGreaterThan(20);
  }, 600_000);
}
