import type { Clause, ElementCondition, RangeOperator } from './clause.ts';
import { badFilter, shown } from './errors.ts';
import { ownName } from './field-name.ts';
import { parseTypes } from './json-type.ts';
import { isObject } from './path.ts';
import { parsePattern } from './pattern.ts';

/** Deeper filters are refused, as by MongoDB, before they exhaust the stack. */
const MAX_DEPTH = 100;

const logicalOperators = { $and: 'and', $or: 'or', $nor: 'nor' } as const;
const rangeOperators: ReadonlySet<string> = new Set(['$gt', '$gte', '$lt', '$lte']);
const ALLOWED_AT_TOP = 'Allowed at the top are field names, $and, $or and $nor.';
const ALLOWED_ON_FIELDS =
  'Allowed on a field are $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $not, $exists, $type, $regex with $options, ' +
  '$size, $all, $elemMatch and $mod.';

/** Reads a filter; BAD_FILTER names what is wrong with it. */
export function parseFilter(filter: unknown): Clause {
  return parseConditions(filter, 'The filter', 0);
}

function parseConditions(filter: unknown, what: string, depth: number): Clause {
  if (!isObject(filter)) {
    throw badFilter(`${what} must be an object, not ${shown(filter)}.`, 'Give an object such as {"field": "value"}.');
  }
  if (depth > MAX_DEPTH) {
    throw badFilter(`The filter is nested more than ${MAX_DEPTH} levels deep.`, 'Write it flatter.');
  }
  const clauses = Object.entries(filter).flatMap(([name, condition]) =>
    name.startsWith('$') ? [parseLogical(name, condition, depth)] : parseField(ownName(name), condition, depth),
  );
  return joined(clauses);
}

/** No wrapper around a single clause. */
function joined(clauses: readonly Clause[]): Clause {
  const [only] = clauses;
  return clauses.length === 1 && only ? only : { kind: 'and', clauses };
}

function parseLogical(name: string, condition: unknown, depth: number): Clause {
  const kind = Object.hasOwn(logicalOperators, name)
    ? logicalOperators[name as keyof typeof logicalOperators]
    : undefined;
  if (kind === undefined) throw badFilter(`A filter cannot use ${name} here.`, ALLOWED_AT_TOP);
  if (!Array.isArray(condition) || condition.length === 0) {
    throw badFilter(`${name} needs a non-empty array, not ${shown(condition)}.`, `Give ${name} a list of filters.`);
  }
  return { kind, clauses: condition.map((part) => parseConditions(part, `Each part of ${name}`, depth + 1)) };
}

/** As in MongoDB the first key alone decides whether an object holds operators or is a value to be equal to. */
function holdsOperators(condition: unknown): condition is Record<string, unknown> {
  return isObject(condition) && Object.keys(condition)[0]?.startsWith('$') === true;
}

function parseField(field: string | null, condition: unknown, depth: number): Clause[] {
  if (condition instanceof RegExp) {
    return [{ kind: 'field', field, test: { operator: '$regex', pattern: parsePattern(condition, undefined) } }];
  }
  if (!holdsOperators(condition))
    return [{ kind: 'field', field, test: { operator: '$eq', operand: value(condition) } }];
  if (Object.hasOwn(condition, '$options') && !Object.hasOwn(condition, '$regex')) {
    throw badFilter('$options stands without $regex.', 'Give the pattern in $regex beside it.');
  }
  return Object.keys(condition)
    .filter((operator) => operator !== '$options')
    .map((operator) => parseOperator(field, operator, condition, depth + 1));
}

/** MongoDB's driver writes `undefined` as null. */
function value(operand: unknown): unknown {
  return operand === undefined ? null : operand;
}

function parseOperator(
  field: string | null,
  operator: string,
  condition: Readonly<Record<string, unknown>>,
  depth: number,
): Clause {
  const operand = condition[operator];
  if (rangeOperators.has(operator)) return parseRange(field, operator as RangeOperator, operand);
  switch (operator) {
    case '$eq':
      return { kind: 'field', field, test: { operator, operand: value(operand) } };
    case '$ne':
      refusePattern(operator, operand);
      return not({ kind: 'field', field, test: { operator: '$eq', operand: value(operand) } });
    case '$in':
      return parseIn(field, operator, operand);
    case '$nin':
      return not(parseIn(field, operator, operand));
    case '$not':
      return parseNot(field, operand, depth);
    case '$exists':
      return truthy(operand)
        ? { kind: 'field', field, test: { operator } }
        : not({ kind: 'field', field, test: { operator } });
    case '$type':
      return { kind: 'field', field, test: { operator, types: parseTypes(operand) } };
    case '$regex':
      return { kind: 'field', field, test: { operator, pattern: parsePattern(operand, condition['$options']) } };
    case '$size':
      return { kind: 'field', field, test: { operator, size: parseSize(operand) } };
    case '$mod':
      return { kind: 'field', field, test: { operator, ...parseMod(operand) } };
    case '$all':
      return parseAll(field, operand, depth);
    case '$elemMatch':
      return parseElemMatch(field, operand, depth);
    default:
      throw badFilter(
        `Unknown operator ${operator} ${field === null ? 'on the element' : `on the field "${field}"`}.`,
        ALLOWED_ON_FIELDS,
      );
  }
}

function not(clause: Clause): Clause {
  return { kind: 'not', clause };
}

function refusePattern(operator: string, operand: unknown): void {
  if (operand instanceof RegExp) {
    throw badFilter(`${operator} cannot compare with a regular expression.`, 'Use $regex, or $not around it.');
  }
}

function parseRange(field: string | null, operator: RangeOperator, operand: unknown): Clause {
  refusePattern(operator, operand);
  return { kind: 'field', field, test: { operator, operand: value(operand) } };
}

function parseIn(field: string | null, operator: '$in' | '$nin', operand: unknown): Clause {
  if (!Array.isArray(operand)) {
    throw badFilter(`${operator} needs an array, not ${shown(operand)}.`, `Write {"${operator}": [...]}.`);
  }
  const nested = operand.find(holdsOperators);
  if (nested !== undefined) {
    throw badFilter(`${operator} cannot hold operators (${shown(nested)}).`, 'List plain values in it.');
  }
  const patterns = operand.filter((each) => each instanceof RegExp).map((each) => parsePattern(each, undefined));
  const operands = operand.filter((each) => !(each instanceof RegExp)).map(value);
  return { kind: 'field', field, test: { operator: '$in', operands, patterns } };
}

function parseNot(field: string | null, operand: unknown, depth: number): Clause {
  if (!(operand instanceof RegExp) && !holdsOperators(operand)) {
    throw badFilter(
      `$not needs operators or a regular expression, not ${shown(operand)}.`,
      'Use $ne to exclude a value.',
    );
  }
  if (depth > MAX_DEPTH)
    throw badFilter(`The filter is nested more than ${MAX_DEPTH} levels deep.`, 'Write it flatter.');
  return not(joined(parseField(field, operand, depth)));
}

/** MongoDB's reading: everything but false, 0 and null asks for existence. */
function truthy(operand: unknown): boolean {
  return operand !== false && operand !== 0 && operand != null;
}

function parseSize(operand: unknown): number {
  if (typeof operand === 'number' && Number.isInteger(operand) && operand >= 0) return operand;
  throw badFilter(`$size needs a whole number of 0 or more, not ${shown(operand)}.`, 'Give the exact length.');
}

function parseMod(operand: unknown): { divisor: number; remainder: number } {
  const [divisor, remainder]: unknown[] = Array.isArray(operand) && operand.length === 2 ? operand : [];
  if (Number.isFinite(divisor) && Number.isFinite(remainder) && Math.trunc(divisor as number) !== 0) {
    return { divisor: Math.trunc(divisor as number), remainder: Math.trunc(remainder as number) };
  }
  throw badFilter(
    `$mod needs [divisor, remainder] with a divisor other than 0, not ${shown(operand)}.`,
    'Write {"$mod": [4, 0]}.',
  );
}

/** Each listed value has to match; `$all: []` matches nothing. */
function parseAll(field: string | null, operand: unknown, depth: number): Clause {
  if (!Array.isArray(operand)) throw badFilter(`$all needs an array, not ${shown(operand)}.`, 'Write {"$all": [...]}.');
  if (operand.length === 0) return { kind: 'or', clauses: [] };
  const asked = operand.filter(holdsOperators);
  const foreign = asked.find((each) => Object.keys(each)[0] !== '$elemMatch');
  if (foreign !== undefined || (asked.length > 0 && asked.length < operand.length)) {
    throw badFilter(
      '$all takes either plain values or $elemMatch conditions only.',
      'Join other conditions with $and.',
    );
  }
  return joined(operand.flatMap((each) => parseField(field, each, depth)));
}

function parseElemMatch(field: string | null, operand: unknown, depth: number): Clause {
  if (!isObject(operand)) {
    throw badFilter(
      `$elemMatch needs an object, not ${shown(operand)}.`,
      'Give conditions that one element must meet.',
    );
  }
  return { kind: 'field', field, test: { operator: '$elemMatch', ...parseElement(operand, depth) } };
}

/** An element condition that begins with an operator is on the element, otherwise on the fields of an object. */
function parseElement(condition: Record<string, unknown>, depth: number): ElementCondition {
  const first = Object.keys(condition)[0] ?? '';
  const ofValues = first.startsWith('$') && !Object.hasOwn(logicalOperators, first);
  return ofValues
    ? { of: 'values', clause: joined(parseField(null, condition, depth)) }
    : { of: 'objects', clause: parseConditions(condition, 'The condition on elements', depth) };
}
