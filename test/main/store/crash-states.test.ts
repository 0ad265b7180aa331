import { expect, test } from 'vitest';
import { enumerateCrashes } from './crash-states.ts';
import { WORKLOAD, workloadOf } from './crash-workload.ts';

/** The seeds with which each of these was found; the store has to hold on them for good. */
const found: Readonly<Record<string, readonly number[]>> = {
  'a flipped bit in an unsynced file made a record of another id, or at another day': [5, 22],
  'a deletion became durable before its copy in the trash': [2, 3, 6],
  'a copy in the trash was appended to the torn half of another': [137, 164],
  'a deletion during a checkpoint lost the version before it': [39],
  'a record that an import moved to another day stood under both': [38],
};

for (const [what, seeds] of Object.entries(found)) {
  test(`it does not happen again that ${what}`, async () => {
    for (const seed of seeds) {
      const { states } = await enumerateCrashes({ seed, ...WORKLOAD });
      expect(states).toBeGreaterThan(50);
    }
  }, 600_000);
}

/** As above, with workloads of other sizes. */
const foundLater: Readonly<Record<string, readonly number[]>> = {
  'a record edited while its former version was being written could not be deleted any more': [2_300],
  'a new file took the place of a deleted one before that was safe in the trash': [4_500],
};

for (const [what, seeds] of Object.entries(foundLater)) {
  test(`it does not happen again that ${what}`, async () => {
    for (const seed of seeds) {
      const { states } = await enumerateCrashes(workloadOf(seed));
      expect(states).toBeGreaterThan(50);
    }
  }, 600_000);
}
