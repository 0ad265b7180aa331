import { join } from 'node:path';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import { AppError } from '../../../shared/errors.ts';
import type { BaseLine } from '../ledger/base-lines.ts';
import type { CollectionTable } from '../collection-table.ts';
import { type CompactionPort, compactFile } from '../compaction/compact-file.ts';
import type { KeepsLine } from '../compaction/plan.ts';
import { onDisk } from '../disk-errors.ts';
import { collectionFolder } from '../layout.ts';
import type { LogFile } from '../row.ts';
import type { LastGood } from '../watch/last-good.ts';
import { purgeQuarantine, purgeTrash, type Sought } from './purge-files.ts';
import type { PurgeOrder, Purged } from './types.ts';
import { createWords } from '../../lib/forgotten-words.ts';

export interface PurgePort extends CompactionPort {
  readonly tables: ReadonlyMap<CollectionName, CollectionTable>;
  readonly lastGood: LastGood;
  /** Does this while no other write is under way. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** Lets go of the former versions that are kept for a merge, where this is so of them. Returns how many. */
  readonly dropFormer: (isConcerned: (line: BaseLine) => boolean) => Promise<number>;
  /** Saves the indexes of these tables anew. */
  readonly saveIndexes: (tables: readonly CollectionTable[]) => Promise<void>;
}

/** Collections whose records tell of a person's memory, and those that quote them. */
const CONCERNED: readonly CollectionName[] = [
  'memories',
  'profiles',
  'memory_hubs',
  'runtime_snapshots',
  'episodic_memory',
  'memory_events',
  'conflicts',
];

/**
 * Takes what was forgotten out of all that is kept beside the records: former lines of logs, the vault's own log, former
 * versions of the sync ledger, last good copies, the trash, the quarantine. The records were changed before, by an
 * ordinary commit. Each step is atomic and finds nothing the second time, so that after a crash the same order is
 * carried out once more. Messages are left alone.
 *
 * @throws DISK_FULL, DISK_ERROR: part of it is done; the same order does the rest
 */
export async function purge(port: PurgePort, order: PurgeOrder): Promise<Purged> {
  const { records, texts } = order;
  const words = createWords(texts);
  const keys = new Set(records.map(({ collection, id }) => `${collection}/${id}`));
  const sought: Sought = { words, isRecord: (collection, id) => keys.has(`${collection}/${id}`) };
  const bases = await port.dropFormer(
    ({ collection, recordId, baseRecord }) =>
      baseRecord !== null && (sought.isRecord(collection, recordId) || words.takenFrom(baseRecord) !== baseRecord),
  );
  // The files are behind the log until now: what is to go is in neither afterwards.
  await port.alone(() => port.checkpoint());
  const lines = (await purgeLog(port, 'memory_events', sought)) + (await purgeLog(port, 'sync_bases', sought));
  const good = await purgeGood(port, order, sought);
  const trash = await port.alone(() => purgeTrash(port, sought));
  const quarantine = await port.alone(() => purgeQuarantine(port, sought));
  // Rows hold no text but where a person has made an index over it.
  const indexed = CONCERNED.flatMap((name) => port.tables.get(name) ?? []).filter(
    ({ ownSpecs }) => ownSpecs.length > 0,
  );
  await port.alone(() => port.saveIndexes(indexed));
  return { log_lines: lines, sync_bases: bases, good_copies: good, trash, quarantine };
}

/** Writes the files of a log anew without former lines that are concerned. Returns how many of these there were. */
async function purgeLog(port: PurgePort, name: 'memory_events' | 'sync_bases', sought: Sought): Promise<number> {
  const table = port.tables.get(name);
  if (!table) return 0;
  let lines = 0;
  const paths = [...table.logFiles.keys()];
  for (const path of paths) {
    const found = await port.alone(() => purgeLogFile(port, table, path, sought));
    lines += found;
    await port.slices.pause();
  }
  return lines;
}

async function purgeLogFile(port: PurgePort, table: CollectionTable, path: string, sought: Sought): Promise<number> {
  const file: LogFile | undefined = table.logFiles.get(path);
  if (file === undefined || table.unreadable.has(path)) return 0;
  let dropped = 0;
  const keeps: KeepsLine = (line, { last }, bytes) => {
    if (last.get(line.id) === line) return true;
    const isRecord = sought.isRecord(...recordNamed(table, line.id));
    if (!isRecord && !sought.words.inBytes(bytes.subarray(line.offset, line.offset + line.length))) return true;
    dropped += 1;
    return false;
  };
  const saved = await compactFile(port, table, file, { keeps });
  if (saved === null) throw unsettled(join(collectionFolder(port.root, table.name), path));
  return saved > 0 ? dropped : 0;
}

/** The record that a line is about: of the sync ledger, the one that its id names. */
function recordNamed({ name }: CollectionTable, id: string): [collection: string, id: string] {
  if (name !== 'sync_bases') return [name, id];
  const slash = id.indexOf('/');
  return [id.slice(0, slash), id.slice(slash + 1)];
}

/** With more records than this the packs are dropped unread: they are made anew soon. */
const MOST_NAMED = 200;

async function purgeGood(port: PurgePort, { records, allCopies }: PurgeOrder, sought: Sought): Promise<number> {
  let dropped = 0;
  for (const collection of CONCERNED) {
    const ids = records.filter((record) => record.collection === collection).map(({ id }) => id);
    const isAll = allCopies === true || ids.length > MOST_NAMED;
    dropped += await onDisk('removing last good copies', () =>
      port.lastGood.drop(
        collection,
        (text) => isAll || ids.some((id) => text.includes(id)) || sought.words.inBytes(text),
      ),
    );
  }
  return dropped;
}

function unsettled(path: string): AppError {
  return new AppError('CHANGED_MEANWHILE', `${path} is being changed by another program.`, {
    remedy: 'What is left of what was forgotten goes the next time; nothing has to be done.',
    details: { path },
  });
}
