const SHARDS = 256;
/** Up to so many ids stand in one shard: most collections are small, and it is quickly grown. */
const FEW = 3_000;
const SMALLEST = 16;
const EMPTY = 0;
const GONE = -1;

interface Shard {
  /** Slot + 1, EMPTY or GONE; the length is a power of two. */
  cells: Int32Array;
  /** Eight more bits of each id's hash, so that hardly ever an id is read that is not the one. */
  tags: Uint8Array;
  alive: number;
  /** Cells that are not EMPTY. */
  used: number;
}

/** The column in which the ids stand. */
export interface IdsBySlot {
  at(slot: number): string;
  isAt(slot: number, id: string): boolean;
}

/**
 * Finds the slot of an id. Open addressing over whole numbers, about 8 bytes for each id where a Map takes 50; the ids
 * themselves stay in their column. In shards, so that none is ever so large that growing it holds up the event loop.
 */
export class IdSlots {
  /** None, one, or all. */
  #shards: Shard[] = [];
  readonly #ids: IdsBySlot;
  /** Another one in each process, so that nobody can write an archive whose ids all meet in one cell. */
  readonly #seed = (Math.random() * 0x1_0000_0000) | 0;

  constructor(ids: IdsBySlot) {
    this.#ids = ids;
  }

  /** -1: there is none. */
  find(id: string): number {
    const hash = this.#hash(id);
    const shard = this.#shardOf(hash);
    if (shard === undefined) return -1;
    const { cells, tags } = shard;
    const mask = cells.length - 1;
    for (let at = (hash >>> 8) & mask; cells[at] !== EMPTY; at = (at + 1) & mask) {
      const slot = (cells[at] as number) - 1;
      if (tags[at] === hash >>> 24 && slot >= 0 && this.#ids.isAt(slot, id)) return slot;
    }
    return -1;
  }

  /** False: the id is there already, and nothing has changed. */
  add(id: string, slot: number): boolean {
    const hash = this.#hash(id);
    if (this.#shards.length === 0) this.#shards = [emptyShard(SMALLEST)];
    else if (this.#shards.length === 1 && (this.#shards[0]?.alive ?? 0) >= FEW) this.#split(FEW * 2);
    const shard = this.#shardOf(hash) as Shard;
    if ((shard.used + 1) * 4 > shard.cells.length * 3) this.#resize(shard, shard.alive + 1);
    const { cells, tags } = shard;
    const mask = cells.length - 1;
    let at = (hash >>> 8) & mask;
    for (; cells[at] !== EMPTY; at = (at + 1) & mask) {
      const other = (cells[at] as number) - 1;
      if (tags[at] === hash >>> 24 && other >= 0 && this.#ids.isAt(other, id)) return false;
    }
    cells[at] = slot + 1;
    tags[at] = hash >>> 24;
    shard.used += 1;
    shard.alive += 1;
    return true;
  }

  /** Makes room for so many ids in all, so that none has to be placed twice. */
  reserve(count: number): void {
    if (this.#shards.length < SHARDS) {
      if (count > FEW) this.#split(count);
      return;
    }
    for (const shard of this.#shards) this.#resize(shard, Math.max(shard.alive, shareOf(count)));
  }

  delete(id: string): void {
    const hash = this.#hash(id);
    const shard = this.#shardOf(hash);
    if (shard === undefined) return;
    const { cells } = shard;
    const mask = cells.length - 1;
    for (let at = (hash >>> 8) & mask; cells[at] !== EMPTY; at = (at + 1) & mask) {
      const slot = (cells[at] as number) - 1;
      if (slot < 0 || !this.#ids.isAt(slot, id)) continue;
      cells[at] = GONE;
      shard.alive -= 1;
      return;
    }
  }

  clear(): void {
    this.#shards = [];
  }

  #shardOf(hash: number): Shard | undefined {
    return this.#shards[this.#shards.length === SHARDS ? hash & (SHARDS - 1) : 0];
  }

  /** From one shard to all of them, with room for so many ids. */
  #split(count: number): void {
    const [former] = this.#shards;
    this.#shards = Array.from({ length: SHARDS }, () => emptyShard(lengthFor(shareOf(count))));
    for (const cell of former?.cells ?? []) {
      if (cell <= EMPTY) continue;
      const id = this.#ids.at(cell - 1);
      this.add(id, cell - 1);
    }
  }

  /** Room for so many ids; those that are gone fall out. */
  #resize(shard: Shard, count: number): void {
    const former = shard.cells;
    Object.assign(shard, emptyShard(lengthFor(count)), { alive: shard.alive });
    for (const cell of former) {
      if (cell > EMPTY) place(shard, this.#hash(this.#ids.at(cell - 1)), cell);
    }
  }

  /** FNV-1a over the UTF-16 units, its bits mixed at the end since the low ones choose the shard. */
  #hash(id: string): number {
    let hash = 0x811c9dc5 ^ this.#seed;
    for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return hash ^ (hash >>> 13);
  }
}

/** Of so many ids, and some more since shards are not equally full. */
function shareOf(count: number): number {
  return Math.ceil((count / SHARDS) * 1.2);
}

function lengthFor(count: number): number {
  let length = SMALLEST;
  while (length * 3 < count * 4 + 4) length *= 2;
  return length;
}

function emptyShard(length: number): Shard {
  return { cells: new Int32Array(length), tags: new Uint8Array(length), alive: 0, used: 0 };
}

function place(shard: Shard, hash: number, cell: number): void {
  const { cells } = shard;
  const mask = cells.length - 1;
  let at = (hash >>> 8) & mask;
  while (cells[at] !== EMPTY) at = (at + 1) & mask;
  cells[at] = cell;
  shard.tags[at] = hash >>> 24;
  shard.used += 1;
}
