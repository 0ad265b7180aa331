import { expect, test } from 'vitest';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { mutants } from './mutants.ts';
import { tryMutant } from './try-mutant.ts';

/** Workloads enough to find each that can be found; an equivalent one is shown on a few. */
const SEEDS = 12;
const SEEDS_FOR_EQUIVALENT = 2;

/** A rule that was broken, or a fault and where: sources that do not run at all find nothing. */
const FINDING = /^(?:(?:S[1-6]|open): |seed \d+, \S.* at call \d+: )/;

for (const mutant of mutants) {
  if (mutant.equivalent === undefined) {
    test(`the checks find this fault: ${mutant.name}`, async () => {
      expect(await tryMutant(tempFolder(), mutant, mutant.seeds ?? SEEDS)).toMatch(FINDING);
    }, 600_000);
  } else {
    test(`nothing can find this one: ${mutant.name}`, async () => {
      expect(await tryMutant(tempFolder(), mutant, SEEDS_FOR_EQUIVALENT)).toBeNull();
    }, 240_000);
  }
}
