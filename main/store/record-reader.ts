import { join } from 'node:path';
import type { AppError } from '../../shared/errors.ts';
import type { Log } from '../lib/log.ts';
import type { CollectionTable } from './collection-table.ts';
import { diskError, onDisk } from './disk-errors.ts';
import { RecordCache } from './record-cache.ts';
import { type FsPort, fsErrorCode } from './fs-port.ts';
import { collectionFolder, documentPath, layout } from './layout.ts';
import { vaultGone } from './marker.ts';
import type { Meta } from '../../shared/store/store.ts';
import { parseRecord } from './parse-record.ts';
import type { LogFile, Row } from './row.ts';
import type { StoredRecord } from '../records/stored-record.ts';

/** Reads records from their files. One that cannot be read is passed over and reported, so that the rest stays readable. */
export interface RecordReader {
  read(table: CollectionTable, row: Row): StoredRecord | undefined;
  /** In the order of the rows; records that cannot be read are left out. */
  readMany(table: CollectionTable, rows: readonly Row[]): StoredRecord[];
  /**
   * The same from memory where they were read lately. Not for writes: those build on what the file holds now, even where
   * another program has changed it and nobody has noticed yet.
   */
  readonly lately: Pick<RecordReader, 'read' | 'readMany'>;
}

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly log: Log;
  /**
   * Told of a record whose bytes are not what the row says, so that it can look again. Gives the row that there is by now,
   * where it is another: a log's file may have been written anew (compaction/) since the row was looked up.
   */
  readonly onDamage: (table: CollectionTable, row: Row) => Row | undefined;
  /** Told when a file is missing because the whole vault is. */
  readonly onGone?: (error: AppError) => void;
  /** JSON bytes of records kept in memory; 0 where rows do not follow the files (a reader's vault). */
  readonly cacheBytes?: number;
}

const CACHE_BYTES = 4 * 1024 * 1024;

/** Stands in for a record that another program wrote and no owner has adopted yet. */
const FOREIGN_META: Meta = { rev: '', gen: 0, anc: [], hlc: '', sv: 0, by: { replica: '', external: true }, sum: '' };

export function createRecordReader(port: Port): RecordReader {
  const { fs, root, log, onDamage, onGone } = port;

  function bytesOf(table: CollectionTable, row: Row, whole?: Buffer): Buffer {
    const folder = collectionFolder(root, table.name);
    const { view, place } = row;
    if (place.pending !== undefined) return Buffer.from(place.pending);
    if (place.file === null) return fs.readFile(join(folder, place.path ?? documentPath(view.id, view.created_at)));
    if (whole) return whole.subarray(place.offset, place.offset + place.length);
    return fs.readRange(join(folder, place.file.path), place.offset, place.length);
  }

  function parse(row: Row, bytes: Buffer): StoredRecord | undefined {
    const parsed = parseRecord(bytes);
    if (parsed.kind === 'record' && parsed.record.id === row.view.id) return parsed.record;
    if (parsed.kind === 'foreign') {
      // Its dates and id came from the file's name where it has none; the row knows them.
      const { id, created_at, updated_at } = row.view;
      return { id, ...parsed.value, created_at, updated_at, _meta: FOREIGN_META } as StoredRecord;
    }
    return undefined;
  }

  function read(table: CollectionTable, row: Row, whole?: Buffer): StoredRecord | undefined {
    const record = readAt(table, row, whole);
    if (record !== 'damaged') return record;
    const now = onDamage(table, row);
    const again = now && readAt(table, now);
    if (again !== undefined && again !== 'damaged') return again;
    log.warn('a record could not be read', { collection: table.name, id: row.view.id });
    return undefined;
  }

  function readAt(table: CollectionTable, row: Row, whole?: Buffer): StoredRecord | 'damaged' | undefined {
    let bytes: Buffer;
    try {
      bytes = bytesOf(table, row, whole);
    } catch (error) {
      if (fsErrorCode(error) !== 'ENOENT')
        throw diskError(error, `reading ${layout.data}/${table.name}/${table.pathOf(row)}`);
      if (fs.stat(join(root, layout.marker)) === undefined) {
        const gone = vaultGone(root);
        onGone?.(gone);
        throw gone;
      }
      log.warn('a record’s file is gone', { collection: table.name, id: row.view.id });
      return undefined;
    }
    return parse(row, bytes) ?? 'damaged';
  }

  function readMany(table: CollectionTable, rows: readonly Row[]): StoredRecord[] {
    const whole = filesWorthReadingWhole(rows);
    const held = new Map<LogFile, Buffer>();
    return rows.flatMap((row) => {
      const { file } = row.place;
      if (file !== null && whole.has(file) && !held.has(file)) {
        held.clear(); // rows of one file mostly follow each other; never hold more than one
        const path = join(collectionFolder(root, table.name), file.path);
        if (fs.stat(path)?.kind === 'file') {
          held.set(
            file,
            onDisk(`reading ${layout.data}/${table.name}/${file.path}`, () => fs.readFile(path)),
          );
        }
      }
      return read(table, row, file === null ? undefined : held.get(file)) ?? [];
    });
  }

  const cache = new RecordCache(port.cacheBytes ?? CACHE_BYTES);

  function readLately(table: CollectionTable, row: Row): StoredRecord | undefined {
    const known = cache.get(table, row);
    if (known) return known;
    const record = read(table, row);
    if (record) cache.put(table, row, record);
    return record;
  }

  return {
    read: (table, row) => read(table, row),
    readMany,
    lately: {
      read: readLately,
      // A log's records stand together: one read for many is quicker than looking for each.
      readMany: (table, rows) =>
        table.logRows === undefined && rows.length <= FEW
          ? rows.flatMap((row) => readLately(table, row) ?? [])
          : readMany(table, rows),
    },
  };
}

/** More than a list shows at a time would only push each other out. */
const FEW = 100;
const SMALL_FILE_BYTES = 64 * 1024;

/** Log files of which so much is wanted that one read is cheaper than many. */
function filesWorthReadingWhole(rows: readonly Row[]): ReadonlySet<LogFile> {
  const wanted = new Map<LogFile, { count: number; bytes: number }>();
  for (const { place } of rows) {
    if (place.file === null || place.pending !== undefined) continue;
    const sum = wanted.get(place.file) ?? { count: 0, bytes: 0 };
    wanted.set(place.file, { count: sum.count + 1, bytes: sum.bytes + place.length });
  }
  const worth = [...wanted].filter(
    ([file, { count, bytes }]) => count > 1 && (file.size <= SMALL_FILE_BYTES || bytes * 2 >= file.size),
  );
  return new Set(worth.map(([file]) => file));
}
