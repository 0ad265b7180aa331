import { expect, test } from 'vitest';
import { enumerateCrashes } from './crash-states.ts';
import { WORKLOAD } from './crash-workload.ts';

/** States that `npm test` checks, in four files so that they run side by side; `npm run soak -- crash` checks millions. */
const STATES = 6_000;
const QUARTERS = 4;

/** Registers the test of one quarter: seeds of its own, until there are enough states. */
export function enumerateQuarter(quarter: 1 | 2 | 3 | 4): void {
  test(`whatever a crash leaves is recovered: nothing acknowledged lost, nothing half-done (quarter ${quarter})`, async () => {
    let states = 0;
    for (let seed = 1_000 * quarter; states < STATES / QUARTERS; seed += 1) {
      const report = await enumerateCrashes({ seed, ...WORKLOAD });
      expect(report.states).toBeGreaterThan(0);
      states += report.states;
    }
  }, 1_800_000);
}
