import { conjuncts } from './clause.ts';
import type { Clause, FieldTest } from './clause.ts';
import { equalValues } from './compare-values.ts';
import { badFilter } from './errors.ts';
import { forbiddenNames } from './field-name.ts';
import { parseFilter } from './parse-filter.ts';
import { splitPath } from './path.ts';
import { plainValue } from './plain-value.ts';
import type { UpsertSeed } from './types.ts';
import { writePath } from './write-path.ts';

export const upsertSeed: UpsertSeed = (filter) => {
  const found = equalities(parseFilter(filter));
  refuseOverlaps(found.map(([field]) => field));
  // Parts that are missing are created; a number makes an object, since there is no list yet.
  return found.reduce<Record<string, unknown>>(
    (seed, [field, value]) =>
      writePath(seed, splitPath(field), 'create', () => plainValue(value, field)) as Record<string, unknown>,
    {},
  );
};

/** $and is opened, and so is an $or of one part; an $in of one value is an equality. So MongoDB does it. */
function equalities(clause: Clause): [string, unknown][] {
  return conjuncts(clause).flatMap((part) => {
    if (part.kind === 'or' && part.clauses.length === 1) return part.clauses.flatMap(equalities);
    if (part.kind !== 'field' || part.field === null) return [];
    const values = equalTo(part.test);
    return values.map((value): [string, unknown] => [part.field as string, value]);
  });
}

function equalTo(test: FieldTest): readonly unknown[] {
  if (test.operator === '$eq') return [test.operand];
  if (test.operator !== '$in' || test.patterns.length > 0) return [];
  const [first, ...others] = test.operands;
  return test.operands.length > 0 && others.every((other) => equalValues(first, other)) ? [first] : [];
}

function refuseOverlaps(fields: readonly string[]): void {
  const seen = new Set<string>();
  for (const field of fields) {
    const path = splitPath(field);
    const forbidden = path.find((name) => forbiddenNames.has(name));
    if (forbidden !== undefined) throw badFilter(`A field cannot be named ${forbidden}.`, 'Choose another name.');
    const isAbove = [...seen].some((other) => other.startsWith(`${field}.`));
    if (isAbove || path.some((_, at) => seen.has(path.slice(0, at + 1).join('.')))) {
      throw badFilter(
        `The upsert cannot tell the value of "${field}": the filter asks for it twice.`,
        'Ask for each field once, or set it with $setOnInsert.',
      );
    }
    seen.add(field);
  }
}
