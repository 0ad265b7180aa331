import type { Vault } from '../../../main/store/types.ts';
import type { SimDisk } from '../../helpers/sim-disk.ts';
import { SimCrash, seededRandom } from '../../helpers/sim-disk.ts';
import { openOnSimDisk } from '../../helpers/vault-on-sim-disk.ts';
import { keptBodies, stateInFiles } from './crash-files.ts';
import {
  type CrashImage,
  type Model,
  type Recording,
  type Workload,
  buildModel,
  recordRun,
} from './crash-recording.ts';
import { type State, stateOf } from './crash-workload.ts';

/**
 * Crash enumeration over the whole vault (reliability.md §4.7). A random workload runs once; before each act on the
 * disk, several disks that may be found after a kill or a power cut are put aside. Each is recovered, a third of them
 * after crashing again inside recovery. What is checked of each:
 *
 *     S1  every acknowledged commit is there
 *     S2  the state is that after some prefix of the commits issued, each whole
 *     S3  recovering again changes nothing, also after a crash inside recovery or right after it
 *     S4  the index says what the files say, read by code that is not the store's; for some, a rebuild changes nothing
 *     S5  once recovered, no file under a record's name is half-written
 *     S6  what was deleted stands in the trash or the quarantine, as it last was
 */
export interface CrashReport {
  /** Disks recovered and checked, no two of a run alike. */
  readonly states: number;
  /** Disks built; those that equal one before are not checked again. */
  readonly images: number;
  readonly crashPoints: number;
  readonly crashedInRecovery: number;
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

/** Every so many states are also rebuilt from their files, and recovered once more. */
const REBUILT = 8;
const RECOVERED_AGAIN = 4;

/** Throws a Violation at the first one, naming seed, crash point and image. */
export async function enumerateCrashes(plan: Workload): Promise<CrashReport> {
  const model = await buildModel(plan);
  const recording = await recordRun(plan, model);
  const seen = new Set<string>();
  let crashedInRecovery = 0;
  for (const image of recording.images) {
    const label = `seed ${plan.seed}, ${image.label}`;
    const random = seededRandom(plan.seed * 1_000_003 + seen.size);
    let { disk } = image;
    if (image.number % 3 === 2) {
      disk = await crashInRecovery(disk, random, label);
      crashedInRecovery += 1;
    }
    const fingerprint = `${image.acknowledged} ${image.issued}\n${disk.fingerprint()}`;
    if (seen.has(fingerprint)) continue;
    seen.add(fingerprint);
    await check({ disk, image, model, label, random, number: seen.size });
  }
  return reportOf(recording, seen.size, crashedInRecovery);
}

function reportOf({ images, crashPoints }: Recording, states: number, crashedInRecovery: number): CrashReport {
  return { states, images: images.length, crashPoints, crashedInRecovery };
}

interface Case {
  readonly disk: SimDisk;
  readonly image: CrashImage;
  readonly model: Model;
  readonly label: string;
  readonly random: () => number;
  readonly number: number;
}

async function check(one: Case): Promise<void> {
  const { disk, label, number, random } = one;
  const vault = await reopened(disk, label);
  const state = await stateOf(vault);
  checkPrefix(one, state);
  checkFiles(disk, state, label);
  if (number % REBUILT === 0) await checkRebuild(vault, state, label);
  if (number % RECOVERED_AGAIN === 0) {
    // Not closed: what recovery promised has to stand without that.
    const again = await reopened(disk.afterPowerCut(random), label);
    if ((await stateOf(again)) !== state) throw new Violation('S3', label, 'recovering again changed the state');
  }
}

async function reopened(disk: SimDisk, label: string): Promise<Vault> {
  try {
    return await openOnSimDisk(disk);
  } catch (error) {
    throw new Violation('open', label, `the vault does not open: ${String(error)}`, error);
  }
}

function checkPrefix({ disk, image, model, label }: Case, state: State): void {
  const { acknowledged, issued } = image;
  for (let commit = acknowledged; commit <= issued; commit += 1) {
    if (model.states[commit] !== state) continue;
    return checkTrash(disk, model, commit, issued, label);
  }
  const earlier = model.states.lastIndexOf(state, acknowledged);
  if (earlier !== -1) throw new Violation('S1', label, `${acknowledged} acknowledged, ${earlier} recovered`);
  const wanted = model.states.slice(acknowledged, issued + 1).join('\n');
  throw new Violation(
    'S2',
    label,
    `the state\n${state}\nis after no prefix of the commits, but should be one of\n${wanted}`,
  );
}

function checkFiles(disk: SimDisk, state: State, label: string): void {
  let found: State;
  try {
    found = stateInFiles(disk.files());
  } catch (error) {
    throw new Violation('S5', label, String(error), error);
  }
  if (found !== state) throw new Violation('S4', label, `the files say\n${found}\nand the vault\n${state}`);
}

function checkTrash(disk: SimDisk, model: Model, commit: number, issued: number, label: string): void {
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
  if (vault.quarantine().length > aside) throw new Violation('S5', label, 'a file was half-written after recovery');
}

/** Opens the disk and crashes at a random act of that; leaves the disk as a second crash may. */
async function crashInRecovery(disk: SimDisk, random: () => number, label: string): Promise<SimDisk> {
  const crashAt = Math.floor(random() * 25);
  let steps = 0;
  disk.interfere = ({ act }) => {
    if (act !== 'read' && steps++ >= crashAt) throw new SimCrash('again');
  };
  try {
    await openOnSimDisk(disk);
  } catch (error) {
    if (steps <= crashAt) throw new Violation('open', label, `the vault does not open: ${String(error)}`, error);
  }
  disk.interfere = () => undefined;
  return random() < 0.3 ? disk.afterKill() : disk.afterPowerCut(random);
}
