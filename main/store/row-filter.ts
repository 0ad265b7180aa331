import { type Clause, fieldsOf } from '../query/clause.ts';
import { compileParsed } from '../query/compile-filter.ts';
import type { Predicate } from '../query/types.ts';
import { type DocumentRows, exactTime, idIn } from './document-rows.ts';
import { ABSENT, type Cell, type RowBlock, isNumbered } from './row-block.ts';
import type { RowColumn } from './row-column.ts';

/** Judges the rows of a block without making them: what stands at this place. */
export type RowTest = (block: RowBlock) => (at: number) => boolean;

type FieldClause = Extract<Clause, { kind: 'field' }>;

/** A filter as a test of rows in columns. Good until the rows change; the filter may name only fields that rows hold. */
export function compileRowTest(rows: DocumentRows, clause: Clause): RowTest {
  if (clause.kind === 'field') return fieldTest(rows, clause);
  if (clause.kind === 'not') return negated(compileRowTest(rows, clause.clause));
  const tests = clause.clauses.map((each) => compileRowTest(rows, each));
  if (clause.kind === 'and') return every(tests);
  return clause.kind === 'or' ? some(tests) : negated(some(tests));
}

/** The field of a row in which a dotted field stands. */
export function rowFieldOf(field: string): string {
  return field.split('.', 1)[0] ?? field;
}

export const timeFields = { created_at: 'created', updated_at: 'updated' } as const;

export function isTimeField(field: string): field is keyof typeof timeFields {
  return Object.hasOwn(timeFields, field);
}

function every(tests: readonly RowTest[]): RowTest {
  const [only] = tests;
  if (tests.length === 1 && only) return only;
  return (block) => {
    const inBlock = tests.map((test) => test(block));
    return (at) => inBlock.every((test) => test(at));
  };
}

function some(tests: readonly RowTest[]): RowTest {
  return (block) => {
    const inBlock = tests.map((test) => test(block));
    return (at) => inBlock.some((test) => test(at));
  };
}

function negated(test: RowTest): RowTest {
  return (block) => {
    const inBlock = test(block);
    return (at) => !inBlock(at);
  };
}

function fieldTest(rows: DocumentRows, clause: FieldClause): RowTest {
  const matches = compileParsed(clause);
  const field = rowFieldOf(clause.field ?? '');
  if (field === 'id') return (block) => (at) => matches({ id: idIn(block, at) });
  if (isTimeField(field)) return timeTest(clause, timeFields[field], field, matches);
  const column = rows.columns.get(field);
  if (column !== undefined) return columnTest(column, matches);
  const withoutIt = matches({});
  return () => () => withoutIt;
}

function columnTest(column: RowColumn, matches: Predicate): RowTest {
  const judged = judgeColumn(column, matches);
  return (block) => {
    const cells = block.cells[column.number];
    if (cells === undefined) return () => judged.withoutIt;
    return (at) => isMet(judged, block, cells[at] ?? ABSENT);
  };
}

/** What a condition on one column says of each of its cells. */
interface JudgedColumn {
  readonly column: RowColumn;
  /** By number. Each numbered value is judged once. */
  readonly verdicts: Uint8Array;
  /** Of rows that do not have the field. */
  readonly withoutIt: boolean;
  readonly matches: Predicate;
}

function judgeColumn(column: RowColumn, matches: Predicate, ofText?: (text: string) => boolean): JudgedColumn {
  const { field, values } = column;
  const isGood = (value: unknown): boolean =>
    ofText !== undefined && typeof value === 'string' ? ofText(value) : matches({ [field]: value });
  return {
    column,
    verdicts: Uint8Array.from(values, (value) => Number(isGood(value))),
    withoutIt: matches({}),
    matches,
  };
}

function isMet({ column, verdicts, withoutIt, matches }: JudgedColumn, block: RowBlock, cell: Cell): boolean {
  if (isNumbered(cell)) return verdicts[cell >>> 1] === 1;
  return cell === ABSENT ? withoutIt : matches({ [column.field]: block.heap.read(cell >>> 1) });
}

/**
 * Goes through one column of a block and writes the places of the rows that meet a condition to `places`: of all rows, or
 * of the first `among` places that stand there. Gives how many there are.
 */
export type ColumnScan = (block: RowBlock, places: Uint16Array, among?: number) => number;

/** Such a scan for a condition on nothing but one column; undefined for any other. */
export function compileColumnScan(rows: DocumentRows, clause: Clause): ColumnScan | undefined {
  const [field, ...others] = new Set([...fieldsOf(clause)].map(rowFieldOf));
  const column = field === undefined || others.length > 0 ? undefined : rows.columns.get(field);
  if (column === undefined) return undefined;
  const judged = judgeColumn(column, compileParsed(clause), textTestOf(clause, column.field));
  const only = onlyCellOf(judged);
  return (block, places, among) => {
    const cells = block.cells[column.number];
    if (among !== undefined) return keepMet(judged, block, cells, places, among);
    return only !== undefined && cells !== undefined
      ? findCell(cells, only, places)
      : findMet(judged, block, cells, places);
  };
}

/** Equality with a text, judged of texts without anything being made: columns have up to a thousand values. */
function textTestOf(clause: Clause, field: string): ((text: string) => boolean) | undefined {
  if (clause.kind !== 'field' || clause.field !== field) return undefined;
  const { test } = clause;
  if (test.operator !== '$eq' || typeof test.operand !== 'string') return undefined;
  return (text) => text === test.operand;
}

/** The one cell that meets the condition, where no other can. */
function onlyCellOf({ column, verdicts, withoutIt }: JudgedColumn): Cell | undefined {
  const first = verdicts.indexOf(1);
  const isOnly = first !== -1 && verdicts.indexOf(1, first + 1) === -1;
  return isOnly && !withoutIt && column.heapCells === 0 ? first * 2 + 1 : undefined;
}

/** `indexOf` is two to three times as quick as a loop. Behind the places that are used no cell is the wanted one. */
function findCell(cells: Uint32Array, wanted: Cell, places: Uint16Array): number {
  let count = 0;
  for (let at = cells.indexOf(wanted); at !== -1; at = cells.indexOf(wanted, at + 1)) places[count++] = at;
  return count;
}

function findMet(judged: JudgedColumn, block: RowBlock, cells: Uint32Array | undefined, places: Uint16Array): number {
  const { ids, used } = block;
  let count = 0;
  for (let at = 0; at < used; at += 1) {
    if (ids[at] !== 0 && isMet(judged, block, cells?.[at] ?? ABSENT)) places[count++] = at;
  }
  return count;
}

function keepMet(
  judged: JudgedColumn,
  block: RowBlock,
  cells: Uint32Array | undefined,
  places: Uint16Array,
  among: number,
): number {
  let count = 0;
  for (let index = 0; index < among; index += 1) {
    const at = places[index] ?? 0;
    if (isMet(judged, block, cells?.[at] ?? ABSENT)) places[count++] = at;
  }
  return count;
}

/** Times in our own form are compared as numbers; whatever else is asked of them, as the text that they are. */
function timeTest(
  { field, test }: FieldClause,
  times: 'created' | 'updated',
  name: string,
  matches: Predicate,
): RowTest {
  const bound = field === name && 'operand' in test && typeof test.operand === 'string' ? exactTime(test.operand) : NaN;
  if (Number.isNaN(bound)) {
    return (block) => (at) => matches({ [name]: new Date(block[times][at] ?? 0).toISOString() });
  }
  const compared = comparisonWith(test.operator, bound);
  return (block) => {
    const column = block[times];
    return (at) => compared(column[at] ?? 0);
  };
}

function comparisonWith(operator: FieldClause['test']['operator'], bound: number): (time: number) => boolean {
  switch (operator) {
    case '$eq':
      return (time) => time === bound;
    case '$gt':
      return (time) => time > bound;
    case '$gte':
      return (time) => time >= bound;
    case '$lt':
      return (time) => time < bound;
    case '$lte':
      return (time) => time <= bound;
    default:
      throw new Error(`${operator} has no operand. This is a bug in Almanac.`);
  }
}
