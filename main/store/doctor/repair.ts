import { chmodSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isCollectionName } from '../../../shared/collections/registry.ts';
import { toAppError } from '../../../shared/errors.ts';
import type { Finding, FindingCode } from '../../../shared/ipc/upkeep.ts';
import { newId } from '../../lib/ids.ts';
import { createDurableWriter } from '../durable-write.ts';
import type { FsPort } from '../fs-port.ts';
import { layout } from '../layout.ts';
import { createStaging } from '../staging.ts';
import type { TimeSlices } from '../time-slices.ts';
import { purgeTrash, TRASH_PREFIX } from '../trash-batches.ts';
import { checkDataFile, indexedFiles } from './check-data.ts';
import type { DoctorOptions } from './types.ts';

interface Port extends DoctorOptions {
  readonly fs: FsPort;
  readonly root: string;
  readonly slices: TimeSlices;
}

/** What reading all files anew puts right: the scan adopts, moves and sets aside, and keeps a copy of everything. */
const byRebuilding: Readonly<Partial<Record<FindingCode, string>>> = {
  'file-damaged': 'The file was moved to the quarantine.',
  'file-misplaced': 'The file was moved to its place, or to the quarantine where that is taken.',
  'file-foreign': 'What is valid was taken over as records; the rest was moved to the quarantine.',
  'line-damaged': 'The lines were moved to the quarantine.',
  'line-torn': 'The unfinished line was moved to the quarantine.',
  'second-file': 'The index was built anew; a second file was moved to the quarantine.',
  'not-indexed': 'The index was built anew from the files.',
  'index-stale': 'The index was built anew from the files.',
  'index-damaged': 'The index was built anew from the files.',
  'file-gone': 'The index was built anew; the former one is in the trash.',
};

/** Repairs what can be; gives all findings back, those that are repaired marked with what was done. */
export async function repairAll(port: Port, findings: readonly Finding[]): Promise<readonly Finding[]> {
  const batch = `${TRASH_PREFIX.repair}${newId(port.clock)}`;
  const rebuilt = await rebuild(port, findings, batch);
  const accepted = await acceptEdits(port, rebuilt, batch);
  const repaired: Finding[] = [];
  for (const found of accepted) {
    repaired.push(found.repaired ? found : await repairOne(port, found, batch));
    await port.slices.pause();
  }
  return searchRepaired(port, repaired);
}

function done(found: Finding, repair: string): Finding {
  return { ...found, repaired: true, repair };
}

async function rebuild(port: Port, findings: readonly Finding[], batch: string): Promise<readonly Finding[]> {
  const wanted = findings.filter(({ code }) => byRebuilding[code] !== undefined);
  if (wanted.length === 0) return findings;
  // What the index alone still knows of a file that is gone must not be lost with it.
  const collections = new Set(
    wanted.filter(({ code }) => code === 'file-gone').map(({ path }) => path.split('/')[1] ?? ''),
  );
  for (const name of collections) keepCopy(port, `${layout.data}/${name}/${layout.index}`, batch);
  await port.vault.rebuild();
  const indexed = await indexedFiles(port.vault, port.slices);
  const judged: Finding[] = [];
  for (const found of findings) {
    const repair = byRebuilding[found.code];
    const isRight = repair !== undefined && (await isPutRight(port, found, indexed));
    judged.push(isRight ? done(found, repair) : found);
  }
  return judged;
}

/** Whether the same is no longer found there. */
async function isPutRight(
  port: Port,
  { code, path }: Finding,
  indexed: Awaited<ReturnType<typeof indexedFiles>>,
): Promise<boolean> {
  if (code === 'index-damaged') return true; // it was written a moment ago
  if (code === 'file-gone') return !indexed.has(path) || port.fs.stat(join(port.root, path)) !== undefined;
  const [, collection = '', ...inside] = path.split('/');
  if (!isCollectionName(collection)) return false;
  const check = await checkDataFile(port, { path, collection, inside: inside.join('/') }, indexed);
  return check === null || !check.examined.findings.some((now) => now.code === code);
}

/**
 * Records that were changed by hand become their next version. The former bytes go to the trash as every deleted
 * record's do, in one batch that is done wholly or not at all.
 */
async function acceptEdits(port: Port, findings: readonly Finding[], batch: string): Promise<readonly Finding[]> {
  const edited = findings.filter(({ code, path }) => code === 'checksum' && isValid(findings, path));
  const judged = new Map<Finding, Finding>();
  for (const found of edited) {
    try {
      if (await acceptFile(port, found.path, batch)) {
        judged.set(found, done(found, `The change was accepted; the former bytes are in the trash (${batch}).`));
      }
    } catch (error) {
      judged.set(found, { ...found, repair: `Not repaired: ${toAppError(error).message}` });
    }
  }
  return findings.map((found) => judged.get(found) ?? found);
}

function isValid(findings: readonly Finding[], path: string): boolean {
  return !findings.some((other) => other.path === path && other.code === 'schema');
}

async function acceptFile({ fs, root, slices, vault, clock }: Port, path: string, batch: string): Promise<boolean> {
  const [, collection = '', ...rest] = path.split('/');
  if (!isCollectionName(collection)) return false;
  const inside = rest.join('/');
  const check = await checkDataFile({ fs, root, slices }, { path, collection, inside }, null);
  if (check === null) return false;
  if (check.examined.edited.length === 0) return false;
  const records = await vault.collection(collection).find({ id: { $in: [...check.examined.edited] } });
  const staging = createStaging(vault.stagingRoot, newId(clock), fs);
  try {
    for (const record of records) {
      staging.write({ op: 'delete', collection, id: record.id });
      staging.write({ op: 'put', collection, record, restored: true });
    }
    await vault.ingest(staging.finish(), { source: 'external', trashBatch: batch });
    return true;
  } finally {
    staging.discard();
  }
}

async function repairOne(port: Port, found: Finding, batch: string): Promise<Finding> {
  try {
    const repair = await perform(port, found, batch);
    return repair === undefined ? found : done(found, repair);
  } catch (error) {
    return { ...found, repair: `Not repaired: ${toAppError(error).message}` };
  }
}

/** What was done; undefined where there is nothing to do. */
async function perform(port: Port, { code, path }: Finding, batch: string): Promise<string | undefined> {
  const { fs, root, clock } = port;
  switch (code) {
    case 'permissions':
      return closeToOthers(join(root, path));
    case 'leftover':
      if (fs.stat(join(root, path)) === undefined) return 'It is gone already.';
      moveAside(port, path, batch);
      return `It was moved to the trash (${batch}).`;
    case 'trash-old':
      await purgeTrash(fs, root, clock);
      return 'It was removed for good.';
    default:
      return undefined;
  }
}

function closeToOthers(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  // Looked at again: a link put there meanwhile must not lead elsewhere.
  if (!found || found.isSymbolicLink()) return 'It is gone already.';
  const mode = found.isDirectory() ? 0o700 : 0o600;
  chmodSync(path, mode);
  return `Its mode is ${mode.toString(8)} now.`;
}

function moveAside({ fs, root }: Port, path: string, batch: string): void {
  const writer = createDurableWriter(fs, root);
  writer.move(join(root, path), join(root, layout.trash, batch, 'leftovers', path));
  writer.syncFolders();
}

function keepCopy({ fs, root }: Port, path: string, batch: string): void {
  if (fs.stat(join(root, path))?.kind !== 'file') return;
  const writer = createDurableWriter(fs, root);
  writer.write(join(root, layout.trash, batch, 'indexes', path), fs.readFile(join(root, path)));
  writer.syncFolders();
}

async function searchRepaired(port: Port, findings: readonly Finding[]): Promise<readonly Finding[]> {
  if (!findings.some(isOfSearch)) return findings;
  const said: string[] = [];
  for (const check of port.extraChecks ?? []) said.push(await check.repair());
  return findings.map((found) => (isOfSearch(found) ? done(found, said.join(' ')) : found));
}

function isOfSearch({ code }: Finding): boolean {
  return code === 'search-behind' || code === 'search-failed';
}
