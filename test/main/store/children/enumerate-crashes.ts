/**
 * Runs the crash enumeration or the loop of failing disk calls on the store beside it, which may have been changed
 * on purpose (mutants.ts). Says as JSON what was found first, or null.
 */
import { enumerateCrashes } from '../crash-states.ts';
import { WORKLOAD } from '../crash-workload.ts';
import { loopFaults } from '../fault-loop.ts';

const [by, seeds = '1'] = process.argv.slice(2);

async function find(): Promise<string | null> {
  try {
    for (let seed = 1; seed <= Number(seeds); seed += 1) {
      if (by === 'faults') await loopFaults({ seed, stride: 5 });
      else await enumerateCrashes({ seed, ...WORKLOAD });
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

process.stdout.write(JSON.stringify(await find()));
// Timers of vaults that crashed must not keep it alive.
process.exit(0);
