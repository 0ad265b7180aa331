import { isoNow } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import type { CollectionTable } from '../collection-table.ts';
import { deletion } from '../deletion.ts';
import { rowsAt } from '../reread.ts';
import type { Row } from '../row.ts';
import { putFile } from './kept-copy.ts';
import { type Known, absolutePath, knownAt } from './known-files.ts';
import type { TakePort } from './take-port.ts';
import type { DataFile, Notice } from './types.ts';

/** What the files of missing records become: deletions, or files again. Called alone: no other write is under way. */

/** Files that a person removed: what they held is put back for a moment, then deleted like any record, into the trash. */
export async function deleteMissing(port: TakePort, files: readonly DataFile[]): Promise<Notice[]> {
  const trashBatch = `removed-${newId(port.parts.clock)}`;
  const notices: Notice[] = [];
  for (const file of files) {
    const found = await putBack(port, file);
    if (found === undefined) continue;
    const { table, known, isBack } = found;
    const now = isoNow(port.parts.clock);
    const operations = [...rowsOf(table, file, known)].flatMap((row) =>
      deletion(table, port.parts.stamper, (isBack && port.reader.read(table, row)) || stub(row), now),
    );
    port.commit(operations, { source: 'external', trashBatch });
    await port.settle();
    notices.push({ kind: 'deleted', file, reason: 'its file was removed', isRestorable: isBack });
  }
  return notices;
}

/** Brings missing files back as they were. */
export async function restoreMissing(port: TakePort, files: readonly DataFile[]): Promise<Notice[]> {
  const notices: Notice[] = [];
  for (const file of files) {
    const found = await putBack(port, file);
    if (found === undefined) continue;
    const reason = found.isBack ? 'its file was missing' : 'its file is missing, and no good version of it was kept';
    notices.push({ kind: found.isBack ? 'restored' : 'lost', file, reason, isRestorable: found.isBack });
  }
  return notices;
}

interface PutBack {
  readonly table: CollectionTable;
  readonly known: Known;
  /** Whether there was a good version to put back. */
  readonly isBack: boolean;
}

/** undefined where nothing is missing any more. */
async function putBack({ parts, lastGood }: TakePort, file: DataFile): Promise<PutBack | undefined> {
  const table = parts.tables.get(file.collection);
  const known = table && knownAt(table, file.path);
  if (!table || !known) return undefined;
  if (parts.fs.stat(absolutePath(parts.root, file.collection, file.path)) !== undefined) return undefined;
  const good = await lastGood.read(file, known.expected);
  if (good) putFile(parts, table, file.path, good);
  return { table, known, isBack: good !== undefined };
}

function rowsOf(table: CollectionTable, { path }: DataFile, known: Known): Iterable<Row> {
  return known.kind === 'document' ? [known.row] : rowsAt(table, path).values();
}

/** A record of which only its row is left. */
function stub({ view }: Row): StoredRecord {
  return {
    ...view,
    _meta: {
      rev: `1-${'a'.repeat(26)}`,
      gen: 1,
      anc: [],
      hlc: '',
      sv: 0,
      by: { replica: '', external: true },
      sum: '',
    },
  };
}
