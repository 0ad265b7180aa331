import { isSameJson } from '../../lib/canonical-json.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Merged {
  readonly fields: Fields;
  /** Changed by both, each in another way. */
  readonly contested: readonly string[];
}

/**
 * Two versions of a record that were made from the same one, put together field by field. What only one of them changed
 * is as that one has it; where both changed a field, `theirs` wins.
 */
export function mergeFields(base: Fields, ours: Fields, theirs: Fields): Merged {
  const fields: Record<string, unknown> = {};
  const contested: string[] = [];
  for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const isTheirs = !isSameJson(theirs[name], base[name]);
    if (isTheirs && !isSameJson(ours[name], base[name]) && !isSameJson(ours[name], theirs[name])) contested.push(name);
    const value = (isTheirs ? theirs : ours)[name];
    if (value !== undefined) fields[name] = value;
  }
  return { fields, contested };
}
