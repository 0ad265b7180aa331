import { test } from 'vitest';
import { checked, regressions, testDeterminism, testHistories } from './histories.ts';
import { noExtras } from './simulation.ts';

for (const [seed, about] of regressions) {
  test(`history ${seed}: ${about}`, () => checked(seed, noExtras), 60_000);
}
testDeterminism([1, 2, 3, 5, 8, 13, 21, 34, 55, 89]);
testHistories(1, 10_000);
