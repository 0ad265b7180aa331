import { IdColumn, isColumnId, resized } from './id-column.ts';
import { IdSlots } from './id-slots.ts';
import { isUsualTime, isoText } from './iso-text.ts';
import type { LogFile, Row, RowView } from './row.ts';
import type { Rows } from './rows.ts';

const BLOCK_BITS = 12;
const BLOCK_SIZE = 1 << BLOCK_BITS;
/** What the first block begins with and grows by; most collections of most vaults are small. */
const FIRST_SIZE = 16;
const GROWTH = 4;
const NONE = -1;

/**
 * Columns of so many rows. Blocks rather than one growing array each: nothing but a small first block is copied, and
 * nothing is twice as large as needed.
 */
interface Block {
  readonly size: number;
  readonly ids: IdColumn;
  /** What a row's view holds beside id, dates and stream; rows of one import share one object. */
  readonly fields: (RowFields | undefined)[];
  readonly files: Uint32Array;
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
  /** Milliseconds since 1970. */
  readonly created: Float64Array;
  readonly updated: Float64Array;
  /** The rows of one file form a chain, in the order of their lines. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
}

/** A row taken apart; what its file and its columns do not hold of its view. */
export type RowFields = Readonly<Record<string, unknown>>;
export interface CompactRow {
  readonly id: string;
  readonly file: LogFile;
  readonly offset: number;
  readonly length: number;
  /** Milliseconds since 1970, as `updated`. */
  readonly created: number;
  readonly updated: number;
  readonly fields: RowFields;
}

interface Chain {
  readonly file: LogFile;
  readonly number: number;
  first: number;
  last: number;
  length: number;
}

/**
 * The rows of a log collection as columns: about 100 bytes each where an object with its strings takes 480, since a vault
 * may hold millions of messages. `get` makes the row anew each time. Rows that the columns cannot hold are kept as they
 * are: those whose bytes only the log has, and those with dates or streams that other programs wrote in their own way.
 */
export class LogRows implements Rows {
  /** The field of a record whose value names the stream. */
  readonly streamField: string;
  readonly #loose = new Map<string, Row>();
  readonly #slots = new IdSlots({
    at: (slot) => this.#idAt(slot),
    isAt: (slot, id) => this.#blocks[slot >> BLOCK_BITS]?.ids.isAt(slot & (BLOCK_SIZE - 1), id) ?? false,
  });
  #blocks: Block[] = [];
  #free: number[] = [];
  /** Slots ever given out. */
  #end = 0;
  #firstSize = FIRST_SIZE;
  readonly #chains = new Map<LogFile, Chain>();
  #chainByNumber: (Chain | undefined)[] = [];
  #freeNumbers: number[] = [];
  readonly #shared = new SharedFields();

  constructor(streamField: string) {
    this.streamField = streamField;
  }

  get size(): number {
    return this.#end - this.#free.length + this.#loose.size;
  }

  has(id: string): boolean {
    return this.#loose.has(id) || this.#slots.find(id) !== NONE;
  }

  get(id: string): Row | undefined {
    const loose = this.#loose.get(id);
    if (loose !== undefined) return loose;
    const slot = this.#slots.find(id);
    return slot === NONE ? undefined : this.#rowAt(slot);
  }

  set(id: string, row: Row): void {
    const compact = takenApart(row, this.streamField);
    this.delete(id);
    if (compact === undefined) this.#loose.set(id, row);
    else this.append(compact);
  }

  /** As `set`, for a row that is not there yet and was never put together. */
  delete(id: string): boolean {
    if (this.#loose.delete(id)) return true;
    const slot = this.#slots.find(id);
    if (slot === NONE) return false;
    this.#slots.delete(id);
    this.#unchain(slot);
    const { block, at } = this.#place(slot);
    block.ids.delete(at);
    block.fields[at] = undefined;
    this.#free.push(slot);
    return true;
  }

  clear(): void {
    this.#loose.clear();
    this.#slots.clear();
    this.#chains.clear();
    [this.#blocks, this.#free, this.#end] = [[], [], 0];
    [this.#chainByNumber, this.#freeNumbers] = [[], []];
  }

  *keys(): Generator<string, void> {
    let left = this.#end;
    for (const { ids } of this.#blocks) {
      for (let at = 0; at < Math.min(left, BLOCK_SIZE); at += 1) if (ids.has(at)) yield ids.at(at);
      left -= BLOCK_SIZE;
    }
    yield* this.#loose.keys();
  }

  *values(): Generator<Row, void> {
    for (const id of this.keys()) {
      const row = this.get(id);
      if (row !== undefined) yield row;
    }
  }

  /** How many rows stand in a file, those that only the log has left out. */
  countIn(file: LogFile): number {
    return this.#chains.get(file)?.length ?? 0;
  }

  /** Bytes of the lines in a file that are rows, as `countIn`. */
  bytesIn(file: LogFile): number {
    let bytes = 0;
    for (const slot of this.#slotsIn(file)) {
      const { block, at } = this.#place(slot);
      bytes += block.lengths[at] ?? 0;
    }
    return bytes;
  }

  /** Whether the line of each row in the file is among these. */
  canMoveLines(file: LogFile, offsets: ReadonlyMap<number, number>): boolean {
    for (const slot of this.#slotsIn(file)) {
      const { block, at } = this.#place(slot);
      if (!offsets.has(block.offsets[at] ?? NONE)) return false;
    }
    return this.#looseIn(file).every(({ place }) => place.file !== null && offsets.has(place.offset));
  }

  /** The lines of a file stand in this one now, at other offsets: of each former offset the new one. */
  moveLines(from: LogFile, to: LogFile, offsets: ReadonlyMap<number, number>): void {
    for (const slot of this.#slotsIn(from)) {
      const { block, at } = this.#place(slot);
      const offset = block.offsets[at] ?? 0;
      block.offsets[at] = offsets.get(offset) ?? offset;
    }
    const chain = this.#chains.get(from);
    if (chain) {
      const moved: Chain = { ...chain, file: to };
      this.#chains.delete(from);
      this.#chains.set(to, moved);
      this.#chainByNumber[chain.number] = moved;
    }
    for (const { view, place } of this.#looseIn(from)) {
      if (place.file === null) continue;
      const offset = offsets.get(place.offset) ?? place.offset;
      this.#loose.set(view.id, { view, place: { ...place, file: to, offset } });
    }
  }

  #looseIn(file: LogFile): Row[] {
    return [...this.#loose.values()].filter(({ place }) => place.file === file);
  }

  /** Ids of the rows in a file, in the order of their lines. */
  *idsIn(file: LogFile): Generator<string, void> {
    for (const slot of this.#slotsIn(file)) yield this.#idAt(slot);
  }

  /** The rows in a file as they are kept, in the order of their lines. */
  *compactIn(file: LogFile): Generator<CompactRow, void> {
    for (const slot of this.#slotsIn(file)) {
      const { block, at } = this.#place(slot);
      yield {
        id: block.ids.at(at),
        file,
        offset: block.offsets[at] ?? 0,
        length: block.lengths[at] ?? 0,
        created: block.created[at] ?? 0,
        updated: block.updated[at] ?? 0,
        fields: block.fields[at] ?? {},
      };
    }
  }

  /** The rows that are kept as they are. */
  loose(): Iterable<Row> {
    return this.#loose.values();
  }

  *#slotsIn(file: LogFile): Generator<number, void> {
    for (let slot = this.#chains.get(file)?.first ?? NONE; slot !== NONE;) {
      const { block, at } = this.#place(slot);
      const next = block.next[at] ?? NONE;
      yield slot;
      slot = next;
    }
  }

  #idAt(slot: number): string {
    const { block, at } = this.#place(slot);
    return block.ids.at(at);
  }

  #rowAt(slot: number): Row {
    const { block, at } = this.#place(slot);
    const { file } = this.#chainByNumber[block.files[at] ?? 0] as Chain; // a row's chain lasts as long as the row
    const created = block.created[at] ?? 0;
    const updated = block.updated[at] ?? 0;
    const created_at = new Date(created).toISOString();
    const view: RowView = {
      id: block.ids.at(at),
      created_at,
      updated_at: updated === created ? created_at : new Date(updated).toISOString(),
      [this.streamField]: file.stream,
      ...block.fields[at],
    };
    return { view, place: { file, offset: block.offsets[at] ?? 0, length: block.lengths[at] ?? 0 } };
  }

  /** Makes room for so many rows in all. */
  reserve(count: number): void {
    this.#slots.reserve(count);
    while (this.#firstSize < Math.min(count, BLOCK_SIZE)) this.#firstSize *= GROWTH;
  }

  /** A row that is not there yet, without its having been put together. Throws where its id is there. */
  append({ id, file, offset, length, created, updated, fields }: CompactRow): void {
    const slot = this.#free.pop() ?? this.#end++;
    this.#makeRoom(slot);
    const { block, at } = this.#place(slot);
    block.ids.set(at, id);
    if (!this.#slots.add(id, slot)) throw new Error(`A row of the id ${id} is there already.`);
    block.fields[at] = this.#shared.of(fields);
    block.offsets[at] = offset;
    block.lengths[at] = length;
    block.created[at] = created;
    block.updated[at] = updated;
    this.#chain(slot, file);
  }

  #makeRoom(slot: number): void {
    const number = slot >> BLOCK_BITS;
    const block = this.#blocks[number];
    if (block === undefined) this.#blocks.push(emptyBlock(number === 0 ? this.#firstSize : BLOCK_SIZE));
    else if ((slot & (BLOCK_SIZE - 1)) >= block.size) this.#blocks[number] = grown(block);
  }

  #chain(slot: number, file: LogFile): void {
    const chain = this.#chains.get(file) ?? this.#newChain(file);
    const { block, at } = this.#place(slot);
    block.files[at] = chain.number;
    block.previous[at] = chain.last;
    block.next[at] = NONE;
    if (chain.last === NONE) chain.first = slot;
    else this.#link(chain.last, 'next', slot);
    chain.last = slot;
    chain.length += 1;
  }

  #newChain(file: LogFile): Chain {
    const number = this.#freeNumbers.pop() ?? this.#chainByNumber.length;
    const chain: Chain = { file, number, first: NONE, last: NONE, length: 0 };
    this.#chainByNumber[number] = chain;
    this.#chains.set(file, chain);
    return chain;
  }

  #unchain(slot: number): void {
    const { block, at } = this.#place(slot);
    const chain = this.#chainByNumber[block.files[at] ?? 0] as Chain; // as in #rowAt
    const next = block.next[at] ?? NONE;
    const previous = block.previous[at] ?? NONE;
    if (previous === NONE) chain.first = next;
    else this.#link(previous, 'next', next);
    if (next === NONE) chain.last = previous;
    else this.#link(next, 'previous', previous);
    chain.length -= 1;
    if (chain.length > 0) return;
    this.#chains.delete(chain.file);
    this.#chainByNumber[chain.number] = undefined;
    this.#freeNumbers.push(chain.number);
  }

  #link(slot: number, column: 'next' | 'previous', target: number): void {
    const { block, at } = this.#place(slot);
    block[column][at] = target;
  }

  #place(slot: number): { readonly block: Block; readonly at: number } {
    return { block: this.#blocks[slot >> BLOCK_BITS] as Block, at: slot & (BLOCK_SIZE - 1) };
  }
}

function emptyBlock(size: number): Block {
  return {
    size,
    ids: new IdColumn(size),
    fields: [],
    files: new Uint32Array(size),
    offsets: new Uint32Array(size),
    lengths: new Uint32Array(size),
    created: new Float64Array(size),
    updated: new Float64Array(size),
    next: new Int32Array(size),
    previous: new Int32Array(size),
  };
}

function grown({ ids, fields, ...former }: Block): Block {
  const size = former.size * GROWTH;
  ids.resize(size);
  return {
    size,
    ids,
    fields,
    files: resized(former.files, new Uint32Array(size)),
    offsets: resized(former.offsets, new Uint32Array(size)),
    lengths: resized(former.lengths, new Uint32Array(size)),
    created: resized(former.created, new Float64Array(size)),
    updated: resized(former.updated, new Float64Array(size)),
    next: resized(former.next, new Int32Array(size)),
    previous: resized(former.previous, new Int32Array(size)),
  };
}

/** undefined: the columns cannot hold it without losing something. */
function takenApart({ view, place }: Row, streamField: string): CompactRow | undefined {
  const { file } = place;
  if (file === null || place.pending !== undefined || place.length === 0 || place.offset > 0xffff_ffff)
    return undefined;
  const { id, created_at, updated_at, [streamField]: stream, ...fields } = view;
  if (stream !== file.stream || !isColumnId(id)) return undefined;
  const created = millisecondsOf(created_at);
  const updated = updated_at === created_at ? created : millisecondsOf(updated_at);
  if (created === undefined || updated === undefined) return undefined;
  return { id, file, offset: place.offset, length: place.length, created, updated, fields };
}

/** A time that these milliseconds give back letter by letter; undefined for one written in another way. */
export function millisecondsOf(text: string): number | undefined {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  const again = isUsualTime(milliseconds) ? isoText(milliseconds) : new Date(milliseconds).toISOString();
  return again === text ? milliseconds : undefined;
}

const REMEMBERED = 256;

/** One object for all fields that are equal. */
class SharedFields {
  readonly #byText = new Map<string, RowFields>();
  #lastGiven: RowFields = {};
  #last: RowFields = {};

  of(fields: RowFields): RowFields {
    if (fields === this.#lastGiven) return this.#last;
    const text = JSON.stringify(fields);
    const known = this.#byText.get(text) ?? fields;
    if (this.#byText.size >= REMEMBERED) this.#byText.clear();
    this.#byText.set(text, known);
    this.#lastGiven = fields;
    return (this.#last = known);
  }
}
