/** Of one entry: how its bytes are to be read. */
const TEXT = 0;
const JSON_TEXT = 1;
/** A length byte that says that four bytes with the length follow. */
const LONG = 255;
const FIRST = 1;
/** References are kept in 31 bits. */
const MOST_BYTES = 0x4000_0000;

/**
 * The values of a block of rows that are too many or too long to be numbered, as bytes outside of the garbage collector's
 * heap: one byte each for a text where a string takes sixteen and more besides. An entry is known by where it begins.
 */
export class RowHeap {
  #bytes: Buffer;
  #end: number;
  /** Bytes of entries that nobody refers to any more. */
  #waste = 0;

  /** @param bytes of a heap as `bytes` gave them; they become this heap's own */
  constructor(bytes: Buffer = Buffer.alloc(FIRST)) {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }
  get isFull(): boolean {
    return this.#end > MOST_BYTES;
  }
  /** Whether more than half of it is waste. */
  get isWasteful(): boolean {
    return this.#waste > 4096 && this.#waste * 2 > this.#end;
  }

  add(value: unknown): number {
    return (typeof value === 'string' && this.#addText(value)) || this.#addJson(value);
  }

  read(reference: number): unknown {
    const { start, length } = this.#place(reference);
    if (this.#bytes[reference] === TEXT) return this.#bytes.toString('latin1', start, start + length);
    return JSON.parse(this.#bytes.toString('utf8', start, start + length));
  }

  is(reference: number, text: string): boolean {
    const { start, length } = this.#place(reference);
    if (this.#bytes[reference] !== TEXT) return this.read(reference) === text;
    if (length !== text.length) return false;
    // From the end: the first characters of ids that were minted together are the same.
    for (let at = length - 1; at >= 0; at -= 1) if (this.#bytes[start + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  /** Nobody refers to this entry any more. */
  release(reference: number): void {
    const { start, length } = this.#place(reference);
    this.#waste += start + length - reference;
  }

  #place(reference: number): { readonly start: number; readonly length: number } {
    const length = this.#bytes[reference + 1] ?? 0;
    return length === LONG
      ? { start: reference + 6, length: this.#bytes.readUInt32LE(reference + 2) }
      : { start: reference + 2, length };
  }

  /** 0: it has characters that a byte does not hold. */
  #addText(text: string): number {
    const reference = this.#end;
    const start = this.#begin(TEXT, text.length);
    const bytes = this.#bytes;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit > 0xff) {
        this.#end = reference;
        return 0;
      }
      bytes[start + at] = unit;
    }
    return reference;
  }

  #addJson(value: unknown): number {
    const bytes = Buffer.from(JSON.stringify(value));
    const reference = this.#end;
    const start = this.#begin(JSON_TEXT, bytes.length);
    bytes.copy(this.#bytes, start);
    return reference;
  }

  /** Room for an entry, its first bytes written; gives where its content goes. */
  #begin(kind: number, length: number): number {
    const reference = this.#end;
    const start = reference + (length < LONG ? 2 : 6);
    this.#end = start + length;
    if (this.#end > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.ceil(this.#end * 1.5) + 256);
      this.#bytes.copy(larger, 0, 0, reference);
      this.#bytes = larger;
    }
    this.#bytes[reference] = kind;
    if (length < LONG) this.#bytes[reference + 1] = length;
    else {
      this.#bytes[reference + 1] = LONG;
      this.#bytes.writeUInt32LE(length, reference + 2);
    }
    return start;
  }
}
