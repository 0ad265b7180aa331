import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loopFaults } from '../main/store/fault-loop.ts';
import { loopKills } from '../main/store/kill-loop.ts';
import { contestLocks, contestMaking } from '../main/store/lock-contest.ts';
import { soakCrashes } from './crash-soak.ts';
import { soakReal } from './real-soak.ts';
import { soakSync } from './sync-soak.ts';

/**
 * Long runs of what the tests run briefly; docs/reliability.md. Exits 1 at the first violation.
 *
 *     npm run soak -- crash [--states 5000000] [--workers 2] [--from 1]
 *     npm run soak -- sync [--histories 2000000] [--workers 2]
 *     npm run soak -- sync-real [--real 2000] [--from 0]
 *     npm run soak -- faults | kill | locks | making
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    states: { type: 'string', default: '5000000' },
    histories: { type: 'string', default: '2000000' },
    real: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '2' },
    from: { type: 'string' },
  },
});

const KILLS = 500;
const TAKEOVERS = 200;
const MAKINGS = 100;
const FAULT_WORKLOADS = 10;

const runs: Readonly<Record<string, () => Promise<boolean>>> = {
  crash: () =>
    soakCrashes({
      states: Number(values.states),
      workers: Number(values.workers),
      from: values.from === undefined ? undefined : Number(values.from),
    }),
  sync: () =>
    soakSync({
      histories: Number(values.histories),
      workers: Number(values.workers),
      from: values.from === undefined ? undefined : Number(values.from),
    }),
  'sync-real': () => told(() => soakReal(Number(values.real), Number(values.from ?? 0))),
  faults: () =>
    told(async () => {
      for (let seed = 1; seed <= FAULT_WORKLOADS; seed += 1) {
        const { runs: failed, refusals } = await loopFaults({ seed, stride: 1 });
        say(`workload ${seed}: ${failed} runs with a fault, ${refusals} refusals`);
      }
    }),
  kill: () =>
    told(() =>
      inFolder(async (folder) => {
        const { cycles, acknowledged } = await loopKills(join(folder, 'vault'), KILLS);
        say(`${cycles} kills, ${acknowledged} acknowledged writes, none lost`);
      }),
    ),
  locks: () =>
    told(() =>
      inFolder(async (folder) => {
        const taken = await contestLocks(join(folder, 'vault'), TAKEOVERS);
        say(`${TAKEOVERS} contested takeovers, ${taken} with a new owner, none with two`);
      }),
    ),
  making: () =>
    told(() =>
      inFolder(async (folder) => {
        await contestMaking(folder, MAKINGS);
        say(`${MAKINGS} vaults made by 8 processes at once, each with one owner, the others told so`);
      }),
    ),
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function told(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    say(`VIOLATION ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return false;
  }
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-soak-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const names = positionals.length === 0 ? Object.keys(runs) : positionals;
for (const name of names) {
  const run = runs[name];
  if (!run) {
    process.stderr.write(`There is no soak "${name}"; there are: ${Object.keys(runs).join(', ')}.\n`);
    process.exit(2);
  }
  if (!(await run())) process.exit(1);
}
// Timers of vaults that were left as a crash leaves them.
process.exit(0);
