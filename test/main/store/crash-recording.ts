import type { Durability } from '../../../main/store/durability.ts';
import { SimDisk, seededRandom } from '../../helpers/sim-disk.ts';
import { openOnSimDisk, smallTuning } from '../../helpers/vault-on-sim-disk.ts';
import { asideKey, trashKey } from './crash-files.ts';
import {
  type Act,
  type Bench,
  type State,
  type Workload,
  collections,
  isExpected,
  randomAct,
  stateOf,
} from './crash-workload.ts';

/** What a workload does, commit by commit, on a disk that never fails. */
export interface Model {
  /** In groups that are under way at the same time. */
  readonly groups: readonly (readonly Act[])[];
  /** After 0, 1, 2… acts. */
  readonly states: readonly State[];
  /** What the trash has to hold after so many acts. */
  readonly deleted: readonly (readonly Deleted[])[];
}

interface Deleted {
  /** As the trash keeps it. */
  readonly body: string;
  /** As the quarantine would. */
  readonly aside: string;
  readonly batch: string;
  /** The number of acts issued from which on it may have been restored. */
  readonly until: number;
}

/** One disk that may be found. */
export interface CrashImage {
  readonly disk: SimDisk;
  /** Acts that were promised to survive this crash, and acts that had begun. */
  readonly acknowledged: number;
  readonly issued: number;
  /** 0: the process was killed; others: power cuts. */
  readonly number: number;
  readonly label: string;
}

/** A run, of which the disk keeps each change: before which of them it may crash, and what had been promised by then. */
interface Recording {
  readonly disk: SimDisk;
  readonly points: readonly CrashPoint[];
}

interface CrashPoint {
  /** On the disk's tape. */
  readonly position: number;
  readonly atMs: number;
  readonly step: string;
  readonly issued: number;
  /** By a kill, by a power cut. */
  readonly acknowledged: number;
  readonly promised: number;
}

/** What is known of a disk, among those of which the same is promised. */
export interface KnownDisk {
  isMet: boolean;
  /** As it was recovered, once it has been. */
  state?: State;
}

/** Disks by their fingerprints and by what is promised of them. */
export class KnownDisks {
  readonly #known = new Map<string, KnownDisk>();

  of({ disk, acknowledged, issued }: CrashImage): KnownDisk {
    const key = `${acknowledged} ${issued} ${disk.fingerprint}`;
    const known = this.#known.get(key) ?? { isMet: false };
    this.#known.set(key, known);
    return known;
  }

  /** True once for each. */
  isNew(image: CrashImage): boolean {
    const known = this.of(image);
    const { isMet } = known;
    known.isMet = true;
    return !isMet;
  }
}

const MOST_TOGETHER = 4;

/** An empty vault, made and safe: workloads start from here. */
export async function newVaultDisk(): Promise<SimDisk> {
  const disk = new SimDisk();
  await (await openOnSimDisk(disk, true)).close();
  return disk.afterKill();
}

/** The app's own files are durable at once under any policy, so they are no part of what `relaxed` may lose. */
export function randomGroups({ seed, commits, durability }: Workload): readonly (readonly Act[])[] {
  const random = seededRandom(seed);
  const groups: Act[][] = [];
  let isOpen = false;
  for (let at = 1; at <= commits; at += 1) {
    const act = randomAct(random, at);
    if (durability === 'relaxed' && act.writesAppFile) continue;
    const group = groups.at(-1);
    if (group && isOpen && !act.isAlone && group.length < MOST_TOGETHER) group.push(act);
    else groups.push([act]);
    isOpen = !act.isAlone && random() < 0.5;
  }
  return groups;
}

/** Runs the acts one after the other. */
export async function buildModel(workload: Workload): Promise<Model> {
  const groups = randomGroups(workload);
  const disk = await newVaultDisk();
  const bench: Bench = { disk, open: () => openOnSimDisk(disk), vault: await openOnSimDisk(disk) };
  const states = [await stateOf(bench.vault)];
  let before = await bodies(bench);
  const deleted: Deleted[][] = [[]];
  for (const act of groups.flat()) {
    await act.run(bench).catch(passExpected);
    states.push(await stateOf(bench.vault));
    const after = await bodies(bench);
    deleted.push([...restoredBy(act, deleted.at(-1) ?? [], states.length - 1), ...deletedBy(act, before, after)]);
    before = after;
  }
  await bench.vault.close();
  return { groups, states, deleted: withEnds(deleted) };
}

function passExpected(error: unknown): void {
  if (!isExpected(error)) throw error;
}

type Bodies = ReadonlyMap<string, (batch: string) => Pick<Deleted, 'body' | 'aside'>>;

async function bodies({ vault }: Bench): Promise<Bodies> {
  const found = new Map<string, (batch: string) => Pick<Deleted, 'body' | 'aside'>>();
  for (const name of collections) {
    for (const record of await vault.collection(name).find())
      found.set(`${name}/${record.id}`, (batch) => ({ body: trashKey(batch, name, record), aside: asideKey(record) }));
  }
  return found;
}

function deletedBy({ trashBatch: batch }: Act, before: Bodies, after: Bodies): Deleted[] {
  if (batch === undefined) return [];
  const gone = [...before].filter(([id]) => !after.has(id));
  return gone.map(([, key]) => ({ ...key(batch), batch, until: Infinity }));
}

function restoredBy({ restores }: Act, deleted: readonly Deleted[], at: number): Deleted[] {
  return deleted.map((each) => (each.batch === restores && each.until === Infinity ? { ...each, until: at } : each));
}

/** When a later act restores it, that holds for the states before as well: the act may have begun. */
function withEnds(deleted: readonly (readonly Deleted[])[]): Deleted[][] {
  const ends = new Map((deleted.at(-1) ?? []).map(({ body, until }) => [body, until]));
  return deleted.map((each) => each.map((one) => ({ ...one, until: ends.get(one.body) ?? one.until })));
}

/** Runs the acts as the groups say, and notes each act on the disk. */
export async function recordRun({ seed, durability = 'normal' }: Workload, { groups }: Model): Promise<Recording> {
  const disk = await newVaultDisk();
  const points: CrashPoint[] = [];
  const done: boolean[] = [];
  let [issued, acknowledged] = [0, 0];
  const flushes = trackFlushes(durability);
  const note = (step: string): void => {
    const { position, clock } = disk;
    points.push({ position, atMs: clock.ms, step, issued, acknowledged, promised: flushes.promised(acknowledged) });
  };
  const finished = (at: number): void => {
    done[at] = true;
    // A refusal may be heard of before the acts issued earlier are durable.
    while (done[acknowledged]) acknowledged += 1;
  };
  disk.startTape();
  disk.interfere = ({ act, path }) => {
    if (act === 'read') return;
    note(`${act} ${path}`);
    flushes.note(act, path, acknowledged);
  };
  // Of some workloads most commits call for a checkpoint, of others few.
  const tuning = { ...smallTuning, checkpointRecords: 1 + (seed % 6) };
  const open = () => openOnSimDisk(disk, false, { durability, tuning });
  const bench: Bench = { disk, open, vault: await open() };
  const timers = seededRandom(seed + 7_919);
  for (const group of groups) {
    const isTimerDue = group.every(({ isAlone }) => !isAlone) && timers() < 0.5;
    const timer = isTimerDue ? settleAfter(bench, Math.floor(timers() * 40)) : undefined;
    const runs = group.map((act) => {
      const at = issued;
      issued += 1;
      return act
        .run(bench)
        .catch(passExpected)
        .then(() => finished(at));
    });
    await Promise.all([...runs, timer]);
  }
  await bench.vault.close();
  note('the end');
  disk.interfere = () => undefined;
  return { disk, points };
}

/** Goes through a run once more, and builds at each point the disks that may be found there. One at a time, since they are large. */
export function* imagesOf(
  { disk, points }: Recording,
  { seed, imagesPerCrash }: Workload,
): Generator<CrashImage, void> {
  disk.rewind();
  let position = 0;
  for (const [crash, point] of points.entries()) {
    disk.forward(position, point.position);
    ({ position } = point);
    disk.clock.set(point.atMs);
    const { issued } = point;
    // A power cut that takes nothing is a kill.
    for (let number = 0; number < (disk.isSafe ? 1 : imagesPerCrash); number += 1) {
      const random = seededRandom(seed * 1_000_003 + crash * 31 + number);
      const found = number === 0 ? disk.afterKill() : disk.afterPowerCut(random);
      const acknowledged = number === 0 ? point.acknowledged : point.promised;
      yield {
        disk: found,
        acknowledged,
        issued,
        number,
        label: `crash ${crash} before ${point.step}, image ${number}`,
      };
    }
  }
}

/** As the timer does that lets the files catch up: at any step of what is under way, also between a commit and its flush. */
async function settleAfter({ vault }: Bench, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  await vault.settleFiles();
}

/** What a power cut may not take: under `relaxed` what had been acknowledged when the log was last flushed. */
function trackFlushes(durability: Durability): {
  note(act: string, path: string, acknowledged: number): void;
  promised(acknowledged: number): number;
} {
  let flushed = 0;
  return {
    note(act, path, acknowledged) {
      if (act === 'sync' && path.startsWith('/vault/_wal/') && path.endsWith('.log')) flushed = acknowledged;
    },
    promised: (acknowledged) => (durability === 'relaxed' ? flushed : acknowledged),
  };
}
