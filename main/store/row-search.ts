import { compareStrings } from '../query/compare-values.ts';
import type { Clause } from '../query/clause.ts';
import { compileParsed } from '../query/compile-filter.ts';
import type { ColumnQuestion, RowColumns } from '../query/types.ts';
import type { DocumentRows } from './document-rows.ts';
import type { RowBlock } from './row-block.ts';
import { BLOCK_BITS, BLOCK_SIZE } from './row-block.ts';
import {
  type ColumnScan,
  type RowTest,
  compileColumnScan,
  compileRowTest,
  isTimeField,
  rowFieldOf,
  timeFields,
} from './row-filter.ts';
import type { Row } from './row.ts';

/** Of looking at one cell, against 1 for visiting a row by its id; and of a value that has to be read from the heap. */
const CELL_COST = 0.005;
const READ_COST = 0.5;

/** What rows in columns answer without an index: any filter on fields that rows hold, and the order of times. */
export function rowSearch(rows: DocumentRows, covers: (field: string) => boolean): RowColumns {
  return {
    holds: covers,
    orders: (field) => isTimeField(field) && rows.isExact,
    cost: (fields) => [...fields].reduce((sum, field) => sum + costOf(rows, rowFieldOf(field)), 0),
    *ids(question) {
      for (const found of search(rows, question)) {
        for (const each of found) yield typeof each === 'number' ? rows.idAt(each) : each.view.id;
      }
    },
    *parts(question, fields) {
      const partOf = rows.partsOf(fields);
      for (const found of search(rows, question)) for (const each of found) yield partOf(each);
    },
  };
}

/** A row that was found: its slot, or the row itself where it is kept as it is. */
type Hit = number | Row;

function search(rows: DocumentRows, question: ColumnQuestion): Iterable<readonly Hit[]> {
  return question.order ? [inOrder(rows, question, question.order)] : inAnyOrder(rows, question);
}

function costOf(rows: DocumentRows, field: string): number {
  if (field === 'id') return rows.size * READ_COST;
  return rows.size * CELL_COST + (rows.columns.get(field)?.heapCells ?? 0) * READ_COST;
}

function testOf(rows: DocumentRows, { clauses }: Pick<ColumnQuestion, 'clauses'>): RowTest {
  return clauses.length === 0 ? () => () => true : compileRowTest(rows, { kind: 'and', clauses });
}

function looseOf(rows: DocumentRows, { clauses }: ColumnQuestion) {
  const matches = compileParsed({ kind: 'and', clauses });
  return [...rows.loose()].filter(({ row }) => matches(row.view));
}

/** Block by block. */
function* inAnyOrder(rows: DocumentRows, question: ColumnQuestion): Generator<readonly Hit[], void> {
  const find = finderOf(rows, question);
  const places = new Uint16Array(BLOCK_SIZE);
  for (const [number, block] of rows.blocks.entries()) {
    const count = find(block, places);
    if (count > 0) yield Array.from(places.subarray(0, count), (at) => (number << BLOCK_BITS) + at);
  }
  yield looseOf(rows, question).map(({ row }) => row);
}

/** Conditions on one column each go first: they are quick, and leave few rows to the others. */
function finderOf(rows: DocumentRows, { clauses }: ColumnQuestion): ColumnScan {
  const scans: ColumnScan[] = [];
  const others: Clause[] = [];
  for (const clause of clauses) {
    const scan = compileColumnScan(rows, clause);
    if (scan) scans.push(scan);
    else others.push(clause);
  }
  if (others.length > 0 || scans.length === 0) scans.push(rowScan(testOf(rows, { clauses: others })));
  return (block, places) => {
    let count: number | undefined;
    for (const scan of scans) if (count !== 0) count = scan(block, places, count);
    return count ?? 0;
  };
}

/** Row by row. */
function rowScan(test: RowTest): ColumnScan {
  return (block, places, among) => {
    const matches = test(block);
    const { ids, used } = block;
    let count = 0;
    for (let index = 0; index < (among ?? used); index += 1) {
      const at = among === undefined ? index : (places[index] ?? 0);
      if (ids[at] !== 0 && matches(at)) places[count++] = at;
    }
    return count;
  };
}

interface Found {
  readonly time: number;
  readonly hit: Hit;
}

/**
 * The first rows in the order of a time. Blocks are looked through from the one whose times reach furthest on, and as soon
 * as none of the others can hold a row that comes earlier than those found, they are left alone.
 */
function inOrder(
  rows: DocumentRows,
  question: ColumnQuestion,
  { field, direction, idDirection }: NonNullable<ColumnQuestion['order']>,
): readonly Hit[] {
  if (!isTimeField(field)) throw new Error(`Rows are not in the order of ${field}. This is a bug in Almanac.`);
  const times = timeFields[field];
  const test = testOf(rows, question);
  const first = new FirstFound(rows, question.limit, direction, idDirection);
  for (const { row, ...loose } of looseOf(rows, question)) first.add({ time: loose[times], hit: row });
  const reach = ({ zones }: RowBlock): number => (direction === 1 ? zones[times].least : -zones[times].greatest);
  const numbered = rows.blocks.map((block, number) => ({ block, number, reach: reach(block) }));
  for (const { block, number, reach: reached } of numbered.sort((a, b) => a.reach - b.reach)) {
    if (reached > first.worst) break;
    const matches = test(block);
    const column = block[times];
    // Mostly later records stand further back: from the end that is wanted little is found in vain.
    const [from, step] = direction === 1 ? [0, 1] : [block.used - 1, -1];
    for (let left = block.used, at = from; left > 0; left -= 1, at += step) {
      const time = column[at] ?? 0;
      if (time * direction > first.worst || block.ids[at] === 0 || !matches(at)) continue;
      first.add({ time, hit: (number << BLOCK_BITS) + at });
    }
    first.settle();
  }
  return first.hits();
}

/** The first so many of what is added, in order. */
class FirstFound {
  readonly #wanted: number;
  readonly #direction: 1 | -1;
  readonly #compare: (a: Found, b: Found) => number;
  #found: Found[] = [];
  /** Time, times the direction, beyond which nothing is wanted any more. */
  worst = Number.POSITIVE_INFINITY;

  constructor(rows: DocumentRows, wanted: number, direction: 1 | -1, idDirection: 1 | -1) {
    this.#wanted = wanted;
    this.#direction = direction;
    const idOf = ({ hit }: Found): string => (typeof hit === 'number' ? rows.idOf(hit) : hit.view.id);
    this.#compare = (a, b) => (a.time - b.time) * direction || compareStrings(idOf(a), idOf(b)) * idDirection;
  }

  add(found: Found): void {
    this.#found.push(found);
    if (this.#found.length >= this.#wanted * 2 + 64) this.#cut();
  }

  /** Finds out what the worst is, where there is enough to tell. */
  settle(): void {
    if (this.#found.length >= this.#wanted) this.#cut();
  }

  hits(): readonly Hit[] {
    this.#cut();
    return this.#found.map(({ hit }) => hit);
  }

  #cut(): void {
    this.#found.sort(this.#compare);
    if (this.#found.length < this.#wanted) return;
    this.#found = this.#found.slice(0, this.#wanted);
    this.worst = (this.#found.at(-1)?.time ?? Number.NEGATIVE_INFINITY) * this.#direction;
  }
}
