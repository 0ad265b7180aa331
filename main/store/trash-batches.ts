import { join } from 'node:path';
import { collectionNames } from '../../shared/collections/registry.ts';
import type { TrashBatch } from '../../shared/ipc/upkeep.ts';
import type { Clock } from '../lib/clock.ts';
import type { FsPort } from './fs-port.ts';
import { layout } from './layout.ts';
import { logLines } from './log-lines.ts';
import { parseRecord } from './parse-record.ts';
import { createTimeSlices, type TimeSlices } from './time-slices.ts';
import { removeTree } from './trash.ts';

const DAY_MS = 86_400_000;
/** How long what was deleted can be brought back. */
export const TRASH_DAYS = 30;
const MAX_EXAMPLES = 3;
const MAX_EXAMPLE_LENGTH = 80;

/** Where originals go that were taken over under another name; see table-scanner.ts. */
export const ADOPTED = 'adopted';
/** Names of batches begin with why they were made, where that is not a person's deletion. */
export const TRASH_PREFIX = { retention: 'retention-', quarantine: 'quarantine-', repair: 'repair-' } as const;

/** Every batch in the trash, newest first. */
export async function listTrash(fs: FsPort, root: string): Promise<TrashBatch[]> {
  const slices = createTimeSlices();
  const batches: TrashBatch[] = [];
  for (const name of batchNames(fs, root)) batches.push(await readBatch(fs, root, name, slices));
  return batches.sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Names of the batches that nothing was added to for 30 days. */
export function expiredTrash(fs: FsPort, root: string, clock: Clock): string[] {
  return batchNames(fs, root).filter(
    (name) => changedMs(fs, join(root, layout.trash, name)) < clock.now() - TRASH_DAYS * DAY_MS,
  );
}

/** Removes for good what was deleted more than 30 days ago. Returns the names of the batches. */
export async function purgeTrash(fs: FsPort, root: string, clock: Clock): Promise<string[]> {
  const slices = createTimeSlices();
  const expired = expiredTrash(fs, root, clock);
  for (const name of expired) {
    removeTree(fs, join(root, layout.trash, name));
    await slices.pause();
  }
  return expired;
}

function batchNames(fs: FsPort, root: string): string[] {
  const folder = join(root, layout.trash);
  if (fs.stat(folder)?.kind !== 'folder') return [];
  return fs.readFolder(folder).flatMap(({ name, kind }) => (kind === 'folder' ? [name] : []));
}

/** A folder's time changes when a name comes into it: the newest of all folders is when the batch was last added to. */
function changedMs(fs: FsPort, folder: string): number {
  const inside = fs.readFolder(folder).filter(({ kind }) => kind === 'folder');
  return Math.max(fs.stat(folder)?.modifiedMs ?? 0, ...inside.map(({ name }) => changedMs(fs, join(folder, name))));
}

async function readBatch(fs: FsPort, root: string, name: string, slices: TimeSlices): Promise<TrashBatch> {
  const folder = join(root, layout.trash, name);
  const collections: Record<string, number> = {};
  const examples: string[] = [];
  let bytes = 0;
  for (const path of filesBelow(fs, folder, '')) {
    const [collection = ''] = path.split('/');
    const content = path.endsWith('.ndjson') || examples.length < MAX_EXAMPLES ? fs.readFile(join(folder, path)) : null;
    bytes += content?.length ?? fs.stat(join(folder, path))?.size ?? 0;
    if (path.endsWith('.bin')) continue; // the story beside it is counted
    const lines = path.endsWith('.ndjson') && content ? countLines(content) : 1;
    collections[collection] = (collections[collection] ?? 0) + lines;
    const example = content && examples.length < MAX_EXAMPLES ? exampleOf(path, content) : '';
    if (example && !examples.includes(example)) examples.push(example);
    await slices.pause();
  }
  const changed = changedMs(fs, folder);
  return {
    id: name,
    at: new Date(changed).toISOString(),
    expires_at: new Date(changed + TRASH_DAYS * DAY_MS).toISOString(),
    reason: reasonOf(name),
    collections,
    bytes,
    examples,
  };
}

/** Conversations before messages: a title says more than a line of talk. */
function* filesBelow(fs: FsPort, folder: string, prefix: string): Generator<string> {
  const order = (name: string): number => (prefix === '' ? collectionNames.findIndex((known) => known === name) : 0);
  const sorted = fs.readFolder(folder).sort((a, b) => order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1));
  for (const { name, kind } of sorted) {
    if (kind === 'folder') yield* filesBelow(fs, join(folder, name), `${prefix}${name}/`);
    else if (kind === 'file') yield `${prefix}${name}`;
  }
}

function countLines(content: Buffer): number {
  let count = 0;
  for (let at = content.indexOf(0x0a); at !== -1; at = content.indexOf(0x0a, at + 1)) count += 1;
  return count;
}

function exampleOf(path: string, content: Buffer): string {
  const [line] = path.endsWith('.ndjson') ? logLines(content) : [];
  const parsed = line?.parsed ?? parseRecord(content);
  if (parsed.kind === 'damaged') return '';
  const fields = parsed.kind === 'record' ? parsed.record : parsed.value;
  const text = ['title', 'text', 'content', 'origin', 'file_name'].map((field) => fields[field]).find(isText);
  return (text ?? '').trim().slice(0, MAX_EXAMPLE_LENGTH);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function reasonOf(name: string): TrashBatch['reason'] {
  if (name === ADOPTED) return 'adopted';
  if (name.startsWith(TRASH_PREFIX.retention)) return 'retention';
  if (name.startsWith(TRASH_PREFIX.quarantine)) return 'quarantine';
  return name.startsWith(TRASH_PREFIX.repair) ? 'repair' : 'deleted';
}
