import { expect, test } from 'vitest';
import { enumerateCrashes } from './crash-states.ts';
import { workloadOf } from './crash-workload.ts';

/** States that `npm test` checks, in four files so that they run side by side; `npm run soak -- crash` checks millions. */
const STATES = 50_000;
const QUARTERS = 4;
/** A test takes about five seconds; twenty times that is allowed on a slow machine, and more. */
const SLICES = 5;
const TIMEOUT_MS = 600_000;

/** Registers the tests of one quarter: seeds of their own, until there are enough states. */
export function enumerateQuarter(quarter: 1 | 2 | 3 | 4): void {
  for (let slice = 1; slice <= SLICES; slice += 1) {
    test(
      `whatever a crash leaves is recovered: nothing acknowledged lost, nothing half-done (${quarter}.${slice})`,
      async () => {
        let states = 0;
        for (let seed = 1_000 * quarter + 100 * slice; states < STATES / QUARTERS / SLICES; seed += 1) {
          const report = await enumerateCrashes(workloadOf(seed));
          expect(report.states).toBeGreaterThan(0);
          states += report.states;
        }
      },
      TIMEOUT_MS,
    );
  }
}
