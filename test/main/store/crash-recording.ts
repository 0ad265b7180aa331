import type { Durability } from '../../../main/store/durability.ts';
import { SimDisk, seededRandom } from '../../helpers/sim-disk.ts';
import { openOnSimDisk, smallTuning } from '../../helpers/vault-on-sim-disk.ts';
import { asideKey, trashKey } from './crash-files.ts';
import { type Act, type Bench, type State, collections, isExpected, randomAct, stateOf } from './crash-workload.ts';

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

/** One disk that may be found. No two of a recording are alike and promise the same. */
export interface CrashImage {
  readonly disk: SimDisk;
  /** Acts that were promised to survive this crash, and acts that had begun. */
  readonly acknowledged: number;
  readonly issued: number;
  /** 0: the process was killed; others: power cuts. */
  readonly number: number;
  readonly label: string;
}

export interface Recording {
  readonly images: readonly CrashImage[];
  /** Those that were built, with those that equalled one before. */
  readonly built: number;
  readonly crashPoints: number;
}

/** What is known of a disk, among those of which the same is promised. */
export interface KnownDisk {
  /** As it was recovered, once it has been. */
  state?: State;
  /** As it has to be recovered, where that is known. */
  wanted?: State;
}

/** Which images have been met, by the disk's fingerprint and by what is promised of it. */
export class KnownDisks {
  readonly #known = new Map<string, KnownDisk>();

  /** Whether it is unlike all before. */
  isNew({ disk, acknowledged, issued }: CrashImage): boolean {
    const key = `${acknowledged} ${issued} ${disk.fingerprint}`;
    if (this.#known.has(key)) return false;
    this.#known.set(key, {});
    return true;
  }

  /** Of one that has been met. */
  of({ disk, acknowledged, issued }: CrashImage): KnownDisk {
    const known = this.#known.get(`${acknowledged} ${issued} ${disk.fingerprint}`);
    if (known === undefined) throw new Error('This image has not been met.');
    return known;
  }
}

export interface Workload {
  readonly seed: number;
  readonly commits: number;
  readonly imagesPerCrash: number;
  /** `normal` unless said otherwise. */
  readonly durability?: Durability;
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

/** Runs the acts as the groups say, and puts disks aside before every act on the disk. */
export async function recordRun(
  { seed, imagesPerCrash, durability = 'normal' }: Workload,
  { groups }: Model,
  known: KnownDisks,
): Promise<Recording> {
  const disk = await newVaultDisk();
  const images: CrashImage[] = [];
  const done: boolean[] = [];
  let [issued, acknowledged, crashPoints, built] = [0, 0, 0, 0];
  const flushes = trackFlushes(durability);
  const record = (step: string): void => {
    for (let number = 0; number < (disk.isSafe ? 1 : imagesPerCrash); number += 1) {
      const random = seededRandom(seed * 1_000_003 + crashPoints * 31 + number);
      const found = number === 0 ? disk.afterKill() : disk.afterPowerCut(random);
      const label = `crash ${crashPoints} before ${step}, image ${number}`;
      const promised = number === 0 ? acknowledged : flushes.promised(acknowledged);
      const image = { disk: found, acknowledged: promised, issued, number, label };
      if (known.isNew(image)) images.push(image);
      built += 1;
    }
    crashPoints += 1;
  };
  const finished = (at: number): void => {
    done[at] = true;
    // A refusal may be heard of before the acts issued earlier are durable.
    while (done[acknowledged]) acknowledged += 1;
  };
  disk.interfere = ({ act, path }) => {
    if (act === 'read') return;
    record(`${act} ${path}`);
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
  record('the end');
  disk.interfere = () => undefined;
  return { images, built, crashPoints };
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
