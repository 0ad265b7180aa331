import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type { IndexSpec } from '../../shared/store/store.ts';
import { createIndexSet } from '../query/index-set.ts';
import type { IndexSet, RowGroups, RowSource } from '../query/types.ts';
import { DocumentRows } from './document-rows.ts';
import { documentPath } from './layout.ts';
import { LogRows } from './log-rows.ts';
import { type LogFile, type Place, type Row, type RowShape, createRowShape, isSamePlace } from './row.ts';
import { rowSearch } from './row-search.ts';
import type { Rows } from './rows.ts';
import { StreamFiles } from './stream-files.ts';

/** All that memory holds of one collection: its rows by id, the indexes over them, and a log's files. */
export class CollectionTable {
  readonly name: CollectionName;
  readonly definition: CollectionDefinition;
  #rows: LogRows | DocumentRows;
  #logFiles = new Map<string, LogFile>();
  #streams = new StreamFiles();
  /** Made when first asked for, as the indexes: opening a vault does not wait for them. */
  #shape: RowShape | undefined;
  #indexes: IndexSet | undefined;
  #specs: readonly IndexSpec[];
  /** Grows with every change, so that a saved index is known to be behind. */
  #version = 0;
  /** Files that the disk refuses to give, by path inside the collection's folder, and its errno. */
  readonly unreadable = new Map<string, string>();

  constructor(definition: CollectionDefinition, extraIndexes: readonly IndexSpec[]) {
    this.definition = definition;
    this.name = definition.name as CollectionName; // definitions come from the registry
    this.#specs = [...definition.indexes, ...extraIndexes];
    this.#rows = definition.streamField === undefined ? new DocumentRows() : new LogRows(definition.streamField);
  }

  get rows(): Rows {
    return this.#rows;
  }
  /** The same rows, in log collections. */
  get logRows(): LogRows | undefined {
    return this.#rows instanceof LogRows ? this.#rows : undefined;
  }
  /** The same rows, in document collections. */
  get documentRows(): DocumentRows | undefined {
    return this.#rows instanceof DocumentRows ? this.#rows : undefined;
  }
  get shape(): RowShape {
    this.#shape ??= createRowShape(this.definition, this.#specs);
    return this.#shape;
  }
  get indexes(): IndexSet {
    this.#indexes ??= this.#newIndexes();
    return this.#indexes;
  }
  /** By path; log collections only. */
  get logFiles(): ReadonlyMap<string, LogFile> {
    return this.#logFiles;
  }
  get specs(): readonly IndexSpec[] {
    return this.#specs;
  }
  /** Those made with `createIndex`, beside the registry's. */
  get ownSpecs(): readonly IndexSpec[] {
    return this.#specs.slice(this.definition.indexes.length);
  }
  get version(): number {
    return this.#version;
  }

  put(row: Row): void {
    const { id } = row.view;
    const before = this.rows.get(id);
    this.rows.set(id, row);
    this.#indexes?.put(id, before?.view, row.view);
    if (before?.place.file) before.place.file.live -= 1;
    if (row.place.file) row.place.file.live += 1;
    this.#version += 1;
  }

  remove(id: string): void {
    const row = this.rows.get(id);
    if (row === undefined) return;
    this.rows.delete(id);
    this.#indexes?.remove(id, row.view);
    if (row.place.file) row.place.file.live -= 1;
    this.#version += 1;
  }

  /**
   * A pending row's bytes have reached this place. A newer pending version stays pending, on top of it; which of them a
   * row is, its view tells, since the row itself was made anew when the version before it was settled.
   */
  settle({ view }: Row, place: Place): void {
    const now = this.rows.get(view.id);
    if (now?.place.pending !== undefined) {
      const { pending } = now.place;
      this.rows.set(view.id, { view: now.view, place: now.view === view ? place : { ...place, pending } });
    }
    this.#version += 1;
  }

  /** Whether this row is still what memory has of its record. */
  holds(row: Row): boolean {
    const now = this.rows.get(row.view.id);
    return now !== undefined && isSamePlace(now.place, row.place);
  }

  adoptLogFile(file: LogFile): void {
    if (this.#logFiles.has(file.path)) return;
    this.#logFiles.set(file.path, file);
    this.#streams.add(file);
  }

  forgetLogFile(path: string): void {
    const file = this.#logFiles.get(path);
    if (file === undefined) return;
    this.#logFiles.delete(path);
    this.#streams.delete(file);
    this.#version += 1;
  }

  /** Whether the line of each row in the file is among these. */
  canMoveLines(file: LogFile, offsets: ReadonlyMap<number, number>): boolean {
    return this.logRows?.canMoveLines(file, offsets) ?? false;
  }

  /**
   * A log's file was written anew, with the same rows at other offsets. It is another object from now on, so that nothing
   * that was read from the former is taken for what stands there now.
   */
  moveLines(from: LogFile, to: LogFile, offsets: ReadonlyMap<number, number>): void {
    this.logRows?.moveLines(from, to, offsets);
    this.forgetLogFile(from.path);
    this.adoptLogFile(to);
  }

  /** Inside the collection's folder. */
  pathOf({ view, place }: Row): string {
    if (place.file !== null) return place.file.path;
    return place.path ?? documentPath(view.id, view.created_at);
  }

  /** Drops what memory holds of a file, so that it can be read anew. */
  forgetPath(path: string): void {
    this.unreadable.delete(path);
    const file = this.logFiles.get(path);
    const ids = this.logRows && file ? [...this.logRows.idsIn(file)] : [];
    for (const row of this.logRows?.loose() ?? this.rows.values()) if (this.pathOf(row) === path) ids.push(row.view.id);
    for (const id of ids) this.remove(id);
    this.forgetLogFile(path);
  }

  /** Takes over everything that a table built aside holds; that one must not be used afterwards. */
  replaceWith(other: CollectionTable): void {
    this.clear();
    this.#rows = other.#rows;
    this.#logFiles = other.#logFiles;
    this.#streams = other.#streams;
    for (const [path, code] of other.unreadable) this.unreadable.set(path, code);
    this.#version += 1;
  }

  /** Takes a row that is not there yet, while the table is being filled and nobody asks it. */
  take(row: Row): void {
    this.rows.set(row.view.id, row);
    if (row.place.file) row.place.file.live += 1;
  }

  clear(): void {
    this.rows.clear();
    this.unreadable.clear();
    this.#logFiles.clear();
    this.#streams.clear();
    this.#indexes = undefined;
    this.#version += 1;
  }

  /**
   * Adds an index and gives its name. `widen` makes rows anew where the index needs fields that they did not hold.
   * DUPLICATE_KEY when records there are break it; then nothing has changed.
   */
  addIndex(spec: IndexSpec, widen: (row: Row, shape: RowShape) => Row): string {
    const specs = [...this.#specs, spec];
    const shape = createRowShape(this.definition, specs);
    if (shape.paths.length > this.shape.paths.length) this.#widen(shape, widen);
    const name = this.indexes.define(spec);
    this.#specs = specs;
    return name;
  }

  #widen(shape: RowShape, widen: (row: Row, shape: RowShape) => Row): void {
    const wider = [...this.rows.values()].map((row) => widen(row, shape));
    for (const row of wider) this.rows.set(row.view.id, row);
    this.#shape = shape;
    this.#indexes = undefined;
    this.#version += 1;
  }

  /** Fills indexes that nobody has asked for yet, a few milliseconds of work at a time. */
  *warm(): Generator<void, void> {
    yield* this.documentRows?.warm() ?? [];
    yield* this.indexes.warm();
  }

  /** Lets go of indexes, which are made again when asked for: before so many changes that keeping them up costs more. */
  cool(): void {
    this.#indexes = undefined;
  }

  #newIndexes(): IndexSet {
    const indexes = createIndexSet(new TableRows(this, this.#streams));
    // Files that a person copied may break a unique index; the vault opens all the same, with that index not unique.
    for (const spec of this.#specs) indexes.define(spec, true);
    return indexes;
  }
}

/** What the indexes are made of. A class: each object with a getter of its own costs the garbage collector dearly. */
class TableRows implements RowSource {
  readonly #rows: Rows;
  readonly groups: RowGroups | undefined;
  readonly columns: RowSource['columns'];

  constructor(table: CollectionTable, streams: StreamFiles) {
    this.#rows = table.rows;
    this.groups = table.logRows && streamGroups(table.logRows, streams);
    this.columns = table.documentRows && rowSearch(table.documentRows, (field) => table.shape.covers(new Set([field])));
  }

  get size(): number {
    return this.#rows.size;
  }
  has(id: string): boolean {
    return this.#rows.has(id);
  }
  get(id: string): Row['view'] | undefined {
    return this.#rows.get(id)?.view;
  }
  keys(): Iterable<string> {
    return this.#rows.keys();
  }
}

/** A log's rows by stream, as its files have them. */
function streamGroups(rows: LogRows, streams: StreamFiles): RowGroups {
  return {
    field: rows.streamField,
    count: (stream) => streams.of(stream).reduce((sum, file) => sum + rows.countIn(file), 0),
    *ids(stream) {
      for (const file of streams.of(stream)) yield* rows.idsIn(file);
      // A stream that is no text stands in a file that a person wrote; the filter decides what it means.
      for (const { view } of rows.loose()) {
        const own = view[rows.streamField];
        if (own === stream || typeof own !== 'string') yield view.id;
      }
    },
  };
}
