import { ABSENT, type Cell, type RowBlock, isNumbered } from './row-block.ts';

/** Values that are given numbers, at most, and the longest text among them: with more, numbering them saves nothing. */
const MOST_VALUES = 1024;
const LONGEST = 64;

/**
 * One field of a collection's rows. Values that recur are numbered, so that a row has four bytes for each and a filter judges
 * each value once; what comes after the numbers are used up stands in the block's heap.
 */
export class RowColumn {
  readonly field: string;
  readonly number: number;
  readonly #values: unknown[];
  /** Made when something is first written: opening a vault does not wait for it. */
  #numbers: { readonly texts: Map<string, number>; readonly others: Map<string, number> } | undefined;
  /** Cells ever written to a heap: tells how much of the column has to be read value by value. */
  heapCells = 0;

  /** @param values of a column as `values` gave them */
  constructor(field: string, number: number, values: readonly unknown[] = []) {
    this.field = field;
    this.number = number;
    this.#values = [...values];
  }

  /** By their numbers. */
  get values(): readonly unknown[] {
    return this.#values;
  }

  read(block: RowBlock, at: number): unknown {
    const cell = block.cell(this.number, at);
    if (cell === ABSENT) return undefined;
    return isNumbered(cell) ? this.#values[cell >>> 1] : block.heap.read(cell >>> 1);
  }

  /** @param value undefined: the row has no such field */
  write(block: RowBlock, at: number, value: unknown): void {
    this.clear(block, at);
    if (value !== undefined) block.setCell(this.number, at, this.#cellOf(block, value));
  }

  clear(block: RowBlock, at: number): void {
    const cell = block.cell(this.number, at);
    if (cell === ABSENT) return;
    if (!isNumbered(cell)) {
      block.heap.release(cell >>> 1);
      this.heapCells -= 1;
    }
    block.setCell(this.number, at, ABSENT);
  }

  #cellOf(block: RowBlock, value: unknown): Cell {
    const number = this.#numberOf(value);
    if (number !== undefined) return number * 2 + 1;
    this.heapCells += 1;
    return block.heap.add(value) * 2;
  }

  #numberOf(value: unknown): number | undefined {
    const isText = typeof value === 'string';
    if (isText && value.length > LONGEST) return undefined;
    const text = isText ? value : JSON.stringify(value);
    if (text.length > LONGEST) return undefined;
    this.#numbers ??= numbersOf(this.#values);
    const numbers = isText ? this.#numbers.texts : this.#numbers.others;
    const known = numbers.get(text);
    if (known !== undefined) return known;
    if (this.#values.length >= MOST_VALUES) return undefined;
    numbers.set(text, this.#values.length);
    return this.#values.push(isText ? value : (JSON.parse(text) as unknown)) - 1;
  }
}

function numbersOf(values: readonly unknown[]) {
  const [texts, others] = [new Map<string, number>(), new Map<string, number>()];
  for (const [number, value] of values.entries()) {
    if (typeof value === 'string') texts.set(value, number);
    else others.set(JSON.stringify(value), number);
  }
  return { texts, others };
}
