import { equalValues } from './compare-values.ts';
import { compileFilter } from './compile-filter.ts';
import { badFilter } from './errors.ts';
import { isObject } from './path.ts';

const logicalOperators: ReadonlySet<string> = new Set(['$and', '$or', '$nor']);

/**
 * The test for elements that $pull takes away. Its operand is a plain value (equal elements), operators or a regular
 * expression (on the element, entered like a field where it is a list), or a filter (on elements that are objects).
 */
export function compilePull(condition: unknown): (element: unknown) => boolean {
  const first = isObject(condition) ? (Object.keys(condition)[0] ?? '') : undefined;
  if (first === '$not') throw badFilter('$pull cannot begin with $not.', 'Use $ne, $nin or $nor.');
  if (condition instanceof RegExp || (first?.startsWith('$') && !logicalOperators.has(first))) {
    const test = compileFilter({ element: condition });
    return (element) => test({ element });
  }
  if (!isObject(condition)) return (element) => equalValues(element, condition ?? null);
  const test = compileFilter(condition);
  return (element) => isObject(element) && test(element);
}
