import type { IndexSpec } from '../../shared/store/store.ts';
import { conjuncts } from './clause.ts';
import { badFilter } from './errors.ts';
import { LazyIndex } from './lazy-index.ts';
import { parseFilter } from './parse-filter.ts';
import {
  columnCandidate,
  groupCandidate,
  idCandidate,
  indexCandidate,
  mayServe,
  scanCandidate,
  unionCandidate,
  wantedOrder,
} from './plan.ts';
import type { Candidate, Question } from './plan.ts';
import type { CreateIndexSet, IndexSet, PlainRecord } from './types.ts';

/** Groups of so many rows are looked through rather than filling an index for the question. */
const FEW = 2_000;
/** Looking through columns for so much (a few milliseconds) beats filling an index, which takes a hundred times as long. */
const QUICK = 10_000;

export const createIndexSet: CreateIndexSet = (rows) => {
  const indexes = new Map<string, LazyIndex>();
  const specs = new Map<string, string>();
  /** The order of ids: lookups by id need only the rows. */
  const byId = new LazyIndex({ fields: { id: 1 }, name: 'id_1' }, rows);

  function change(id: string, before: PlainRecord | undefined, after: PlainRecord | undefined): void {
    for (const index of indexes.values()) index.change(id, before, after);
    byId.change(id, before, after);
  }

  function define(spec: IndexSpec, isLenient = false): string {
    const index = new LazyIndex(spec, rows, isLenient);
    const text = JSON.stringify([index.pattern, index.isUnique, spec.partial ?? null]);
    const known = specs.get(index.name);
    if (known === text) return index.name;
    if (known !== undefined) {
      throw badFilter(`An index named ${index.name} exists with another definition.`, 'Give this one another name.');
    }
    if (index.isUnique && !isLenient) index.fill();
    indexes.set(index.name, index);
    specs.set(index.name, text);
    return index.name;
  }

  /** What is at hand, before what would have to be filled: that only where it may serve, and groups are not small. */
  function best(question: Question): Candidate {
    const named = idCandidate(question);
    // Ids named by the filter cannot be beaten, and looking on would build what is not needed.
    if (named) return named;
    const relevant = relevantTo(question);
    const filled = relevant.filter((index) => index.isFilled).map((index) => indexCandidate(index.fill(), question));
    const group = groupCandidate(question);
    const columns = rows.size > FEW ? columnCandidate(question) : undefined;
    const atHand = cheapest([scanCandidate(question), group, columns, ...filled]);
    if (group !== undefined && atHand.cost <= FEW) return atHand;
    if (columns !== undefined && columns.lookingThrough <= QUICK) return atHand;
    const others = relevant.filter((index) => !index.isFilled && mayServe(index.unfilled, question));
    return cheapest([atHand, ...others.map((index) => indexCandidate(index.fill(), question)), union(question)]);
  }

  function relevantTo({ clauses, order }: Question): readonly LazyIndex[] {
    const asksId = clauses.some((clause) => clause.kind === 'field' && clause.field === 'id');
    return [...indexes.values(), ...(asksId || order?.fields.length === 0 ? [byId] : [])];
  }

  /** Part by part, where every part of an $or can be looked up; only then is anything filled for it. */
  function union(question: Question): Candidate | undefined {
    const simple = question.clauses.filter((clause) => clause.kind !== 'or');
    for (const clause of question.clauses) {
      if (clause.kind !== 'or') continue;
      const parts = clause.clauses.map((part) => {
        const clauses = [...conjuncts(part), ...simple];
        return { ...question, clauses, order: undefined, limit: Number.POSITIVE_INFINITY };
      });
      if (!parts.every(isServed)) continue;
      return unionCandidate(parts.map(best), question, simple.length + 1 === question.clauses.length);
    }
    return undefined;
  }

  function isServed(question: Question): boolean {
    return (
      idCandidate(question) !== undefined ||
      groupCandidate(question) !== undefined ||
      relevantTo(question).some((index) => mayServe(index.unfilled, question))
    );
  }

  const set: IndexSet = {
    define,
    put: change,
    remove: (id, row) => change(id, row, undefined),
    conflict(id, row, except = () => false) {
      for (const index of indexes.values()) {
        index.unfilled.refuseLists(row);
        const found = index.isUnique ? index.conflict(id, row, except) : undefined;
        if (found) return found;
      }
      return undefined;
    },
    plan(filter, sort, limit = Number.POSITIVE_INFINITY) {
      return best({ rows, clauses: conjuncts(parseFilter(filter)), order: wantedOrder(sort), limit }).plan;
    },
    *warm() {
      for (const index of indexes.values()) {
        // What groups answer needs no index until somebody asks for more.
        if (rows.groups !== undefined && rows.groups.field in index.pattern) continue;
        // Nor what columns answer as quickly.
        if (rows.columns !== undefined && rows.columns.cost(new Set(Object.keys(index.pattern))) <= QUICK) continue;
        yield* index.warm();
      }
    },
  };
  return set;
};

/** The first of the cheapest. */
function cheapest([first, ...others]: readonly [Candidate, ...(Candidate | undefined)[]]): Candidate {
  return others.reduce<Candidate>((best, each) => (each && each.cost < best.cost ? each : best), first);
}
