import { join } from 'node:path';
import type { CollectionTable } from '../collection-table.ts';
import { dayOf } from '../layout.ts';
import type { Row } from '../row.ts';
import type { TimeSlices } from '../time-slices.ts';
import type { Expected } from './types.ts';

/** What the index knows of the file at a path. */
export type Known =
  | { readonly kind: 'document'; readonly row: Row; readonly expected: Expected }
  | { readonly kind: 'log'; readonly expected: Expected };

/** undefined: no record stands there, as far as the index knows. */
export function knownAt(table: CollectionTable, path: string): Known | undefined {
  if (table.definition.kind === 'log') {
    const file = table.logFiles.get(path);
    return file && file.size > 0 ? { kind: 'log', expected: { bytes: file.size, crc: file.crc } } : undefined;
  }
  const row = documentAt(table, path);
  if (row === undefined || row.place.file !== null || row.place.length === 0) return undefined;
  return { kind: 'document', row, expected: { bytes: row.place.length, crc: row.place.crc } };
}

function documentAt(table: CollectionTable, path: string): Row | undefined {
  const name = path.slice('YYYY/MM/DD/'.length, -'.json'.length);
  const row = table.rows.get(name);
  if (row) return table.pathOf(row) === path ? row : undefined;
  // The name is a hash of the id, which does not tell the id: these are few, and looked for one by one.
  if (!name.startsWith('_')) return undefined;
  for (const other of table.rows.values()) if (table.pathOf(other) === path) return other;
  return undefined;
}

/** Whether the log holds changes of this file that it does not have yet. */
export function isBehind(table: CollectionTable, path: string): boolean {
  if (table.definition.kind === 'document') return documentAt(table, path)?.place.pending !== undefined;
  const file = table.logFiles.get(path);
  if (file === undefined) return false;
  if (file.owed > 0) return true;
  for (const row of table.rows.values()) if (row.place.file === file && row.place.pending !== undefined) return true;
  return false;
}

/** What a collection should have on the disk, by day. */
export interface KnownDays {
  /** Paths of a log's files; of documents only the ids, for which `pathsOf` gives the paths when their day is due. */
  readonly files: Map<string, string[]>;
  /** Days of which the log has changes that the files do not have yet. */
  readonly behind: ReadonlySet<string>;
}

/** Rows looked at before the event loop may have its turn. */
const ROWS_IN_SLICE = 256;

/** Of days that begin so (`2026/11`, '' for all). Goes through all rows, a slice at a time. */
export async function knownByDay(table: CollectionTable, prefix: string, slices: TimeSlices): Promise<KnownDays> {
  const files = new Map<string, string[]>();
  const behind = new Set<string>();
  const add = (day: string, name: string): void => {
    const names = files.get(day);
    if (names) names.push(name);
    else files.set(day, [name]);
  };
  for (const { path, size } of table.logFiles.values()) {
    if (size > 0 && path.startsWith(prefix)) add(path.slice(0, 'YYYY/MM/DD'.length), path);
  }
  let seen = 0;
  for (const row of table.rows.values()) {
    if ((seen += 1) % ROWS_IN_SLICE === 0) await slices.pause();
    const { place, view } = row;
    if (place.file !== null && place.pending === undefined) continue;
    const day = dayOf(view.created_at);
    if (!day.startsWith(prefix)) continue;
    if (place.pending !== undefined) behind.add(day);
    if (place.file === null && place.length > 0) add(day, view.id);
  }
  return { files, behind };
}

/** The files of a day: a hundred thousand paths at once would be more text than all rows. */
export function pathsOf(table: CollectionTable, names: readonly string[]): readonly string[] {
  if (table.definition.kind === 'log') return names;
  return names.flatMap((id) => {
    const row = table.rows.get(id);
    return row ? [table.pathOf(row)] : [];
  });
}

/** The months, newest first, in which the index has records. */
export function knownMonths(table: CollectionTable): string[] {
  const months = new Set<string>();
  for (const { view } of table.rows.values()) months.add(dayOf(view.created_at).slice(0, 'YYYY/MM'.length));
  return [...months].sort().reverse();
}

export function fileCount(tables: Iterable<CollectionTable>): number {
  let count = 0;
  for (const table of tables) count += table.definition.kind === 'log' ? table.logFiles.size : table.rows.size;
  return count;
}

export function absolutePath(root: string, collection: string, path: string): string {
  return join(root, 'data', collection, path);
}
