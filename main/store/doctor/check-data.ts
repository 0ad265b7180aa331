import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type CollectionName, collectionNames, registry } from '../../../shared/collections/registry.ts';
import { toAppError } from '../../../shared/errors.ts';
import type { Finding } from '../../../shared/ipc/upkeep.ts';
import type { IndexSpec } from '../../../shared/store/store.ts';
import { type FsPort, fsErrorCode } from '../fs-port.ts';
import { layout } from '../layout.ts';
import { readOwnIndexes } from '../own-indexes.ts';
import type { TimeSlices } from '../time-slices.ts';
import type { Vault, VaultFile } from '../types.ts';
import { type Examined, examineFile } from './examine-file.ts';
import { finding } from './finding.ts';

/** A data file as the walk found it. */
export interface DataPath {
  /** Relative to the vault. */
  readonly path: string;
  readonly collection: CollectionName;
  /** Inside the collection's folder. */
  readonly inside: string;
}

export interface DataCheck {
  readonly examined: Examined;
  readonly bytes: number;
}

export type IndexedFiles = Map<string, Pick<VaultFile, 'signature' | 'records' | 'collection'>>;

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly slices: TimeSlices;
}

/** The files that the index knows. */
export async function indexedFiles(vault: Vault, slices: TimeSlices): Promise<IndexedFiles> {
  const files: IndexedFiles = new Map();
  for (const { path, signature, records, collection } of vault.files(collectionNames)) {
    files.set(path, { signature, records, collection });
    await slices.pause();
  }
  return files;
}

/**
 * One file by itself and against the index. What the index says is compared before the loop is given back, so that no
 * write can come between.
 *
 * @param indexed null where the index cannot be compared
 * @returns null where the file went away meanwhile
 */
export async function checkDataFile(
  { fs, root, slices }: Port,
  { path, collection, inside }: DataPath,
  indexed: IndexedFiles | null,
): Promise<DataCheck | null> {
  let bytes: Buffer;
  try {
    bytes = fs.readFile(join(root, path));
  } catch (error) {
    const code = fsErrorCode(error);
    if (code === 'ENOENT') return null;
    const unreadable = finding('file-unreadable', path, `The disk cannot read the file (${code || 'unknown'}).`);
    return { examined: { findings: [unreadable], alive: new Set(), edited: [] }, bytes: 0 };
  }
  const examined = await examineFile({ definition: registry[collection], path: inside, bytes }, slices);
  const compared = indexed === null ? [] : compare(path, bytes, examined, indexed.get(path));
  return { examined: { ...examined, findings: [...examined.findings, ...compared] }, bytes: bytes.length };
}

function compare(
  path: string,
  bytes: Buffer,
  examined: Examined,
  known: { signature: string; records: number } | undefined,
): Finding[] {
  // A file that cannot stand in the index has said so already.
  if (
    examined.findings.some(
      ({ code }) => code === 'file-damaged' || code === 'file-foreign' || code === 'file-misplaced',
    )
  )
    return [];
  if (known === undefined) {
    return examined.alive.size === 0
      ? []
      : [finding('not-indexed', path, 'The file is not in the index, so that lists and filters miss it.')];
  }
  if (known.signature !== signatureOf(bytes))
    return [finding('index-stale', path, 'The file is not as the index knows it.')];
  if (known.records < examined.alive.size) {
    const missing = examined.alive.size - known.records;
    return [
      finding('second-file', path, `${missing} of its records also stand in another file, or are not in the index.`),
    ];
  }
  return [];
}

/** As vault-files.ts makes it. */
function signatureOf(bytes: Buffer): string {
  return `${bytes.length.toString(36)}-${crc32(bytes).toString(36)}`;
}

/** Files that the index has and the disk has not. */
export async function checkGone(
  { fs, root, slices }: Port,
  indexed: IndexedFiles,
  seen: ReadonlySet<string>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [path, { records }] of indexed) {
    if (seen.has(path) || fs.stat(join(root, path))?.kind === 'file') continue;
    findings.push(
      finding('file-gone', path, `The file is gone; ${records === 1 ? 'a record' : `${records} records`} stood in it.`),
    );
    await slices.pause();
  }
  return findings;
}

/** Records that share a key which only one of them may have. A person who copies files can bring that about. */
export async function checkUniqueKeys(vault: Vault, { fs, root, slices }: Port): Promise<Finding[]> {
  const findings: Finding[] = [];
  const own = readOwnIndexes(fs, root);
  for (const name of collectionNames) {
    try {
      findings.push(...(await sharedKeys(vault, name, own[name] ?? [], slices)));
    } catch (error) {
      if (toAppError(error).code !== 'DISK_ERROR') throw error;
      findings.push(
        finding('not-checked', `${layout.data}/${name}`, 'Its keys were not compared: a file cannot be read.'),
      );
    }
  }
  return findings;
}

async function sharedKeys(
  vault: Vault,
  name: CollectionName,
  own: readonly IndexSpec[],
  slices: TimeSlices,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { fields, unique, partial = {} } of [...registry[name].indexes, ...own]) {
    if (!unique) continue;
    const owners = new Map<string, string>();
    const projection = Object.fromEntries(['id', ...Object.keys(fields)].map((field) => [field, 1 as const]));
    for await (const { id, _meta, ...rest } of vault.collection(name).stream(partial, { projection })) {
      const key = JSON.stringify(rest);
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, id);
      else findings.push(finding('unique-key', `${layout.data}/${name}`, `${owner} and ${id} both have ${key}.`));
      await slices.pause();
    }
  }
  return findings;
}
