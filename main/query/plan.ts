import type { SortSpec } from '../../shared/store/store.ts';
import { boundsOf, intersect, isPoint, shownInterval } from './bounds.ts';
import type { Bounds, Interval } from './bounds.ts';
import { type Clause, fieldsOf } from './clause.ts';
import { implies } from './implies.ts';
import { parseSort } from './sort-fields.ts';
import type { SecondaryIndex, Stretch } from './secondary-index.ts';
import type { Plan, PlanExplanation, RowSource } from './types.ts';

/** A sort without what follows `id`; `idDirection` orders equal records. */
export interface WantedOrder {
  readonly fields: readonly { readonly field: string; readonly direction: 1 | -1 }[];
  readonly idDirection: 1 | -1;
}

export function wantedOrder(sort: SortSpec | undefined): WantedOrder | undefined {
  const fields = parseSort(sort ?? {});
  const last = fields.at(-1);
  if (last === undefined) return undefined;
  const at = fields.findIndex((field) => field.field === 'id');
  const byId = fields[at];
  return byId ? { fields: fields.slice(0, at), idDirection: byId.direction } : { fields, idDirection: last.direction };
}

/** A plan with what it is expected to cost, in visited ids. */
export interface Candidate {
  readonly plan: Plan;
  readonly cost: number;
}

export interface Question {
  readonly rows: RowSource;
  readonly clauses: readonly Clause[];
  readonly order: WantedOrder | undefined;
  readonly limit: number;
}

/** Cost of sorting per id and doubling, against 1 for visiting it. */
const SORT_SHARE = 0.2;
/** Without better knowledge: one record of this many passes the rest of a filter. */
const GUESSED_SELECTIVITY = 4;

export function costOf(count: number, sorted: boolean, exact: boolean, limit: number): number {
  if (!sorted) return count + count * SORT_SHARE * Math.log2(count + 2);
  return Math.min(count, exact ? limit : limit * GUESSED_SELECTIVITY);
}

export function scanCandidate({ rows, clauses, order, limit }: Question): Candidate {
  const explanation: PlanExplanation = {
    kind: 'scan',
    estimate: rows.size,
    sorted: order === undefined,
    exact: clauses.length === 0,
  };
  return {
    plan: planOf(explanation, () => rows.keys()),
    cost: costOf(rows.size, explanation.sorted, explanation.exact, limit),
  };
}

/** The ids that the filter names, where it names some. */
export function idCandidate({ rows, clauses, order, limit }: Question): Candidate | undefined {
  const onId = clauses.filter((clause) => clause.kind === 'field' && clause.field === 'id');
  const bounds = joinBounds(onId, false);
  if (bounds === undefined || !bounds.intervals.every(isPoint)) return undefined;
  const ids = bounds.intervals
    .map((interval) => interval.low)
    .filter((id) => typeof id === 'string' && rows.has(id)) as string[];
  const byIdAlone = order?.fields.length === 0;
  if (byIdAlone && order.idDirection === -1) ids.reverse();
  const explanation: PlanExplanation = {
    kind: 'id',
    bounds: { id: bounds.intervals.map(shownInterval).join(', ') },
    estimate: ids.length,
    sorted: order === undefined || byIdAlone || ids.length < 2,
    exact: bounds.exact && onId.length === clauses.length,
  };
  return {
    plan: planOf(explanation, () => ids),
    cost: costOf(ids.length, explanation.sorted, explanation.exact, limit),
  };
}

/** The rows of the groups that the filter names. They are few as a rule, so that sorting them costs little. */
export function groupCandidate({ rows: { groups }, clauses, order, limit }: Question): Candidate | undefined {
  if (groups === undefined) return undefined;
  const onField = clauses.filter((clause) => clause.kind === 'field' && clause.field === groups.field);
  const bounds = joinBounds(onField, false);
  if (bounds === undefined || !bounds.intervals.every(isPoint)) return undefined;
  const values = bounds.intervals.map((interval) => interval.low);
  if (!values.every((value) => typeof value === 'string')) return undefined;
  const explanation: PlanExplanation = {
    kind: 'group',
    bounds: { [groups.field]: bounds.intervals.map(shownInterval).join(', ') },
    estimate: values.reduce((sum, value) => sum + groups.count(value), 0),
    sorted: order === undefined,
    exact: false,
  };
  return {
    plan: planOf(explanation, function* () {
      for (const value of values) yield* groups.ids(value);
    }),
    cost: costOf(explanation.estimate, explanation.sorted, explanation.exact, limit),
  };
}

/**
 * Looking through the columns of all rows. Whatever of the filter rows hold is judged there in full; one row of this many
 * is thought to meet it.
 */
export function columnCandidate({ rows, clauses, order, limit }: Question): ColumnCandidate | undefined {
  const { columns } = rows;
  if (columns === undefined) return undefined;
  const judged = clauses.filter((clause) => [...fieldsOf(clause)].every((field) => columns.holds(field)));
  const [only] = order?.fields ?? [];
  const inOrder = order?.fields.length === 1 && only !== undefined && columns.orders(only.field);
  if (judged.length === 0 && !inOrder) return undefined;
  const explanation: PlanExplanation = {
    kind: 'columns',
    estimate: rows.size,
    sorted: order === undefined || inOrder,
    exact: judged.length === clauses.length,
  };
  const question = {
    clauses: judged,
    ...(inOrder && { order: { ...only, idDirection: order.idDirection } }),
    // What is left to be judged may leave out any number of them.
    limit: explanation.exact && explanation.sorted ? limit : Number.POSITIVE_INFINITY,
  };
  const fields = new Set(judged.flatMap((clause) => [...fieldsOf(clause)]).concat(inOrder ? only.field : []));
  const lookingThrough = columns.cost(fields);
  const found = judged.length === 0 ? rows.size : rows.size / GUESSED_SHARE;
  return {
    plan: {
      ...planOf(explanation, () => columns.ids(question)),
      parts: (asked) => columns.parts(question, asked),
    },
    cost: lookingThrough + costOf(found, explanation.sorted, explanation.exact, limit),
    lookingThrough,
  };
}

/** Without better knowledge: one row of this many meets a filter. */
const GUESSED_SHARE = 50;

/** What it costs before the first id comes, apart. */
export interface ColumnCandidate extends Candidate {
  readonly lookingThrough: number;
}

/** The bounds that a list of clauses on one field leaves together; undefined when none of them has any. */
function joinBounds(clauses: readonly Clause[], hasLists: boolean): Bounds | undefined {
  const all = clauses.map(boundsOf).filter((bounds) => bounds !== undefined);
  const [first, ...others] = all;
  if (first === undefined) return undefined;
  const known = all.length === clauses.length;
  // In a list one element may satisfy one clause and another the other: only one clause can be looked up.
  const joined = hasLists
    ? (all.find((bounds) => bounds.intervals.every(isPoint)) ?? first)
    : others.reduce(intersect, first);
  return { intervals: joined.intervals, exact: joined.exact && known && (!hasLists || all.length === 1) };
}

/** The rows of several plans, each once: what the parts of an $or name. */
export function unionCandidate(parts: readonly Candidate[], { order, limit }: Question, isWhole: boolean): Candidate {
  const parted = parts.map(({ plan }) => plan.explain());
  const kinds = new Set(parted.map(({ kind }) => kind));
  const names = [...new Set(parted.flatMap(({ index }) => index ?? []))].join(', ');
  const explanation: PlanExplanation = {
    kind: kinds.size === 1 && parted[0] ? parted[0].kind : 'index',
    ...(names !== '' && { index: names }),
    bounds: joinedBounds(parted),
    estimate: parted.reduce((sum, { estimate }) => sum + estimate, 0),
    sorted: order === undefined,
    exact: isWhole && parted.every(({ exact }) => exact),
  };
  return {
    plan: planOf(explanation, () =>
      distinct(
        (function* () {
          for (const { plan } of parts) yield* plan.ids();
        })(),
      ),
    ),
    cost: costOf(explanation.estimate, explanation.sorted, explanation.exact, limit),
  };
}

function joinedBounds(parts: readonly PlanExplanation[]): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [field, bounds] of parts.flatMap((part) => Object.entries(part.bounds ?? {}))) {
    joined[field] = joined[field] === undefined ? bounds : `${joined[field]} or ${bounds}`;
  }
  return joined;
}

/** What of an index a question needs: equal values for the first fields, intervals for the next one. */
interface Scope {
  readonly prefix: readonly unknown[];
  readonly intervals: readonly Interval[] | undefined;
  /** Fields of the index that are bounded: those of the prefix, and the next one where there are intervals. */
  readonly bounded: number;
  readonly exact: boolean;
}

/** Whether it is worth filling the index for this question; it has no entries yet. */
export function mayServe(index: SecondaryIndex, { clauses, order }: Question): boolean {
  if (index.partial !== undefined && !implies(clauses, index.partial)) return false;
  const scope = scopeOf(index, clauses);
  return scope.bounded > 0 || (order !== undefined && directionFor(index, scope, order) !== undefined);
}

export function indexCandidate(index: SecondaryIndex, question: Question): Candidate | undefined {
  const { clauses, order, limit } = question;
  if (index.partial !== undefined && !implies(clauses, index.partial)) return undefined;
  const scope = scopeOf(index, clauses);
  const direction = order === undefined ? 1 : directionFor(index, scope, order);
  const sorted = direction !== undefined;
  if (scope.bounded === 0 && (!sorted || order === undefined)) return undefined;
  const stretches = (scope.intervals ?? [undefined]).map((interval) => index.stretch(scope.prefix, interval));
  // Intervals ascend; the index may not.
  const inIndexOrder = index.fields[scope.prefix.length]?.direction === -1 ? stretches.toReversed() : stretches;
  const estimate = stretches.reduce((sum, stretch) => sum + index.count(stretch), 0);
  const explanation: PlanExplanation = {
    kind: scope.bounded === 0 ? 'order' : 'index',
    index: index.name,
    ...(scope.bounded > 0 && { bounds: shownBounds(index, scope) }),
    direction: direction === -1 ? 'backward' : 'forward',
    estimate,
    sorted,
    exact: scope.exact,
  };
  return {
    plan: planOf(explanation, () => {
      const ids = idsOf(index, inIndexOrder, direction ?? 1);
      // A row has one key of an equal prefix, and several only where a later field has a list.
      const repeats = index.fields.some((_, at) => at >= scope.prefix.length && index.hasLists(at));
      return repeats ? distinct(ids) : ids;
    }),
    cost: costOf(estimate, sorted, scope.exact, limit),
  };
}

function scopeOf(index: SecondaryIndex, clauses: readonly Clause[]): Scope {
  const withLists = index.fields.filter((_, at) => index.hasLists(at)).length;
  const prefix: unknown[] = [];
  let used = 0;
  let exact = true;
  let intervals: readonly Interval[] | undefined;
  for (const [at, { field }] of index.fields.entries()) {
    // Two fields of one list have a key per element: bounds on both would ask one element for what two may have.
    if (withLists > 1 && at > 0) break;
    const onField = clauses.filter((clause) => clause.kind === 'field' && clause.field === field);
    const bounds = joinBounds(onField, index.hasLists(at));
    if (bounds === undefined) break;
    used += onField.length;
    exact &&= bounds.exact;
    const [only] = bounds.intervals;
    if (bounds.intervals.length === 1 && only && isPoint(only)) prefix.push(only.low);
    else {
      intervals = bounds.intervals;
      break;
    }
  }
  return {
    prefix,
    intervals,
    bounded: prefix.length + (intervals ? 1 : 0),
    exact: exact && used === clauses.length,
  };
}

/** The direction in which the scope comes in the order wanted; undefined where neither does. */
function directionFor(index: SecondaryIndex, scope: Scope, order: WantedOrder): 1 | -1 | undefined {
  const rest = index.fields.slice(scope.prefix.length);
  // A list that is bounded gives the keys within the bounds, while it is sorted by its least or greatest of all.
  if (scope.intervals && index.hasLists(scope.prefix.length)) return undefined;
  const constant = new Set(
    index.fields
      .slice(0, scope.prefix.length)
      .filter((_, at) => !index.hasLists(at))
      .map(({ field }) => field),
  );
  const wanted = order.fields.filter(({ field }) => !constant.has(field));
  // Entries of equal keys stand by id, in the direction of the index's last field, unless a field is the id itself.
  const idAt = rest.findIndex(({ field }) => field === 'id');
  const beforeId = idAt === -1 ? rest : rest.slice(0, idAt);
  const idDirection = (idAt === -1 ? index.fields.at(-1) : rest[idAt])?.direction ?? 1;
  if (wanted.length !== beforeId.length || beforeId.some(({ field }, at) => field !== wanted[at]?.field))
    return undefined;
  const direction = order.idDirection === idDirection ? 1 : -1;
  return beforeId.every((field, at) => field.direction * direction === wanted[at]?.direction) ? direction : undefined;
}

function* idsOf(index: SecondaryIndex, stretches: readonly Stretch[], direction: 1 | -1): Generator<string, void> {
  for (const stretch of direction === 1 ? stretches : stretches.toReversed()) yield* index.ids(stretch, direction);
}

/** A row with a list stands at several keys; the first one counts. */
function* distinct(ids: Iterable<string>): Generator<string, void> {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) continue;
    seen.add(id);
    yield id;
  }
}

function shownBounds(index: SecondaryIndex, { prefix, intervals }: Scope): Record<string, string> {
  const points = prefix.map((value) => shownInterval({ low: value, lowOpen: false, high: value, highOpen: false }));
  const all = intervals ? [...points, intervals.map(shownInterval).join(', ') || 'none'] : points;
  return Object.fromEntries(all.map((text, at) => [index.fields[at]?.field ?? '', text]));
}

function planOf(explanation: PlanExplanation, ids: () => Iterable<string>): Plan {
  const { kind, index, sorted, exact } = explanation;
  return { kind, ...(index !== undefined && { index }), sorted, exact, ids, explain: () => explanation };
}
