import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../shared/errors.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import type { HybridClock } from '../lib/hlc.ts';
import { newId } from '../lib/ids.ts';
import type { CollectionTable } from './collection-table.ts';
import type { DayFolder } from './day-folders.ts';
import { translated } from './disk-errors.ts';
import { createDurableWriter } from './durable-write.ts';
import { encodeDocument, encodeLine } from './encode.ts';
import type { FsPort } from './fs-port.ts';
import { collectionFolder, documentPath, layout } from './layout.ts';
import { isLeftover } from './sweep.ts';
import { type LogLine, logLines } from './log-lines.ts';
import type { Stamper } from '../records/meta.ts';
import { parseRecord } from './parse-record.ts';
import type { Quarantine } from './quarantine.ts';
import { type LogFile, type Row, rowOf, streamOf } from './row.ts';
import { permanentRefusal } from './unreadable.ts';
import { stampInsert } from '../records/stamp.ts';
import type { StoredRecord } from '../records/stored-record.ts';

/**
 * Reads files into rows. The owner also puts in order what it finds: files of other programs are adopted, torn and
 * damaged ones set aside, leftovers of a crash removed. A reader only reads.
 */
export interface TableScanner {
  /** One pass over files of a table. */
  begin(table: CollectionTable): TableScan;
  absolute(table: CollectionTable, path: string): string;
}
export interface TableScan {
  folder(folder: DayFolder): void;
  /**
   * One file, by its path inside the collection's folder; its bytes where they are at hand. One that the disk will not
   * give for good is noted in the table, and passed over. Throws where it cannot be read just now.
   */
  file(path: string, bytes?: Buffer): void;
  /** Adopts what other programs left, after all of ours is known: ours keeps its ids and keys. */
  finish(): void;
}

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly clock: Clock;
  readonly hlc: HybridClock;
  readonly stamper: Stamper;
  readonly quarantine: Quarantine;
  readonly readOnly: boolean;
}

export function createTableScanner(port: Port): TableScanner {
  return {
    begin: (table) => (table.definition.kind === 'log' ? new LogScan(port, table) : new DocumentScan(port, table)),
    absolute: (table, path) => join(collectionFolder(port.root, table.name), path),
  };
}

/** A disk that failed once may give the file when asked again. */
const TRIES = 3;

abstract class Scan implements TableScan {
  protected readonly port: Port;
  protected readonly table: CollectionTable;
  protected readonly base: string;

  constructor(port: Port, table: CollectionTable) {
    this.port = port;
    this.table = table;
    this.base = collectionFolder(port.root, table.name);
  }

  protected abstract readonly extension: string;
  protected abstract take(path: string, bytes: Buffer): void;
  abstract finish(): void;

  file(path: string, bytes = this.#read(path)): void {
    if (bytes === undefined) return;
    this.table.unreadable.delete(path);
    this.take(path, bytes);
  }

  folder(folder: DayFolder): void {
    const { fs, readOnly } = this.port;
    const entries = fs.readFolder(folder.path).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, kind } of entries) {
      if (kind !== 'file') continue;
      if (isLeftover(name)) {
        if (!readOnly) fs.unlink(join(folder.path, name));
      } else if (name.endsWith(this.extension)) this.file(`${folder.day}/${name}`);
    }
  }

  /** A file that cannot be read is neither damaged nor gone: nothing is concluded from it. */
  #read(path: string): Buffer | undefined {
    for (let tries = 1; ; tries += 1) {
      try {
        return this.port.fs.readFile(join(this.base, path));
      } catch (error) {
        // Without the vault's own bookkeeping, what a team has and has not would be guessed.
        const code = this.table.definition.internal ? undefined : permanentRefusal(error);
        if (code === undefined) throw translated(error, `reading ${this.origin(path)}`);
        if (tries < TRIES) continue;
        this.table.unreadable.set(path, code);
        return undefined;
      }
    }
  }

  protected origin(path: string): string {
    return `${layout.data}/${this.table.name}/${path}`;
  }

  /** Why the indexes could not take this row, which a file read leniently may cause. */
  protected faultOf(row: Row): string | undefined {
    try {
      this.table.indexes.conflict(row.view.id, row.view);
      return undefined;
    } catch (error) {
      if (error instanceof AppError) return error.message;
      throw error;
    }
  }

  /** Another program's object as a record of ours, or why it cannot be one. */
  protected adopt(
    value: Readonly<Record<string, unknown>>,
    hint: { readonly id?: string; readonly day: string },
  ): StoredRecord | string {
    const { clock, stamper } = this.port;
    const { _meta, ...fields } = value;
    const draft = { created_at: `${hint.day.replaceAll('/', '-')}T00:00:00.000Z`, ...fields };
    try {
      const mint = { id: () => hint.id ?? newId(clock), now: isoNow(clock) };
      return stamper.stamp(this.table.definition, stampInsert(this.table.definition, draft, mint), undefined, {
        external: true,
      });
    } catch (error) {
      if (error instanceof AppError) return error.message;
      throw error;
    }
  }
}

function dayIn(path: string): string {
  return path.slice(0, 'YYYY/MM/DD'.length);
}

interface Foreign {
  readonly path: string;
  readonly bytes: Buffer;
  readonly value: Readonly<Record<string, unknown>>;
}

class DocumentScan extends Scan {
  protected readonly extension = '.json';
  #foreign: Foreign[] = [];

  protected take(path: string, bytes: Buffer): void {
    const parsed = parseRecord(bytes);
    if (parsed.kind === 'damaged') this.#setAside(path, parsed.reason);
    else if (parsed.kind === 'foreign') this.#foreign.push({ path, bytes, value: parsed.value });
    else this.#place(path, bytes, parsed.record);
  }

  finish(): void {
    for (const foreign of this.#foreign) this.#adoptFile(foreign);
    this.#foreign = [];
  }

  #setAside(path: string, reason: string): void {
    this.port.quarantine.takeFile(join(this.base, path), this.origin(path), reason);
  }

  #put(record: StoredRecord, bytes: Buffer, path?: string): void {
    const place = { file: null, length: bytes.length, crc: crc32(bytes), ...(path !== undefined && { path }) };
    const row = rowOf(this.table.shape, record, place);
    const fault = this.faultOf(row);
    if (fault !== undefined) return this.#setAside(path ?? documentPath(record.id, record.created_at), fault);
    this.table.put(row);
    if (record._meta.hlc) this.port.hlc.observe(record._meta.hlc);
  }

  /** A record of ours. One that a person moved goes back to its place, unless that is taken. */
  #place(path: string, bytes: Buffer, record: StoredRecord): void {
    const usual = documentPath(record.id, record.created_at);
    if (usual === path) return this.#keepNewer(path, bytes, record);
    const isTaken = this.port.fs.stat(join(this.base, usual)) !== undefined;
    if (isTaken) return this.#setAside(path, 'a second file for the same id');
    if (this.port.readOnly) return this.#put(record, bytes, path);
    const writer = createDurableWriter(this.port.fs, this.port.root);
    writer.move(join(this.base, path), join(this.base, usual));
    writer.syncFolders();
    this.#put(record, bytes);
  }

  /** A record that changed its day just before a power cut may stand under both; the newer version is the record. */
  #keepNewer(path: string, bytes: Buffer, record: StoredRecord): void {
    const known = this.table.rows.get(record.id);
    const other = known && this.table.pathOf(known);
    if (other === undefined || other === path) return this.#put(record, bytes);
    const parsed =
      this.port.fs.stat(join(this.base, other)) && parseRecord(this.port.fs.readFile(join(this.base, other)));
    if (parsed?.kind === 'record' && parsed.record._meta.hlc > record._meta.hlc) {
      return this.#setAside(path, 'an older file for the same id');
    }
    if (parsed) this.#setAside(other, 'an older file for the same id');
    this.#put(record, bytes);
  }

  #adoptFile({ path, bytes, value }: Foreign): void {
    const name = path.slice('YYYY/MM/DD/'.length, -this.extension.length);
    const record = this.adopt(value, { id: name, day: dayIn(path) });
    if (typeof record === 'string') return this.#setAside(path, record);
    const usual = documentPath(record.id, record.created_at);
    // Its usual place may be one that cannot be read: nothing is written over it.
    const isTaken = this.table.rows.has(record.id) || this.table.unreadable.has(usual);
    if (isTaken) return this.#setAside(path, 'a second file for the same id');
    const conflict = this.table.indexes.conflict(record.id, this.table.shape.pick(record));
    if (conflict)
      return this.#setAside(path, `${Object.keys(conflict.keyPattern).join(', ')} is taken by another record`);
    if (this.port.readOnly) return this.#put(record, bytes, usual === path ? undefined : path);
    this.#rewrite(path, usual, encodeDocument(record));
    this.#put(record, encodeDocument(record));
  }

  /** The record under its own path; what stood under another is kept in the trash. */
  #rewrite(path: string, usual: string, encoded: Buffer): void {
    const writer = createDurableWriter(this.port.fs, this.port.root);
    writer.write(join(this.base, usual), encoded);
    const kept = join(this.port.root, layout.trash, 'adopted', this.table.name, path);
    if (usual !== path) writer.move(join(this.base, path), kept);
    writer.syncFolders();
  }
}

interface LineOutcome {
  readonly record: StoredRecord;
  readonly line: Buffer;
}

class LogScan extends Scan {
  protected readonly extension = '.ndjson';

  /** Lines of other programs were adopted with their file. */
  finish(): void {}

  protected take(path: string, bytes: Buffer): void {
    const lines = [...logLines(bytes)];
    const isWhole = lines.every((line) => line.parsed.kind === 'record' && !line.torn);
    if (isWhole) return this.#putRows(path, bytes, lines);
    const content = this.#repair(path, bytes, lines);
    this.#putRows(path, content, [...logLines(content)]);
  }

  #putRows(path: string, bytes: Buffer, lines: readonly LogLine[]): void {
    const last = new Map<string, { readonly record: StoredRecord; readonly offset: number; readonly length: number }>();
    let stream = '';
    for (const { offset, length, parsed } of lines) {
      if (parsed.kind !== 'record') continue;
      const { record } = parsed;
      stream = streamOf(this.table.definition, record);
      // In the order of their last version, as they stand in the file.
      last.delete(record.id);
      last.set(record.id, { record, offset, length });
      if (record._meta.hlc) this.port.hlc.observe(record._meta.hlc);
    }
    // Who only reads leaves a torn line in place; without it in the size, nothing is ever appended to it.
    const torn = lines.at(-1)?.torn ? lines.at(-1) : undefined;
    const size = torn?.offset ?? bytes.length;
    const file: LogFile = { path, stream, size, crc: crc32(bytes.subarray(0, size)), live: 0, owed: 0 };
    this.table.forgetLogFile(path);
    this.table.adoptLogFile(file);
    for (const { record, offset, length } of last.values()) {
      if (record._meta.del) continue;
      const row: Row = rowOf(this.table.shape, record, { file, offset, length });
      // The first file that has an id keeps it.
      if (this.table.rows.has(record.id) || this.faultOf(row) !== undefined) continue;
      this.table.put(row);
    }
  }

  /** The file without what cannot be read, which is set aside, and with other programs' lines made records. */
  #repair(path: string, bytes: Buffer, lines: readonly LogLine[]): Buffer {
    const kept: Buffer[] = [];
    let isOnlyTorn = true;
    for (const line of lines) {
      const text = bytes.subarray(line.offset, line.offset + line.length);
      const outcome = this.#repairLine(path, line.parsed, text);
      if (typeof outcome === 'string') {
        this.port.quarantine.takeBytes(
          text,
          this.origin(path),
          line.torn ? `torn last line: ${outcome}` : `line at byte ${line.offset}: ${outcome}`,
        );
        isOnlyTorn &&= line.torn;
      } else {
        kept.push(outcome.line);
        isOnlyTorn &&= !line.torn && outcome.line.equals(text);
      }
    }
    const content = Buffer.concat(kept);
    if (!this.port.readOnly) this.#writeBack(path, content, isOnlyTorn);
    return this.port.readOnly ? bytes : content;
  }

  #repairLine(path: string, parsed: ReturnType<typeof parseRecord>, text: Buffer): LineOutcome | string {
    if (parsed.kind === 'damaged') return parsed.reason;
    if (parsed.kind === 'record') {
      const isEnded = text.at(-1) === 0x0a;
      return { record: parsed.record, line: isEnded ? text : Buffer.concat([text, Buffer.from('\n')]) };
    }
    const record = this.adopt(parsed.value, { day: dayIn(path) });
    return typeof record === 'string' ? record : { record, line: encodeLine(record) };
  }

  #writeBack(path: string, content: Buffer, isOnlyTorn: boolean): void {
    const target = join(this.base, path);
    if (isOnlyTorn) this.port.fs.truncate(target, content.length);
    else {
      const writer = createDurableWriter(this.port.fs, this.port.root);
      writer.write(target, content);
      writer.syncFolders();
    }
  }
}
