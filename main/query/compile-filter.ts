import { assertNever } from '../../shared/assert.ts';
import type { Clause, ElementCondition, FieldTest } from './clause.ts';
import { compareValues, equalValues, rankOf } from './compare-values.ts';
import { jsonTypeOf } from './json-type.ts';
import { parseFilter } from './parse-filter.ts';
import { isObject, someValueAt, splitPath } from './path.ts';
import type { CompileFilter, Predicate } from './types.ts';

type ValueTest = (value: unknown) => boolean;

export const compileFilter: CompileFilter = (filter) => {
  const test = compileClause(parseFilter(filter));
  return (record) => test(record);
};

/** The test of a filter that was read before. */
export function compileParsed(clause: Clause): Predicate {
  return compileClause(clause);
}

function compileClause(clause: Clause): ValueTest {
  switch (clause.kind) {
    case 'and':
      return everyTest(clause.clauses.map(compileClause));
    case 'or':
      return someTest(clause.clauses.map(compileClause));
    case 'nor':
      return negated(someTest(clause.clauses.map(compileClause)));
    case 'not':
      return negated(compileClause(clause.clause));
    case 'field':
      return compileField(clause.field, clause.test);
    default:
      return assertNever(clause, 'clause');
  }
}

function everyTest(tests: readonly ValueTest[]): ValueTest {
  const [first, second] = tests;
  if (first && tests.length === 1) return first;
  if (first && second && tests.length === 2) return (value) => first(value) && second(value);
  return (value) => tests.every((test) => test(value));
}

function someTest(tests: readonly ValueTest[]): ValueTest {
  return (value) => tests.some((test) => test(value));
}

function negated(test: ValueTest): ValueTest {
  return (value) => !test(value);
}

function compileField(field: string | null, test: FieldTest): ValueTest {
  const ofValue = compileTest(test);
  if (field === null) return ofValue;
  const path = splitPath(field);
  const ofField = entersArrays(test) ? throughArray(ofValue) : ofValue;
  // An array that a position names is taken as it is: `{"a.0": 1}` does not find `{a: [[1]]}`.
  return someValueAt(path, ofField, ofValue);
}

/** $size, $elemMatch and $exists ask about the array; the others about its elements too. */
function entersArrays(test: FieldTest): boolean {
  return test.operator !== '$size' && test.operator !== '$elemMatch' && test.operator !== '$exists';
}

function throughArray(test: ValueTest): ValueTest {
  return (value) => (Array.isArray(value) && value.some(test)) || test(value);
}

function compileTest(test: FieldTest): ValueTest {
  switch (test.operator) {
    case '$eq':
      return equalTo(test.operand);
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return compileRange(test.operator, test.operand);
    case '$in':
      return compileIn(test.operands, test.patterns);
    case '$exists':
      return (value) => value !== undefined;
    case '$type': {
      const types = new Set(test.types);
      return (value) => {
        const type = jsonTypeOf(value);
        return type !== undefined && types.has(type);
      };
    }
    case '$regex':
      return (value) => typeof value === 'string' && test.pattern.test(value);
    case '$size':
      return (value) => Array.isArray(value) && value.length === test.size;
    case '$mod':
      return (value) => Number.isFinite(value) && Math.trunc(value as number) % test.divisor === test.remainder;
    case '$elemMatch': {
      const ofElement = compileElement(test);
      // To $elemMatch, unlike $pull, an inner array is an object whose fields are its positions.
      const asObject = (element: unknown): unknown => (Array.isArray(element) ? Object.assign({}, element) : element);
      return test.of === 'values'
        ? (value) => Array.isArray(value) && value.some(ofElement)
        : (value) => Array.isArray(value) && value.some((element) => ofElement(asObject(element)));
    }
    default:
      return assertNever(test, 'operator');
  }
}

/** The test of one array element; conditions on fields ask for an object. */
function compileElement(condition: ElementCondition): ValueTest {
  const test = compileClause(condition.clause);
  if (condition.of === 'values') return test;
  return (element) => isObject(element) && test(element);
}

/** null asks for null or absent. */
function equalTo(operand: unknown): ValueTest {
  if (operand === null) return (value) => value == null;
  if (typeof operand === 'string' || typeof operand === 'boolean') return (value) => value === operand;
  return (value) => equalValues(value, operand);
}

/** Only values of the operand's own type are compared; NaN is in no range but its own. */
function compileRange(operator: '$gt' | '$gte' | '$lt' | '$lte', operand: unknown): ValueTest {
  const withEqual = operator === '$gte' || operator === '$lte';
  if (operand === null || Number.isNaN(operand)) return withEqual ? equalTo(operand) : () => false;
  const rank = rankOf(operand);
  const sign = operator === '$gt' || operator === '$gte' ? 1 : -1;
  return (value) => {
    if (rankOf(value) !== rank || Number.isNaN(value)) return false;
    const order = compareValues(value, operand) * sign;
    return order > 0 || (withEqual && order === 0);
  };
}

function compileIn(operands: readonly unknown[], patterns: readonly RegExp[]): ValueTest {
  const scalars = new Set(operands.filter((operand) => typeof operand !== 'object'));
  const others = operands.filter((operand) => typeof operand === 'object').map(equalTo);
  return (value) =>
    scalars.has(value) ||
    others.some((test) => test(value)) ||
    (typeof value === 'string' && patterns.some((pattern) => pattern.test(value)));
}
