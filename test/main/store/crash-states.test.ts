import { expect, test } from 'vitest';
import { enumerateCrashes } from './crash-states.ts';

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
      const { states } = await enumerateCrashes({ seed, commits: 14, imagesPerCrash: 6 });
      expect(states).toBeGreaterThan(50);
    }
  }, 120_000);
}
