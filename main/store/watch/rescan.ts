import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { CollectionTable } from '../collection-table.ts';
import { dayFolders } from '../day-folders.ts';
import type { FsPort } from '../fs-port.ts';
import { collectionFolder, dayOf } from '../layout.ts';
import type { TimeSlices } from '../time-slices.ts';
import { type DayMemory, type DayPass, createDayMemory } from './day-memory.ts';
import { absolutePath, isBehind, knownAt, knownByDay, knownMonths, pathsOf } from './known-files.ts';
import { holds } from './stable-read.ts';
import type { DataFile } from './types.ts';

/** Compares folders with the index: by size, time and inode first; only what differs is read. */
export interface Rescan {
  /** Files of these days that are not what the index expects; '' for all there are, `2026/11` for a month. */
  run(prefix: string, collection?: CollectionName): Promise<readonly DataFile[]>;
  /** Months of all collections, newest first. */
  months(): readonly string[];
}

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly tables: ReadonlyMap<CollectionName, CollectionTable>;
  readonly slices: TimeSlices;
  /** Files last changed before this have the content of the saved index; they are read only when their size differs. */
  readonly trustedBeforeMs: number;
}

export function createRescan(port: Port): Rescan {
  return new Pass(port, createDayMemory());
}

class Pass implements Rescan {
  readonly #port: Port;
  readonly #memory: DayMemory;

  constructor(port: Port, memory: DayMemory) {
    this.#port = port;
    this.#memory = memory;
  }

  async run(prefix: string, collection?: CollectionName): Promise<readonly DataFile[]> {
    const found: DataFile[] = [];
    for (const table of this.#port.tables.values()) {
      if (collection !== undefined && table.name !== collection) continue;
      const wanted = await this.#days(table, prefix);
      for (const [day, known] of wanted) found.push(...(await this.#compare(table, day, pathsOf(table, known))));
    }
    return found;
  }

  months(): readonly string[] {
    return [...new Set([...this.#port.tables.values()].flatMap(knownMonths))].sort().reverse();
  }

  /** Days that the index has, and days that only the disk has. */
  async #days(table: CollectionTable, prefix: string): Promise<Map<string, readonly string[]>> {
    const { fs, root, slices } = this.#port;
    const days = new Map<string, readonly string[]>((await knownByDay(table, prefix, slices)).files);
    for (const { day } of dayFolders(fs, collectionFolder(root, table.name))) {
      if (day.startsWith(prefix) && !days.has(day)) days.set(day, []);
      await slices.pause();
    }
    return days;
  }

  async #compare(table: CollectionTable, day: string, known: readonly string[]): Promise<DataFile[]> {
    const { fs, root, slices } = this.#port;
    const folder = absolutePath(root, table.name, day);
    const isThere = fs.stat(folder)?.kind === 'folder';
    const names = new Set(isThere ? fs.readFolder(folder).map(({ name }) => name) : []);
    const found: DataFile[] = known
      .filter((path) => !names.has(path.slice(day.length + 1)))
      .map((path) => ({ collection: table.name, path }));
    const pass = this.#memory.begin(folder);
    for (const name of names) {
      if (!isRecordFile(table, name)) continue;
      const path = `${day}/${name}`;
      // One that cannot be read tells nothing; once it can, its own event says so, or the next opening.
      if (table.unreadable.has(path)) continue;
      if (await this.#isAsKnown(table, path, pass)) {
        const stat = fs.stat(absolutePath(root, table.name, path));
        if (stat) pass.keep(name, stat);
      } else found.push({ collection: table.name, path });
      await slices.pause();
    }
    pass.end();
    // What only waits for the log is no other program's doing.
    return found.filter(({ path }) => !isBehind(table, path));
  }

  async #isAsKnown(table: CollectionTable, path: string, pass: DayPass): Promise<boolean> {
    const { fs, root, slices, trustedBeforeMs } = this.#port;
    const known = knownAt(table, path);
    const absolute = absolutePath(root, table.name, path);
    const stat = fs.stat(absolute);
    if (known === undefined || stat?.kind !== 'file' || stat.size !== known.expected.bytes) return false;
    if (pass.isKnown(path.slice(path.lastIndexOf('/') + 1), stat)) return true;
    // Later a file may come back from a backup with its old time.
    if (pass.isFirst && stat.modifiedMs < trustedBeforeMs) return true;
    return holds(fs, absolute, known.expected, slices);
  }
}

/** Names with a leading dot are programs' own: half-written copies, locks, what systems leave. */
export function isRecordFile(table: CollectionTable, name: string): boolean {
  return !name.startsWith('.') && name.endsWith(table.definition.kind === 'log' ? '.ndjson' : '.json');
}

/** Today and yesterday, as day prefixes. */
export function latestDays(nowMs: number): readonly string[] {
  return [0, 1].map((ago) => dayOf(new Date(nowMs - ago * 24 * 60 * 60_000).toISOString()));
}
