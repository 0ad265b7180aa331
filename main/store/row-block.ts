import { RowHeap } from './row-heap.ts';

export const BLOCK_BITS = 12;
export const BLOCK_SIZE = 1 << BLOCK_BITS;
const SMALLEST = 64;

/** A cell of a column: 0 where the row has no such field; odd: the number of a value, doubled; even: a heap reference, doubled. */
export type Cell = number;
export const ABSENT: Cell = 0;
export const isNumbered = (cell: Cell): boolean => (cell & 1) === 1;

/** What a block has of each row, field by field. */
export interface BlockArrays {
  /** Heap references; 0: no row stands here. */
  ids: Uint32Array;
  /** Milliseconds since 1970. */
  created: Float64Array;
  updated: Float64Array;
  lengths: Uint32Array;
  crcs: Uint32Array;
  /** By column; undefined: no row of the block has that field. */
  cells: (Uint32Array | undefined)[];
}

/** Least and greatest of a block's times, or beyond them: rows that went away are not taken off. */
export interface Zone {
  least: number;
  greatest: number;
}

/** Up to 4,096 rows as columns. Begins small, so that a collection of few records costs little. */
export class RowBlock implements BlockArrays {
  ids: Uint32Array;
  created: Float64Array;
  updated: Float64Array;
  lengths: Uint32Array;
  crcs: Uint32Array;
  cells: (Uint32Array | undefined)[];
  heap: RowHeap;
  /** Places ever used; behind them all is empty. */
  used: number;
  readonly zones = { created: emptyZone(), updated: emptyZone() };

  constructor(used = 0, heap: RowHeap = new RowHeap(), arrays: BlockArrays = emptyArrays(SMALLEST)) {
    this.used = used;
    this.heap = heap;
    ({
      ids: this.ids,
      created: this.created,
      updated: this.updated,
      lengths: this.lengths,
      crcs: this.crcs,
      cells: this.cells,
    } = arrays);
    if (used > 0) this.#findZones();
  }

  setTimes(at: number, created: number, updated: number): void {
    this.created[at] = created;
    this.updated[at] = updated;
    this.#widenZones(at);
  }

  cell(column: number, at: number): Cell {
    return this.cells[column]?.[at] ?? ABSENT;
  }

  setCell(column: number, at: number, cell: Cell): void {
    const cells = this.cells[column];
    if (cells !== undefined) cells[at] = cell;
    else if (cell !== ABSENT) (this.cells[column] = new Uint32Array(this.ids.length))[at] = cell;
  }

  makeRoom(at: number): void {
    if (at >= this.ids.length) this.#grow(Math.min(BLOCK_SIZE, Math.max(this.ids.length * 2, at + 1, SMALLEST)));
    if (at >= this.used) this.used = at + 1;
  }

  /** The heap again, without what nobody refers to. */
  repack(): void {
    const [former, heap] = [this.heap, new RowHeap()];
    const moved = (reference: number): number => heap.add(former.read(reference));
    for (let at = 0; at < this.used; at += 1) {
      if (this.ids[at] === 0) continue;
      this.ids[at] = moved(this.ids[at] ?? 0);
      for (const cells of this.cells) {
        const cell = cells?.[at] ?? ABSENT;
        if (cells && cell !== ABSENT && !isNumbered(cell)) cells[at] = moved(cell >>> 1) * 2;
      }
    }
    this.heap = heap;
  }

  #grow(length: number): void {
    const larger = emptyArrays(length);
    larger.ids.set(this.ids);
    larger.created.set(this.created);
    larger.updated.set(this.updated);
    larger.lengths.set(this.lengths);
    larger.crcs.set(this.crcs);
    this.cells = this.cells.map((cells) => {
      if (cells === undefined) return undefined;
      const grown = new Uint32Array(length);
      grown.set(cells);
      return grown;
    });
    this.ids = larger.ids;
    this.created = larger.created;
    this.updated = larger.updated;
    this.lengths = larger.lengths;
    this.crcs = larger.crcs;
  }

  /** One loop over numbers: opening a vault goes through all rows here, before anything is compiled. */
  #findZones(): void {
    const { ids, created, updated, used, zones } = this;
    let [least, greatest] = [zones.created.least, zones.created.greatest];
    let [leastUpdated, greatestUpdated] = [zones.updated.least, zones.updated.greatest];
    for (let at = 0; at < used; at += 1) {
      if (ids[at] === 0) continue;
      const from = created[at] as number; // as the other, it stands in every row
      const to = updated[at] as number;
      if (from < least) least = from;
      if (from > greatest) greatest = from;
      if (to < leastUpdated) leastUpdated = to;
      if (to > greatestUpdated) greatestUpdated = to;
    }
    Object.assign(zones.created, { least, greatest });
    Object.assign(zones.updated, { least: leastUpdated, greatest: greatestUpdated });
  }

  #widenZones(at: number): void {
    widen(this.zones.created, this.created[at] ?? 0);
    widen(this.zones.updated, this.updated[at] ?? 0);
  }
}

function emptyArrays(length: number): BlockArrays {
  return {
    ids: new Uint32Array(length),
    created: new Float64Array(length),
    updated: new Float64Array(length),
    lengths: new Uint32Array(length),
    crcs: new Uint32Array(length),
    cells: [],
  };
}

function emptyZone(): Zone {
  return { least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY };
}

function widen(zone: Zone, time: number): void {
  if (time < zone.least) zone.least = time;
  if (time > zone.greatest) zone.greatest = time;
}
