import type { Vault } from '../../../main/store/types.ts';
import { seededRandom } from '../../helpers/sim-disk.ts';
import { withoutTimers } from '../../helpers/without-timers.ts';
import { openOnSimDisk } from '../../helpers/vault-on-sim-disk.ts';
import { keptBodies, stateInFiles } from './crash-files.ts';
import { type CrashImage, KnownDisks, type Model, buildModel, imagesOf, recordRun } from './crash-recording.ts';
import { type State, type Workload, collections, stateOf } from './crash-workload.ts';

/**
 * Crash enumeration over the whole vault (reliability.md §4.7). A random workload runs once; before each act on the
 * disk, several disks that may be found after a kill or a power cut are put aside. Each is recovered and checked. While
 * half of them are recovered, the disk that a second crash would leave is put aside too, and for a fourth the one that
 * a power cut right after recovery would; these are states like the others, and may crash once more. What is checked:
 *
 *     S1  every acknowledged commit is there
 *     S2  the state is that after some prefix of the commits issued, each whole
 *     S3  recovering again gives the same state, after a crash inside recovery or right after it
 *     S4  the index says what the files say, read by code that is not the store's; for some, a rebuild changes nothing
 *     S5  once recovered, no file under a record's name is half-written
 *     S6  what was deleted stands in the trash or the quarantine, as it last was
 */
export interface CrashReport {
  /** Disks opened, recovered and checked, no two of a run alike. */
  readonly states: number;
  /** Of those, disks that a crash inside recovery left. */
  readonly crashedInRecovery: number;
  /** Of those, disks that a power cut right after recovery left. */
  readonly crashedAfterRecovery: number;
  /** Disks built; those that equal one before are not checked again. */
  readonly images: number;
  readonly crashPoints: number;
}

export type Rule = 'S1' | 'S2' | 'S3' | 'S4' | 'S5' | 'S6' | 'open';

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly rule: Rule;
  constructor(rule: Rule, label: string, message: string, cause?: unknown) {
    super(`${rule}: ${message} (${label})`, { cause });
    this.rule = rule;
  }
}

/** Every so many states are rebuilt from their files; crash again inside recovery; lose their power right after it. */
const REBUILT = 8;
const CRASHED_INSIDE = 2;
const CRASHED_AFTER = 4;
/** Crashes one after the other. */
const DEEPEST = 3;

/** Throws a Violation at the first one, naming seed, crash point and image. */
export function enumerateCrashes(plan: Workload): Promise<CrashReport> {
  return withoutTimers(async () => {
    const model = await buildModel(plan);
    const recording = await recordRun(plan, model);
    const { counts, check } = createChecker(plan.seed, model);
    for (const image of imagesOf(recording, plan)) {
      await check({ ...image, label: `seed ${plan.seed}, ${image.label}` });
    }
    return { ...counts, crashPoints: recording.points.length };
  });
}

/** An image that recovery gave rise to. Whatever it recovers to has to be what the one before did. */
interface NextImage extends CrashImage {
  readonly after: 'crash in recovery' | 'recovery';
  readonly wanted: State;
  /** So many, one after the other. */
  readonly crashes: number;
}

/** Checks an image, and those that it gives rise to. */
function createChecker(seed: number, model: Model) {
  const known = new KnownDisks();
  const counts = { states: 0, crashedInRecovery: 0, crashedAfterRecovery: 0, images: 0 };
  /** Acts on the disk that a recovery takes, by the last one. */
  let usualSteps = 20;

  async function check(first: CrashImage): Promise<void> {
    const next: NextImage[] = [];
    await checkOne(first, 1, next);
    for (let image = next.pop(); image; image = next.pop()) {
      const here = known.of(image);
      if ((here.state ?? image.wanted) !== image.wanted) throw changed(image, image.wanted, here.state);
      if (!(await checkOne(image, image.crashes, next))) continue;
      if (here.state !== image.wanted) throw changed(image, image.wanted, here.state);
      if (image.after === 'recovery') counts.crashedAfterRecovery += 1;
      else counts.crashedInRecovery += 1;
    }
  }

  /** False: this disk has been met already. */
  async function checkOne(image: CrashImage, crashes: number, next: NextImage[]): Promise<boolean> {
    counts.images += 1;
    if (!known.isNew(image)) return false;
    counts.states += 1;
    const number = counts.states;
    const random = seededRandom(seed * 1_000_003 + number);
    const again = (every: number): boolean => crashes < DEEPEST && number % every === 0;
    const inside = again(CRASHED_INSIDE) ? watchForCrash(image, random, Math.floor(random() * usualSteps)) : undefined;
    const vault = await reopened(image);
    usualSteps = inside?.steps() || usualSteps;
    image.disk.interfere = () => undefined;
    const state = await checked(image, vault, number);
    known.of(image).state = state;
    const second = inside?.image();
    if (second) next.push({ ...second, after: 'crash in recovery', wanted: state, crashes: crashes + 1 });
    if (!again(CRASHED_AFTER)) return true;
    // Not closed: what recovery promised has to stand without that.
    const disk = image.disk.afterPowerCut(random);
    const label = `${image.label}, then after recovery`;
    next.push({ ...image, disk, label, after: 'recovery', wanted: state, crashes: crashes + 1 });
    return true;
  }

  /** The state, once all is found to be right: the model's own text of it. */
  async function checked(image: CrashImage, vault: Vault, number: number): Promise<State> {
    const found = await stateOf(vault);
    const commit = commitOf(image, model, found);
    const state = model.states[commit] ?? found;
    checkTrash(image, model, commit);
    checkFiles(image, state);
    if (number % REBUILT === 0) await checkRebuild(vault, state, image.label);
    return state;
  }

  return { counts, check };
}

function changed({ label }: CrashImage, before: State, after: State | undefined): Violation {
  return new Violation('S3', label, `recovering again changed the state from\n${before}\nto\n${after}`);
}

/** Puts aside the disk that a crash before this act of the recovery would leave. */
function watchForCrash(image: CrashImage, random: () => number, crashAt: number) {
  const { disk } = image;
  let steps = 0;
  let second: CrashImage | undefined;
  disk.interfere = ({ act, path }) => {
    if (act === 'read') return;
    if (steps === crashAt) {
      const left = random() < 0.3 ? disk.afterKill() : disk.afterPowerCut(random);
      second = { ...image, disk: left, label: `${image.label}, then inside recovery before ${act} ${path}` };
    }
    steps += 1;
  };
  return { steps: () => steps, image: () => second };
}

async function reopened({ disk, label }: CrashImage): Promise<Vault> {
  try {
    return await openOnSimDisk(disk);
  } catch (error) {
    throw new Violation('open', label, `the vault does not open: ${String(error)}`, error);
  }
}

/** How many commits it holds. */
function commitOf({ acknowledged, issued, label }: CrashImage, { states }: Model, state: State): number {
  for (let commit = acknowledged; commit <= issued; commit += 1) if (states[commit] === state) return commit;
  const earlier = states.lastIndexOf(state, acknowledged);
  if (earlier !== -1) throw new Violation('S1', label, `${acknowledged} acknowledged, ${earlier} recovered`);
  const wanted = states.slice(acknowledged, issued + 1).join('\n');
  throw new Violation(
    'S2',
    label,
    `the state\n${state}\nis after no prefix of the commits, but should be one of\n${wanted}`,
  );
}

function checkFiles({ disk, label }: CrashImage, state: State): void {
  let found: State;
  try {
    found = stateInFiles(disk.files());
  } catch (error) {
    throw new Violation('S5', label, String(error), error);
  }
  if (found !== state) throw new Violation('S4', label, `the files say\n${found}\nand the vault\n${state}`);
}

function checkTrash({ disk, issued, label }: CrashImage, model: Model, commit: number): void {
  const kept = keptBodies(disk.files());
  for (const { body, aside, until } of model.deleted[commit] ?? []) {
    // From when it is restored on, the trash may be empty.
    if (until > issued && !kept.has(body) && !kept.has(aside))
      throw new Violation('S6', label, `deleted and not in the trash: ${body}\nwhich keeps\n${[...kept].join('\n')}`);
  }
}

async function checkRebuild(vault: Vault, state: State, label: string): Promise<void> {
  // Torn bytes of a power cut are set aside while opening, and the log writes the record anew; then the files are whole.
  const aside = vault.quarantine().length;
  await vault.rebuild();
  if ((await stateOf(vault)) !== state) throw new Violation('S4', label, 'a rebuild changed the state');
  for (const name of collections) {
    const ids = (await vault.collection(name).find({}, { sort: { id: 1 } })).map(({ id }) => id);
    if (ids.some((id, at) => at > 0 && id <= (ids[at - 1] ?? '')))
      throw new Violation('S4', label, `in no order: ${ids.join()}`);
  }
  if (vault.quarantine().length > aside) throw new Violation('S5', label, 'a file was half-written after recovery');
}
