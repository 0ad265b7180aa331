import { arrayChanges } from './array-changes.ts';
import { compareStrings } from './compare-values.ts';
import { badUpdate, shown } from './errors.ts';
import { fieldChanges } from './field-changes.ts';
import { forbiddenNames, ownName } from './field-name.ts';
import { isArrayIndex, isObject, splitPath } from './path.ts';
import type { Path } from './path.ts';
import { forbidden } from './plain-value.ts';
import type { UpdateContext } from './types.ts';
import type { Change, Way } from './write-path.ts';

/** One field's part of an update. `move` is $rename, whose `path` is the new place. */
export type Step =
  | {
      readonly kind: 'change';
      readonly operator: string;
      readonly path: Path;
      readonly way: Way;
      readonly change: Change;
    }
  | { readonly kind: 'move'; readonly operator: '$rename'; readonly path: Path; readonly from: Path };

/** These leave alone what is not there, instead of making the way to it. */
const ways: Readonly<Record<string, Way>> = { $unset: 'look', $pull: 'visit', $pullAll: 'visit', $pop: 'visit' };
const changes = { ...fieldChanges, ...arrayChanges };
const REMEDY = `Allowed are ${[...Object.keys(changes), '$rename'].sort().join(', ')}.`;

/** Reads an update into steps, in the order in which MongoDB takes them: by path, numbers by their value. */
export function parseUpdate(update: unknown, context: UpdateContext): readonly Step[] {
  if (!isObject(update)) throw badUpdate(`The update must be an object of operators, not ${shown(update)}.`, REMEDY);
  const operators = Object.keys(update);
  const plain = operators.find((operator) => !operator.startsWith('$'));
  if (plain !== undefined || operators.length === 0) {
    const what = plain === undefined ? 'no operator' : `"${plain}", which is no operator`;
    throw badUpdate(
      `The update holds ${what}; a whole record is not replaced.`,
      'Put the fields into {"$set": {...}}.',
    );
  }
  const steps = operators.flatMap((operator) => parseOperator(operator, update[operator], context));
  refuseConflicts(steps);
  const taken = context.isInsert ? steps : steps.filter((step) => step.operator !== '$setOnInsert');
  return taken.toSorted((a, b) => comparePaths(a.path, b.path));
}

function parseOperator(operator: string, fields: unknown, context: UpdateContext): Step[] {
  if (operator !== '$rename' && !Object.hasOwn(changes, operator)) {
    throw badUpdate(`Unknown update operator ${operator}.`, REMEDY);
  }
  if (!isObject(fields)) {
    throw badUpdate(
      `${operator} needs an object of fields, not ${shown(fields)}.`,
      `Write {"${operator}": {"field": …}}.`,
    );
  }
  return Object.entries(fields).map(([field, operand]): Step => {
    if (operator === '$rename') return { kind: 'move', operator, path: parsePath(operand), from: parsePath(field) };
    const make = changes[operator as keyof typeof changes];
    const path = parsePath(field);
    return { kind: 'change', operator, path, way: ways[operator] ?? 'create', change: make(operand, field, context) };
  });
}

function parsePath(field: unknown): Path {
  if (typeof field !== 'string') throw badUpdate(`$rename needs a field name, not ${shown(field)}.`, 'Give a text.');
  const path = splitPath(ownName(field));
  for (const name of path) {
    if (name === '') throw badUpdate(`The path "${field}" has an empty part.`, 'Join field names by single dots.');
    if (forbiddenNames.has(name)) throw forbidden(name);
    if (name.startsWith('$')) throw positional(field, name);
  }
  return path;
}

function positional(field: string, name: string): Error {
  const what = /^\$(?:\[.*\])?$/.test(name)
    ? 'positions found by the filter are not supported'
    : 'a field name cannot begin with $';
  return badUpdate(`The path "${field}" holds ${name}: ${what}.`, 'Name the position by number, as in "tags.0".');
}

/** Two steps on one path, or on a path and one inside it, have no defined order. */
function refuseConflicts(steps: readonly Step[]): void {
  const paths = steps.flatMap((step) => (step.kind === 'move' ? [step.path, step.from] : [step.path]));
  const taken = new Set<string>();
  const inside = new Set<string>();
  for (const path of paths) {
    const whole = path.join('.');
    const parents = path.slice(1).map((_, at) => path.slice(0, at + 1).join('.'));
    const other = taken.has(whole) || inside.has(whole) ? whole : parents.find((parent) => taken.has(parent));
    if (other !== undefined) {
      throw badUpdate(
        `The update writes "${whole}" twice, or together with "${other}".`,
        'Keep one of the two, or update twice.',
      );
    }
    taken.add(whole);
    for (const parent of parents) inside.add(parent);
  }
}

function comparePaths(a: Path, b: Path): number {
  for (const [at, name] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const byNumber = isArrayIndex(name) && isArrayIndex(other) ? Number(name) - Number(other) : 0;
    const order = byNumber || compareStrings(name, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
