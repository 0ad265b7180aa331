/** Runs histories on the sources beside it, which may have been changed on purpose (mutants.ts). Says as JSON what was found first, or null. */
import { runHistory } from '../simulation.ts';

const seeds = Number(process.argv[2] ?? 1);
const first = Number(process.argv[3] ?? 1);

async function find(): Promise<string | null> {
  for (let seed = first; seed < first + seeds; seed += 1) {
    try {
      await runHistory(seed);
    } catch (error) {
      return `${seed}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return null;
}

process.stdout.write(JSON.stringify(await find()));
process.exit(0);
