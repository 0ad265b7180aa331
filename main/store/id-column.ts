/** What the column takes: printable ASCII, at most 255 characters. Ids that we mint, and nearly all others, are that. */
export function isColumnId(id: string): boolean {
  return id.length <= 255 && ASCII.test(id);
}
const ASCII = /^[\x20-\x7e]+$/;

const NO_BYTES = Buffer.alloc(0);
const SMALLEST_BYTES = 512;

/** Ids as bytes outside the heap: 36 bytes for a UUID, where a string takes 64 and the garbage collector's time. */
export class IdColumn {
  #starts: Uint32Array;
  /** 0: there is none at this place. */
  #lengths: Uint8Array;
  /** How many bytes a place has, for the next id there. */
  #rooms: Uint8Array;
  #bytes: Buffer = NO_BYTES;
  #end = 0;

  constructor(size: number) {
    this.#starts = new Uint32Array(size);
    this.#lengths = new Uint8Array(size);
    this.#rooms = new Uint8Array(size);
  }

  /** Places for so many ids, which must not be fewer than there are. */
  resize(size: number): void {
    this.#starts = resized(this.#starts, new Uint32Array(size));
    this.#lengths = resized(this.#lengths, new Uint8Array(size));
    this.#rooms = resized(this.#rooms, new Uint8Array(size));
  }

  /** '' where there is none. */
  at(at: number): string {
    const start = this.#starts[at] ?? 0;
    return this.#bytes.toString('latin1', start, start + (this.#lengths[at] ?? 0));
  }

  isAt(at: number, id: string): boolean {
    if (this.#lengths[at] !== id.length) return false;
    const start = this.#starts[at] ?? 0;
    // From the end: the first characters of ids that were minted together are the same.
    for (let offset = id.length - 1; offset >= 0; offset -= 1) {
      if (this.#bytes[start + offset] !== id.charCodeAt(offset)) return false;
    }
    return true;
  }

  has(at: number): boolean {
    return this.#lengths[at] !== 0;
  }

  /** The id must be one that the column takes. */
  set(at: number, id: string): void {
    if (id.length > (this.#rooms[at] ?? 0)) this.#makeRoom(at, id.length);
    this.#lengths[at] = id.length;
    const start = this.#starts[at] ?? 0;
    // Quicker than Buffer.write for texts this short.
    for (let offset = 0; offset < id.length; offset += 1) this.#bytes[start + offset] = id.charCodeAt(offset);
  }

  delete(at: number): void {
    this.#lengths[at] = 0;
  }

  #makeRoom(at: number, length: number): void {
    if (this.#end + length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#bytes.length * 1.5, SMALLEST_BYTES) + length);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#starts[at] = this.#end;
    this.#rooms[at] = length;
    this.#end += length;
  }
}

/** What stood in a column, at the beginning of a longer one. */
export function resized<T extends Uint8Array | Uint32Array | Int32Array | Float64Array>(former: T, column: T): T {
  column.set(former);
  return column;
}
