import { AppError } from '../../shared/errors.ts';
import type { IndexSpec, SortSpec } from '../../shared/store/store.ts';
import { SecondaryIndex } from './secondary-index.ts';
import type { KeyConflict, PlainRecord, RowSource } from './types.ts';

/** Rows that are filled in and put in order in one go while warming: about 3 ms of work. */
const LUMP = 500;

/** An index that holds nothing until it is needed, and from then on follows the rows. */
export class LazyIndex {
  readonly name: string;
  readonly pattern: SortSpec;
  #isUnique: boolean;
  readonly #isLenient: boolean;
  readonly #spec: IndexSpec;
  readonly #rows: RowSource;
  #index: SecondaryIndex;
  #isFilled = false;
  /** Changes heard of, so that a filling in lumps knows when it has missed one. */
  #changes = 0;

  /** @param isLenient rows that break a unique index make it one that is not unique, rather than an error */
  constructor(spec: IndexSpec, rows: RowSource, isLenient = false) {
    this.#spec = spec;
    this.#rows = rows;
    this.#isLenient = isLenient;
    this.#index = new SecondaryIndex(spec);
    ({ name: this.name, pattern: this.pattern } = this.#index);
    this.#isUnique = this.#index.isUnique;
  }

  get isUnique(): boolean {
    return this.#isUnique;
  }

  get isFilled(): boolean {
    return this.#isFilled;
  }

  /** For what an index knows without its entries: its fields, its partial filter, the lists it refuses. */
  get unfilled(): SecondaryIndex {
    return this.#index;
  }

  /** The index with all rows in it. DUPLICATE_KEY for a unique one that they break. */
  fill(): SecondaryIndex {
    if (this.#isFilled) return this.#index;
    const index = new SecondaryIndex(this.#spec);
    for (const id of this.#ids(index)) this.#take(index, id);
    return this.#filledWith(index);
  }

  /** As `fill`, in lumps. Begins anew when rows changed in between; gives up where they change all the time. */
  *warm(): Generator<void, void> {
    for (let attempt = 1; attempt <= 3 && !this.#isFilled; attempt += 1) {
      const index = new SecondaryIndex(this.#spec);
      const changes = this.#changes;
      let taken = 0;
      for (const id of this.#ids(index)) {
        if ((taken += 1) % LUMP === 0) {
          index.settle();
          yield;
          if (this.#isFilled || this.#changes !== changes) break;
        }
        this.#take(index, id);
      }
      if (!this.#isFilled && this.#changes === changes) this.#filledWith(index);
    }
  }

  change(id: string, before: PlainRecord | undefined, after: PlainRecord | undefined): void {
    this.#changes += 1;
    if (this.#isFilled) this.#index.apply(id, this.#index.change(before, after));
  }

  /** Another row, for which `except` is false, with a key of this one. */
  conflict(id: string, row: PlainRecord, except: (other: string) => boolean): KeyConflict | undefined {
    if (!this.#isFilled && !this.#index.holds(row)) return undefined;
    const index = this.fill();
    return this.#isUnique ? conflictIn(index, id, row, except) : undefined;
  }

  /** Of the rows that may be in it. */
  #ids({ partial }: SecondaryIndex): Iterable<string> {
    const { columns } = this.#rows;
    if (partial === undefined || columns === undefined) return this.#rows.keys();
    return columns.ids({ clauses: [partial], limit: Number.POSITIVE_INFINITY });
  }

  #take(index: SecondaryIndex, id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    const conflict = this.#isUnique ? conflictIn(index, id, row, () => false) : undefined;
    if (conflict && !this.#isLenient) throw duplicate(conflict);
    if (conflict) this.#isUnique = false;
    index.apply(id, index.change(undefined, row));
  }

  #filledWith(index: SecondaryIndex): SecondaryIndex {
    this.#index = index;
    this.#isFilled = true;
    return index;
  }
}

function conflictIn(
  index: SecondaryIndex,
  id: string,
  row: PlainRecord,
  except: (other: string) => boolean,
): KeyConflict | undefined {
  const holder = index.holder(id, row, except);
  if (holder === undefined) return undefined;
  const keyValue = Object.fromEntries(index.fields.map(({ field }, at) => [field, holder.key[at] ?? null]));
  return { index: index.name, keyPattern: index.pattern, keyValue, id: holder.id };
}

function duplicate({ index, keyPattern, keyValue }: KeyConflict): AppError {
  return new AppError(
    'DUPLICATE_KEY',
    `The unique index ${index} cannot be made: ${JSON.stringify(keyValue)} occurs twice.`,
    {
      remedy: 'Change or delete one of the records first.',
      details: { index, keyPattern, keyValue },
    },
  );
}
