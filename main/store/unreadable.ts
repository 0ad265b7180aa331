import { AppError } from '../../shared/errors.ts';
import { type Operation, recordPath } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import { fsErrorCode } from './fs-port.ts';
import { layout } from './layout.ts';
import type { Row } from './row.ts';
import type { QuarantinedFile } from './types.ts';

/**
 * Files that the disk refuses to give, one by one, while it gives the others: a bad sector, a file of another user. They
 * stay where they are, nothing is concluded from them, and nothing is written to them before they can be read again.
 */
const PERMANENT = new Set(['EIO', 'EACCES', 'EPERM']);

/** The errno where this file may never be read; undefined for what passes (too many open files) and for all else. */
export function permanentRefusal(error: unknown): string | undefined {
  const code = fsErrorCode(error);
  return PERMANENT.has(code) ? code : undefined;
}

/** More than these, and more than a fifth of all, is a disk or a user that is wrong, not a file. */
const MANY = 20;

/** DISK_ERROR where so much cannot be read that a vault without it would mislead. */
export function assertFew(table: CollectionTable): void {
  const all = Math.max(table.rows.size, table.logFiles.size) + table.unreadable.size;
  if (table.unreadable.size <= MANY || table.unreadable.size * 5 <= all) return;
  const [first = ''] = table.unreadable.keys();
  throw unreadable(table, first, `It is one of ${table.unreadable.size} such files of ${table.name}.`);
}

/** DISK_ERROR where the file could not be read when it was last looked at. @param path inside the collection's folder */
export function assertReadable(table: CollectionTable, path: string): void {
  if (table.unreadable.has(path)) throw unreadable(table, path, 'It is left as it is.');
}

function unreadable(table: CollectionTable, path: string, more: string): AppError {
  const code = table.unreadable.get(path) ?? '';
  const file = originOf(table, path);
  return new AppError('DISK_ERROR', `The disk cannot read the file ${file} (${code}). ${more}`, {
    remedy:
      'Nothing was changed. Make the file readable, or put one from a backup in its place, then open the vault again or run `almanac rebuild`.',
    details: { code, path: file },
  });
}

/** Whether the record stands in such a file, and nowhere else. */
export function isUnreadable(table: CollectionTable, row: Row): boolean {
  return table.unreadable.size > 0 && row.place.pending === undefined && table.unreadable.has(table.pathOf(row));
}

function originOf(table: CollectionTable, path: string): string {
  return `${layout.data}/${table.name}/${path}`;
}

const ID = 'unreadable-';

/** Whether an entry of that list is a file that stands where it was. */
export function isLeft({ id }: QuarantinedFile): boolean {
  return id.startsWith(ID);
}

/** As they stand in the list of what was set aside. @param at ISO time since which it is known */
export function unreadableFiles(tables: Iterable<CollectionTable>, at: string): QuarantinedFile[] {
  return [...tables].flatMap((table) =>
    [...table.unreadable].map(([path, code]) => ({
      id: `${ID}${table.name}-${path.replaceAll('/', '-')}`,
      origin: originOf(table, path),
      reason: `could not be read (${code}), left where it is`,
      at,
    })),
  );
}

/** Puts the rows that were known of unreadable files into a table that was read anew. */
export function keepRows(table: CollectionTable, former: CollectionTable): void {
  for (const row of former.rows.values()) {
    const { id } = row.view;
    const path = former.pathOf(row);
    if (!table.unreadable.has(path) || table.rows.has(id) || table.indexes.conflict(id, row.view)) continue;
    const { file } = row.place;
    if (file && !table.logFiles.has(path)) table.adoptLogFile({ ...file, live: 0, owed: 0 });
    const own = file && table.logFiles.get(path);
    table.put(file && own ? { view: row.view, place: { ...row.place, file: own } } : row);
  }
}

/** DISK_ERROR where the operation would write to a file that could not be read, or move it. */
export function assertFileReadable(operation: Operation): void {
  const { table } = operation;
  if (table.unreadable.size === 0) return;
  assertReadable(table, recordPath(operation));
  if (operation.before) assertReadable(table, table.pathOf(operation.before));
}
