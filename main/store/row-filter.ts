import type { Clause } from '../query/clause.ts';
import { compileParsed } from '../query/compile-filter.ts';
import type { Predicate } from '../query/types.ts';
import { type DocumentRows, exactTime, idIn } from './document-rows.ts';
import { ABSENT, type RowBlock, isNumbered } from './row-block.ts';
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

/** Each numbered value is judged once. */
function columnTest({ field, number, values }: RowColumn, matches: Predicate): RowTest {
  const withoutIt = matches({});
  const verdicts = Uint8Array.from(values, (value) => Number(matches({ [field]: value })));
  return (block) => {
    const cells = block.cells[number];
    if (cells === undefined) return () => withoutIt;
    return (at) => {
      const cell = cells[at] ?? ABSENT;
      if (isNumbered(cell)) return verdicts[cell >>> 1] === 1;
      return cell === ABSENT ? withoutIt : matches({ [field]: block.heap.read(cell >>> 1) });
    };
  };
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
