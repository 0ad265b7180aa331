/**
 * A filter after reading: checked, and reduced to few forms. $ne, $nin and `$exists: false` are negations, $all a
 * conjunction, an implicit equality is $eq. The predicate, the planner and the upsert seed all read this form.
 */
export type Clause =
  | { readonly kind: 'and' | 'or' | 'nor'; readonly clauses: readonly Clause[] }
  | { readonly kind: 'not'; readonly clause: Clause }
  /** `field` null: the value at hand itself, within $elemMatch and $pull. */
  | { readonly kind: 'field'; readonly field: string | null; readonly test: FieldTest };

export type RangeOperator = '$gt' | '$gte' | '$lt' | '$lte';

/** What one field is asked. Sizes, divisors and remainders are whole numbers; patterns have no `g` or `y` flag. */
export type FieldTest =
  | { readonly operator: '$eq' | RangeOperator; readonly operand: unknown }
  | { readonly operator: '$in'; readonly operands: readonly unknown[]; readonly patterns: readonly RegExp[] }
  | { readonly operator: '$exists' }
  | { readonly operator: '$type'; readonly types: readonly JsonType[] }
  | { readonly operator: '$regex'; readonly pattern: RegExp }
  | { readonly operator: '$size'; readonly size: number }
  | { readonly operator: '$mod'; readonly divisor: number; readonly remainder: number }
  | ({ readonly operator: '$elemMatch' } & ElementCondition);

/** A condition on one array element: on its fields (then only objects can meet it), or on the element as it is. */
export interface ElementCondition {
  readonly of: 'objects' | 'values';
  readonly clause: Clause;
}

/** MongoDB's types of JSON values, as its JavaScript driver writes them: numbers are `int` within 32 bits, else `double`. */
export type JsonType = 'double' | 'string' | 'object' | 'array' | 'bool' | 'null' | 'int';

/** The clauses that all have to hold, with nested $and opened. */
export function conjuncts(clause: Clause): readonly Clause[] {
  return clause.kind === 'and' ? clause.clauses.flatMap(conjuncts) : [clause];
}

/** The dotted fields that a clause looks at. */
export function fieldsOf(clause: Clause): ReadonlySet<string> {
  if (clause.kind === 'field') return new Set(clause.field === null ? [] : [clause.field]);
  const inside = clause.kind === 'not' ? [clause.clause] : clause.clauses;
  return new Set(inside.flatMap((each) => [...fieldsOf(each)]));
}
