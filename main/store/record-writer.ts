import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Batch, type Operation, StaleLogFile, type Written } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import { ContestGuard, type OnContested } from './contested.ts';
import { type DurableWriter, type Unsynced, createDurableWriter } from './durable-write.ts';
import { encodeDocument, encodeLine } from './encode.ts';
import type { FsPort } from './fs-port.ts';
import { collectionFolder, documentPath, fileNameOf, layout, logPath } from './layout.ts';
import { type LogFile, type Place, type Row, streamOf } from './row.ts';
import { assertFileReadable } from './unreadable.ts';

/**
 * Step 1 of a commit: a batch becomes durable. In this version by writing the records' own files, each atomic by
 * itself; when any of them fails, those before it are put back. Ordinary commits reach it through the log, at a checkpoint;
 * staged batches, whose staged file is their log, directly.
 */
export interface RecordWriter {
  /** DISK_FULL, DISK_ERROR: nothing has changed. StaleLogFile: nothing has changed, read that file anew. */
  write(batch: Batch, options?: WriteManner): Written;
}

export interface WriteManner {
  /** Takes what is to be synced, where the batch has a durable copy elsewhere until then. */
  readonly later?: Unsynced;
  /** Memory holds the batch already (a checkpoint): it will be written again until it succeeds, so nothing is put back. */
  readonly isApplied?: boolean;
}

const NEWLINE = 0x0a;

interface LogGroup {
  readonly table: CollectionTable;
  readonly file: LogFile;
  readonly members: { readonly at: number; readonly operation: Operation }[];
}

export function createRecordWriter(fs: FsPort, root: string, onContested: OnContested): RecordWriter {
  const guard = new ContestGuard(fs, onContested);
  return { write: (batch, manner = {}) => new BatchWriter(fs, root, batch, manner, guard).run() };
}

class BatchWriter {
  readonly #fs: FsPort;
  readonly #root: string;
  readonly #batch: Batch;
  readonly #writer: DurableWriter;
  /** Never leaves anything to be synced later: what the trash keeps has no other copy. */
  readonly #trash: DurableWriter;
  readonly #places: (Place | null)[];
  readonly #isApplied: boolean;
  readonly #guard: ContestGuard;
  /** Documents' files that were written. */
  readonly #paths: string[] = [];
  readonly #logFiles: Written['logFiles'][number][] = [];
  /** What puts things back, last first. */
  readonly #undo: (() => void)[] = [];

  constructor(fs: FsPort, root: string, batch: Batch, { later, isApplied = false }: WriteManner, guard: ContestGuard) {
    this.#fs = fs;
    this.#root = root;
    this.#batch = batch;
    this.#writer = createDurableWriter(fs, root, later);
    this.#trash = createDurableWriter(fs, root);
    this.#places = batch.operations.map(() => null);
    this.#isApplied = isApplied;
    this.#guard = guard;
  }

  run(): Written {
    // What a crash left in the log for a document is its whole next version, and makes the file whole again.
    for (const operation of this.#batch.operations) {
      if (!this.#isApplied || operation.table.definition.kind === 'log') assertFileReadable(operation);
    }
    const logs = this.#groupLogs();
    for (const { table, file } of logs.values()) this.#checkSize(table, file);
    try {
      for (const [at, operation] of this.#batch.operations.entries()) {
        if (operation.table.definition.kind === 'document') this.#writeDocument(at, operation);
      }
      for (const group of logs.values()) this.#writeLog(group);
      this.#writer.syncFolders();
    } catch (error) {
      this.#putBack();
      throw error;
    }
    this.#guard.settled(this.#paths);
    return { places: this.#places, logFiles: this.#logFiles };
  }

  /** As far as the disk lets us; what cannot be put back is read anew by the committer. */
  #putBack(): void {
    for (const undo of this.#undo.toReversed()) {
      try {
        undo();
      } catch {
        continue;
      }
    }
  }

  #path(table: CollectionTable, path: string): string {
    return join(collectionFolder(this.#root, table.name), path);
  }

  #writeDocument(at: number, operation: Operation): void {
    const { id, created_at: createdAt } = operation.kind === 'put' ? operation.record : operation.before.view;
    const path = this.#path(operation.table, documentPath(id, createdAt));
    if (operation.kind === 'delete') {
      this.#moveToTrash(operation.table, path, documentPath(id, createdAt));
      return;
    }
    const bytes = encodeDocument(operation.record);
    const crc = crc32(bytes);
    this.#guard.beforeWrite(path, operation, bytes);
    this.#rememberFile(path);
    this.#writer.write(path, bytes);
    operation.table.unreadable.delete(documentPath(id, createdAt));
    this.#guard.wrote(path, crc);
    this.#paths.push(path);
    this.#places[at] = { file: null, length: bytes.length, crc };
  }

  /** A batch of one needs no way back: its one write is atomic. */
  #rememberFile(path: string): void {
    if (this.#isApplied || this.#batch.operations.length === 1) return;
    const former = this.#fs.stat(path) && this.#fs.readFile(path);
    this.#undo.push(() => {
      if (former) this.#writer.write(path, former);
      else if (this.#fs.stat(path)) this.#fs.unlink(path);
    });
  }

  /** Moves a file to the batch's trash under a name that is free there. A file that is gone already is no matter. */
  #moveToTrash(table: CollectionTable, from: string, path: string): void {
    if (this.#fs.stat(from) === undefined) return;
    const to = this.#freeTrashPath(table, path);
    // The folders first, and safe: a file must not go where a power cut would leave nothing.
    this.#trash.makeFolders(dirname(to));
    this.#trash.syncFolders();
    this.#writer.move(from, to);
    this.#undo.push(() => this.#writer.move(to, from));
  }

  #trashPath(table: CollectionTable, path: string): string {
    return join(this.#root, layout.trash, fileNameOf(this.#batch.trashBatch), table.name, path);
  }

  #freeTrashPath(table: CollectionTable, path: string): string {
    const dot = path.lastIndexOf('.');
    for (let copy = 1; ; copy += 1) {
      const name = copy === 1 ? path : `${path.slice(0, dot)}~${copy}${path.slice(dot)}`;
      const candidate = this.#trashPath(table, name);
      if (this.#fs.stat(candidate) === undefined) return candidate;
    }
  }

  #groupLogs(): Map<string, LogGroup> {
    const groups = new Map<string, LogGroup>();
    for (const [at, operation] of this.#batch.operations.entries()) {
      const { table } = operation;
      if (table.definition.kind !== 'log') continue;
      const file = operation.kind === 'put' ? this.#fileFor(operation) : operation.before.place.file;
      if (file === null) throw new Error('A log record without a file. This is a bug in Almanac.');
      const key = `${table.name}/${file.path}`;
      const group = groups.get(key) ?? { table, file, members: [] };
      group.members.push({ at, operation });
      groups.set(key, group);
    }
    return groups;
  }

  #fileFor({ table, record, before }: Extract<Operation, { kind: 'put' }>): LogFile {
    // A new version stands behind the one it supersedes, wherever a person may have moved that.
    if (before?.place.file) return before.place.file;
    const stream = streamOf(table.definition, record);
    const path = logPath(stream, record.created_at);
    // Not made known to the table yet: the commit may still fail.
    return table.logFiles.get(path) ?? { path, stream, size: 0, crc: 0, live: 0, owed: 0 };
  }

  #checkSize(table: CollectionTable, file: LogFile): void {
    const size = this.#fs.stat(this.#path(table, file.path))?.size ?? 0;
    if (size !== file.size) throw new StaleLogFile(table, file);
  }

  #writeLog(group: LogGroup): void {
    const { table, file } = group;
    if (this.#leavesNothing(group)) {
      this.#moveToTrash(table, this.#path(table, file.path), file.path);
      this.#logFiles.push({ table, file, size: 0, crc: 0 });
    } else {
      this.#keepBodies(group);
      this.#appendLines(group);
    }
  }

  /** Whether no record of the file is alive after these operations. */
  #leavesNothing({ file, members }: LogGroup): boolean {
    return members.every(({ operation }) => operation.kind === 'delete') && file.live + file.owed === members.length;
  }

  /** The deleted records' lines as they stand, so that the trash can give them back. */
  #keepBodies({ table, file, members }: LogGroup): void {
    const bodies = members.flatMap(({ operation }) => (operation.kind === 'delete' ? [operation.before] : []));
    if (bodies.length === 0) return;
    const bytes = Buffer.concat(bodies.map((row) => this.#readLine(table, file, row)));
    const path = this.#trashPath(table, file.path);
    const size = this.#fs.stat(path)?.size ?? 0;
    // A power cut may have left part of a line: ours must not become the rest of it.
    const isTorn = size > 0 && this.#fs.readRange(path, size - 1, 1)[0] !== NEWLINE;
    this.#append(this.#trash, path, isTorn ? Buffer.concat([Buffer.from('\n'), bytes]) : bytes, size);
    // Safe before the tombstones are written: once these are found, nobody looks for the bodies any more.
    this.#trash.syncFolders();
  }

  #readLine(table: CollectionTable, file: LogFile, row: Row): Buffer {
    if (row.place.file === null) throw new Error('A log record without a file. This is a bug in Almanac.');
    return this.#fs.readRange(this.#path(table, file.path), row.place.offset, row.place.length);
  }

  #appendLines({ table, file, members }: LogGroup): void {
    const lines: Buffer[] = [];
    let end = file.size;
    for (const { at, operation } of members) {
      const line = encodeLine(operation.kind === 'put' ? operation.record : operation.tombstone);
      if (operation.kind === 'put') this.#places[at] = { file, offset: end, length: line.length };
      lines.push(line);
      end += line.length;
    }
    const bytes = Buffer.concat(lines);
    this.#append(this.#writer, this.#path(table, file.path), bytes, file.size);
    this.#logFiles.push({ table, file, size: end, crc: crc32(bytes, file.crc) });
  }

  #append(writer: DurableWriter, path: string, bytes: Buffer, size: number): void {
    writer.append(path, bytes, size);
    this.#undo.push(() => {
      if (size > 0) this.#fs.truncate(path, size);
      else this.#fs.unlink(path);
    });
  }
}
