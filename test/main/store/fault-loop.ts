import { AppError } from '../../../shared/errors.ts';
import { type SimDisk, type Step, diskError } from '../../helpers/sim-disk.ts';
import { openOnSimDisk } from '../../helpers/vault-on-sim-disk.ts';
import { newVaultDisk, randomGroups } from './crash-recording.ts';
import { type Act, type Bench, type State, isExpected, stateOf } from './crash-workload.ts';

/**
 * The loop of failing disk calls (reliability.md §4.7, 6): a workload in which the i-th call fails, for every i, with
 * every fault, once or from then on. What is checked:
 *
 *     a refusal is an AppError with a code and a remedy
 *     what was acknowledged is there, what was refused is not: in memory, after the fault, and after opening anew
 *     once the fault has cleared, writing works again without opening anew
 *
 * A staged batch (import, restore) that is refused may be a fact all the same and finished later: types.ts says so.
 */
export const faults = ['EIO', 'ENOSPC', 'EPERM', 'EBUSY', 'EMFILE', 'short write', 'failed sync'] as const;
export type Fault = (typeof faults)[number];

export interface FaultReport {
  /** Workloads run to their end with a fault inside. */
  readonly runs: number;
  readonly refusals: number;
}

export interface FaultPlan {
  readonly seed: number;
  /** Every so many calls of the disk is made to fail; 1: every one. */
  readonly stride: number;
}

const ACTS = 12;

export async function loopFaults({ seed, stride }: FaultPlan): Promise<FaultReport> {
  let runs = 0;
  let refusals = 0;
  let turn = 0;
  const acts = randomGroups({ seed, commits: ACTS, imagesPerCrash: 0 }).flat();
  for (const isSticky of [false, true]) {
    for (const fault of faults) {
      // Each fault begins elsewhere, so that a stride leaves no call out for all of them.
      for (let at = turn++ % stride; ; at += stride) {
        const run = await runWithFault(
          acts,
          { fault, at, isSticky },
          `seed ${seed}, ${fault} ${isSticky ? 'from' : 'at'} call ${at}`,
        );
        if (!run.isReached) break;
        runs += 1;
        refusals += run.refusals;
      }
    }
  }
  return { runs, refusals };
}

interface Planned {
  readonly fault: Fault;
  readonly at: number;
  readonly isSticky: boolean;
}

/** How many refusals a fault that stays is given before it clears. */
const PATIENCE = 2;

async function runWithFault(
  acts: readonly Act[],
  planned: Planned,
  label: string,
): Promise<{ isReached: boolean; refusals: number }> {
  const disk = await newVaultDisk();
  const failing = failingDisk(disk, planned);
  const bench: Bench = { disk, open: () => openOnSimDisk(disk), vault: await openOnSimDisk(disk) };
  const mirror = await newMirror();
  failing.arm();
  let refusals = 0;
  let closed = false;
  const log: string[] = [];
  for (const act of acts) {
    // What was refused while the disk refused everything may stand after all, if nothing could be written until the end.
    if (refusals > 0 && act.label === 'close and open') failing.heal();
    const refused = await attempt(act, bench, label);
    log.push(`${act.label}${refused ? ' REFUSED' : ''}`);
    if (refused) {
      refusals += 1;
      closed ||= act.label === 'close and open';
      if (!planned.isSticky || refusals >= PATIENCE || closed) failing.heal();
      // A vault that could not be opened is opened now that the disk works again.
      if (closed) bench.vault = await bench.open();
      closed = false;
    }
    await mirror.follow(act, bench, refused, label);
  }
  failing.heal();
  await mirror.compare(bench, `${label}: after the fault (${log.join(', ')})`);
  await bench.vault.collection('conversations').insertOne({ id: 'after', created_at: '2026-01-01T00:00:00.000Z' });
  await mirror.insertAfter();
  await mirror.compare({ ...bench, vault: await openOnSimDisk(disk.afterKill()) }, `${label}: killed and opened anew`);
  await bench.vault.settleFiles();
  await mirror.compare(bench, `${label}: once the files have caught up`);
  await bench.vault.close();
  bench.vault = await bench.open();
  await mirror.compare(bench, `${label}: opened anew`);
  await bench.vault.rebuild();
  await mirror.compare(bench, `${label}: rebuilt`);
  await bench.vault.close();
  return { isReached: failing.isReached(), refusals };
}

/** Whether the act was refused. Anything but a clear refusal is a violation. */
async function attempt(act: Act, bench: Bench, label: string): Promise<boolean> {
  try {
    await act.run(bench);
    return false;
  } catch (error) {
    if (isExpected(error)) return false;
    const isClear =
      error instanceof AppError && ['DISK_FULL', 'DISK_ERROR'].includes(error.code) && error.remedy.length > 0;
    if (isClear) return true;
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`${label}, ${act.label}: not a clear refusal: ${what}`, { cause: error });
  }
}

interface Mirror {
  /** Does the same on a disk that never fails, unless it was refused. */
  follow(act: Act, bench: Bench, refused: boolean, label: string): Promise<void>;
  insertAfter(): Promise<void>;
  compare(bench: Bench, label: string): Promise<void>;
}

/** A vault beside it that is told only what was acknowledged. */
async function newMirror(): Promise<Mirror> {
  const disk = await newVaultDisk();
  const twin: Bench = { disk, open: () => openOnSimDisk(disk), vault: await openOnSimDisk(disk) };
  const state = (): Promise<State> => stateOf(twin.vault);

  return {
    async follow(act, bench, refused) {
      if (!refused) return void (await attempt(act, twin, 'the mirror'));
      if (!mayStand(act)) return;
      const before = await state();
      if ((await visible(bench)) === before) return;
      // Refused after its commit point: the next write finishes it.
      await attempt(act, twin, 'the mirror');
    },
    insertAfter: async () => {
      await twin.vault.collection('conversations').insertOne({ id: 'after', created_at: '2026-01-01T00:00:00.000Z' });
    },
    async compare(bench, label) {
      const [wanted, found] = [await state(), await stateOf(bench.vault)];
      if (wanted !== found) throw new Error(`${label}: ${differences(found, wanted)}`);
    },
  };
}

/** Only what is on one side. */
function differences(found: State, wanted: State): string {
  const parts = (state: State): Set<string> => new Set(state.replaceAll('},{', '}\n{').split('\n'));
  const [held, due] = [parts(found), parts(wanted)];
  const only = (a: Set<string>, b: Set<string>): string => [...a].filter((part) => !b.has(part)).join('\n');
  return `the vault holds\n${only(held, due)}\nwhere was acknowledged\n${only(due, held)}`;
}

/** What may be a fact although it was refused: the last sync failed, not the write. */
function mayStand(act: Act): boolean {
  return act.label === 'import' || act.restores !== undefined || act.writesAppFile === true;
}

/** What the vault shows once it has finished what it can, on a disk that works for a moment. */
async function visible(bench: Bench): Promise<State> {
  const { interfere } = bench.disk;
  bench.disk.interfere = () => undefined;
  // Any write finishes a batch that is a fact before it does its own work.
  await bench.vault.collection('conversations').deleteOne({ id: 'nobody' });
  const state = await stateOf(bench.vault);
  bench.disk.interfere = interfere;
  return state;
}

interface FailingDisk {
  arm(): void;
  heal(): void;
  isReached(): boolean;
}

function failingDisk(disk: SimDisk, { fault, at, isSticky }: Planned): FailingDisk {
  let count = 0;
  let isReached = false;
  const isMeant = ({ act }: Step): boolean =>
    fault === 'short write' ? act === 'write' : fault !== 'failed sync' || act === 'sync' || act === 'syncFolder';
  const fail = (step: Step): number | void => {
    if (!isMeant(step)) return;
    const here = count;
    count += 1;
    if (here < at || (here > at && !isSticky)) return;
    isReached = true;
    if (fault === 'short write') return 0.5;
    throw diskError(fault === 'failed sync' ? 'EIO' : fault, step.path);
  };
  return {
    arm: () => void (disk.interfere = fail),
    heal: () => void (disk.interfere = () => undefined),
    isReached: () => isReached,
  };
}
