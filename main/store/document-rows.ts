import { copyOf } from './copy-of.ts';
import { IdSlots } from './id-slots.ts';
import { isUsualTime, isoText } from './iso-text.ts';
import { documentPath } from './layout.ts';
import { millisecondsOf } from './log-rows.ts';
import { BLOCK_BITS, BLOCK_SIZE, RowBlock } from './row-block.ts';
import { RowColumn } from './row-column.ts';
import type { Row, RowView } from './row.ts';
import type { Rows } from './rows.ts';

const NONE = -1;
const DAY_MS = 86_400_000;
/** Looking at each row takes about as long as placing a sixteenth of them. */
const MOST_LOOKS = 16;
/** A list that shows more may wait for all ids to be placed. */
const MOST_FOUND = 1_000;

/** A row that is kept as it is. */
export interface LooseRow {
  readonly row: Row;
  /** Milliseconds since 1970; NaN for times that milliseconds do not give back letter by letter. */
  readonly created: number;
  readonly updated: number;
}

/** Where a row's bytes are. */
export interface DocumentPlace {
  readonly id: string;
  /** Inside the collection's folder. */
  readonly path: string;
  readonly length: number;
  readonly crc: number;
}

/**
 * The rows of a document collection as columns: about 150 bytes each where an object with its strings takes ten times that.
 * `get` makes the row anew each time. Rows that the columns cannot hold are kept as they are: those whose bytes only
 * the log has, those whose file a person moved, and those with times that other programs wrote in their own way.
 */
export class DocumentRows implements Rows {
  readonly #loose = new Map<string, LooseRow>();
  /** Loose rows with a time that is not exact. */
  #inexact = 0;
  #blocks: RowBlock[] = [];
  #columns = new Map<string, RowColumn>();
  #free: number[] = [];
  /** Slots ever given out. */
  #end = 0;
  #slots = this.#newSlots();
  /** Blocks whose rows stand in `#slots`; those of a saved table come in later, so that opening does not wait for them. */
  #placed = 0;
  /** How often an id may still be looked for row by row before all are placed. */
  #looksLeft = 0;
  /** Where rows stand that a search has just found; emptied when rows change. */
  #found = new Map<string, number>();

  get size(): number {
    return this.#end - this.#free.length + this.#loose.size;
  }
  get blocks(): readonly RowBlock[] {
    return this.#blocks;
  }
  get columns(): ReadonlyMap<string, RowColumn> {
    return this.#columns;
  }
  /** Whether every row's times are known as milliseconds. */
  get isExact(): boolean {
    return this.#inexact === 0;
  }

  /** The id of the row in this slot. */
  idOf(slot: number): string {
    return idIn(this.#blockOf(slot), slot & (BLOCK_SIZE - 1));
  }

  /** The same, for those who search: what they find is asked for next. */
  idAt(slot: number): string {
    const id = this.idOf(slot);
    if (this.#placed < this.#blocks.length && this.#found.size < MOST_FOUND) this.#found.set(id, slot);
    return id;
  }

  loose(): Iterable<LooseRow> {
    return this.#loose.values();
  }

  has(id: string): boolean {
    return this.#loose.has(id) || this.#slotOf(id) !== NONE;
  }

  get(id: string): Row | undefined {
    const loose = this.#loose.get(id);
    if (loose !== undefined) return loose.row;
    const slot = this.#slotOf(id);
    return slot === NONE ? undefined : this.#rowAt(slot);
  }

  /** Some (top-level) fields of a row, which is not made for it; `id` always. The caller's own. */
  part(id: string, fields: readonly string[]): Record<string, unknown> | undefined {
    const found = this.#loose.get(id)?.row ?? this.#slotOf(id);
    return found === NONE ? undefined : this.partsOf(fields)(found);
  }

  /** As `part`, of rows that a search has found: by their slots, or as they are. Good until rows change. */
  partsOf(fields: readonly string[]): (found: number | Row) => Record<string, unknown> {
    const readers = fields.map((field) => this.#readerOf(field));
    return (found) => {
      const isRow = typeof found !== 'number';
      const block = isRow ? undefined : this.#blockOf(found);
      const at = isRow ? 0 : found & (BLOCK_SIZE - 1);
      const part: Record<string, unknown> = { id: isRow ? found.view.id : idIn(block as RowBlock, at) };
      for (let index = 0; index < fields.length; index += 1) {
        const field = fields[index] as string;
        const value = isRow ? found.view[field] : readers[index]?.read(block as RowBlock, at);
        // Copied: what rows hold is memory's own.
        if (value !== undefined) part[field] = typeof value === 'object' ? copyOf(value) : value;
      }
      return part;
    };
  }

  set(id: string, row: Row): void {
    const { created_at: createdAt, updated_at: updatedAt } = row.view;
    const created = exactTime(createdAt);
    const updated = updatedAt === createdAt ? created : exactTime(updatedAt);
    if (!Number.isNaN(created + updated) && isOrdinary(row)) {
      this.#deleteLoose(id);
      this.#put(this.#allSlots().find(id), row, created, updated);
    } else {
      this.delete(id);
      this.#loose.set(id, { row, created, updated });
      if (Number.isNaN(created + updated)) this.#inexact += 1;
    }
  }

  delete(id: string): boolean {
    if (this.#deleteLoose(id)) return true;
    const slot = this.#allSlots().find(id);
    if (slot === NONE) return false;
    this.#slots.delete(id);
    const block = this.#blockOf(slot);
    const at = slot & (BLOCK_SIZE - 1);
    block.heap.release(block.ids[at] ?? 0);
    block.ids[at] = 0;
    for (const column of this.#columns.values()) column.clear(block, at);
    this.#free.push(slot);
    return true;
  }

  clear(): void {
    this.#loose.clear();
    [this.#blocks, this.#columns, this.#free] = [[], new Map(), []];
    [this.#end, this.#inexact] = [0, 0];
    this.#slots = this.#newSlots();
    this.#placed = 0;
    this.#found = new Map();
  }

  *keys(): Generator<string, void> {
    for (const block of this.#blocks) {
      for (let at = 0; at < block.used; at += 1) if (block.ids[at] !== 0) yield idIn(block, at);
    }
    yield* this.#loose.keys();
  }

  *values(): Generator<Row, void> {
    for (const [number, block] of this.#blocks.entries()) {
      for (let at = 0; at < block.used; at += 1) {
        if (block.ids[at] !== 0) yield this.#rowAt((number << BLOCK_BITS) + at);
      }
    }
    for (const { row } of this.#loose.values()) yield row;
  }

  /** Where the rows' bytes are; the rows are not made for it. */
  *places(): Generator<DocumentPlace, void> {
    for (const block of this.#blocks) {
      for (let at = 0; at < block.used; at += 1) {
        if (block.ids[at] === 0) continue;
        const id = idIn(block, at);
        const path = documentPath(id, isoText(block.created[at] ?? 0));
        yield { id, path, length: block.lengths[at] ?? 0, crc: block.crcs[at] ?? 0 };
      }
    }
    for (const { row } of this.#loose.values()) {
      const { place, view } = row;
      if (place.file !== null) continue;
      const path = place.path ?? documentPath(view.id, view.created_at);
      yield { id: view.id, path, length: place.length, crc: place.crc };
    }
  }

  /** Takes over blocks and columns that were saved. */
  restore(columns: readonly RowColumn[], blocks: readonly RowBlock[]): void {
    this.clear();
    this.#columns = new Map(columns.map((column) => [column.field, column]));
    this.#blocks = [...blocks];
    const last = blocks.at(-1);
    this.#end = last === undefined ? 0 : ((blocks.length - 1) << BLOCK_BITS) + last.used;
    for (const [number, block] of blocks.entries()) {
      for (let at = 0; at < block.used; at += 1) if (block.ids[at] === 0) this.#free.push((number << BLOCK_BITS) + at);
    }
    this.#looksLeft = MOST_LOOKS;
  }

  /** Places the ids of saved rows, a few milliseconds of work at a time: what the first write would have to do. */
  *warm(): Generator<void, void> {
    while (this.#placed < this.#blocks.length) {
      this.#placeNext();
      yield;
    }
  }

  /** Deletes the rows whose files stand in the folders of these days (`YYYY/MM/DD`). */
  dropDays(days: ReadonlySet<string>): void {
    const gone = new Set([...days].map((day) => Date.parse(day.replaceAll('/', '-')) / DAY_MS));
    for (const block of this.#blocks) {
      for (let at = 0; at < block.used; at += 1) {
        const day = Math.floor((block.created[at] ?? 0) / DAY_MS);
        if (block.ids[at] !== 0 && gone.has(day)) this.delete(idIn(block, at));
      }
    }
    for (const { row } of this.#loose.values()) {
      const { view, place } = row;
      const path =
        place.file === null && place.path !== undefined ? place.path : documentPath(view.id, view.created_at);
      if (days.has(path.slice(0, 'YYYY/MM/DD'.length))) this.delete(view.id);
    }
  }

  #slotOf(id: string): number {
    if (this.#placed === this.#blocks.length) return this.#slots.find(id);
    const found = this.#found.get(id);
    if (found !== undefined) return found;
    this.#looksLeft -= 1;
    return this.#looksLeft < 0 ? this.#allSlots().find(id) : this.#look(id);
  }

  /** The first records that are asked for after opening are found without the ids of all being placed. */
  #look(id: string): number {
    for (const [number, { ids, used, heap }] of this.#blocks.entries()) {
      for (let at = 0; at < used; at += 1) {
        const reference = ids[at] ?? 0;
        if (reference !== 0 && heap.is(reference, id)) return (number << BLOCK_BITS) + at;
      }
    }
    return NONE;
  }

  #allSlots(): IdSlots {
    if (this.#found.size > 0) this.#found = new Map();
    while (this.#placed < this.#blocks.length) this.#placeNext();
    return this.#slots;
  }

  #placeNext(): void {
    if (this.#placed === 0) this.#slots.reserve(this.#end);
    const block = this.#blocks[this.#placed] as RowBlock; // callers look whether there is one
    for (let at = 0; at < block.used; at += 1) {
      const slot = (this.#placed << BLOCK_BITS) + at;
      if (block.ids[at] === 0 || this.#slots.add(idIn(block, at), slot)) continue;
      // Two rows with one id, which we never write: the first counts.
      block.ids[at] = 0;
      this.#free.push(slot);
    }
    this.#placed += 1;
  }

  #newSlots(): IdSlots {
    return new IdSlots({
      at: (slot) => idIn(this.#blockOf(slot), slot & (BLOCK_SIZE - 1)),
      isAt: (slot, id) => {
        const block = this.#blockOf(slot);
        return block.heap.is(block.ids[slot & (BLOCK_SIZE - 1)] ?? 0, id);
      },
    });
  }

  #deleteLoose(id: string): boolean {
    const loose = this.#loose.get(id);
    if (loose === undefined) return false;
    if (Number.isNaN(loose.created + loose.updated)) this.#inexact -= 1;
    return this.#loose.delete(id);
  }

  #blockOf(slot: number): RowBlock {
    return this.#blocks[slot >> BLOCK_BITS] as RowBlock; // a slot that was given out has a block
  }

  #put(known: number, { view, place }: Row, created: number, updated: number): void {
    const { id, created_at: _, updated_at: __, ...fields } = view;
    const slot = known === NONE ? this.#newSlot() : known;
    const block = this.#blockOf(slot);
    const at = slot & (BLOCK_SIZE - 1);
    block.makeRoom(at);
    if (known === NONE) {
      block.ids[at] = block.heap.add(id);
      this.#slots.add(id, slot);
    }
    block.setTimes(at, created, updated);
    block.lengths[at] = place.length;
    block.crcs[at] = place.file === null ? place.crc : 0;
    for (const column of this.#columns.values()) column.write(block, at, fields[column.field]);
    for (const [field, value] of Object.entries(fields)) {
      if (!this.#columns.has(field)) this.#newColumn(field).write(block, at, value);
    }
    if (block.heap.isWasteful) block.repack();
  }

  /** undefined: no row has that field. */
  #readerOf(field: string): Pick<RowColumn, 'read'> | undefined {
    return fixedReaders.get(field) ?? this.#columns.get(field);
  }

  #newSlot(): number {
    const slot = this.#free.pop() ?? this.#end++;
    if (slot >> BLOCK_BITS === this.#blocks.length) this.#placed = this.#blocks.push(new RowBlock());
    return slot;
  }

  #newColumn(field: string): RowColumn {
    const column = new RowColumn(field, this.#columns.size);
    this.#columns.set(field, column);
    return column;
  }

  #rowAt(slot: number): Row {
    const block = this.#blockOf(slot);
    const at = slot & (BLOCK_SIZE - 1);
    return {
      view: this.#viewIn(block, at),
      place: { file: null, length: block.lengths[at] ?? 0, crc: block.crcs[at] ?? 0 },
    };
  }

  #viewIn(block: RowBlock, at: number): RowView {
    const created = block.created[at] ?? 0;
    const updated = block.updated[at] ?? 0;
    const createdAt = isoText(created);
    const view: Record<string, unknown> = {
      id: idIn(block, at),
      created_at: createdAt,
      updated_at: updated === created ? createdAt : isoText(updated),
    };
    for (const column of this.#columns.values()) {
      const value = column.read(block, at);
      if (value !== undefined) view[column.field] = value;
    }
    return view as RowView; // id and times are in every row
  }
}

/** Of the fields that every row has. */
const fixedReaders: ReadonlyMap<string, Pick<RowColumn, 'read'>> = new Map([
  ['id', { read: (block, at) => idIn(block, at) }],
  ['created_at', { read: (block, at) => isoText(block.created[at] ?? 0) }],
  ['updated_at', { read: (block, at) => isoText(block.updated[at] ?? 0) }],
] satisfies (readonly [string, Pick<RowColumn, 'read'>])[]);

/** The id of the row that stands there. */
export function idIn(block: RowBlock, at: number): string {
  return block.heap.read(block.ids[at] ?? 0) as string; // only ids are kept under these references
}

/** The time in milliseconds since 1970, where they say all that the text says and stand in the order of the texts; else NaN. */
export function exactTime(text: string): number {
  const time = millisecondsOf(text) ?? Number.NaN;
  return isUsualTime(time) ? time : Number.NaN;
}

function isOrdinary({ place }: Row): boolean {
  return (
    place.file === null &&
    place.pending === undefined &&
    place.path === undefined &&
    place.length > 0 &&
    place.length <= 0xffff_ffff
  );
}
