import type { CollectionDefinition, MergeRule } from '../../shared/collections/define.ts';
import type { Conflict } from '../../shared/collections/conflicts.ts';
import { isEmptied } from '../records/emptied.ts';
import { bodyOf, type StoredRecord } from '../records/stored-record.ts';
import { isLater } from './lineage.ts';
import {
  type FieldOutcome,
  type FieldSides,
  isSameField,
  mergeCounter,
  mergeLastWriter,
  mergeTags,
  mergeTime,
} from './merge-fields.ts';

export interface MergeSides {
  /** What both were built on; null where it is not known. */
  readonly base: StoredRecord | null;
  readonly mine: StoredRecord;
  readonly theirs: StoredRecord;
}

/** What the merge does not show: the fields of one side that the other's took the place of. */
export interface Clash {
  readonly reason: Conflict['reason'];
  readonly loser: 'mine' | 'theirs';
  readonly fields: readonly string[];
}

export interface Merge {
  /** One side as a whole, or a new content. */
  readonly outcome: 'mine' | 'theirs' | { readonly body: Readonly<Record<string, unknown>> };
  readonly clash: Clash | null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Joins two versions of one record (reliability.md §3.5). Pure, total, and the same whichever side is called mine. Every
 * value of either side is in the outcome, or named by the clash, or was superseded by a change of the other side alone.
 */
export function merge(definition: CollectionDefinition, sides: MergeSides): Merge {
  const { base, mine, theirs } = sides;
  if (mine._meta.rev === theirs._meta.rev) return { outcome: 'theirs', clash: null };
  if (isSameContent(mine, theirs) && !bothCounted(definition, sides)) return { outcome: 'theirs', clash: null };
  if (base !== null && isSameContent(base, mine)) return { outcome: 'theirs', clash: null };
  if (base !== null && isSameContent(base, theirs)) return { outcome: 'mine', clash: null };
  if (mine._meta.del || theirs._meta.del) return mergeDeletion(definition, sides);
  const winner = isLater(mine._meta, theirs._meta) ? 'mine' : 'theirs';
  const emptied = emptiedSide(definition, sides);
  // Nothing is set aside: this is how something forgotten stays forgotten.
  if (emptied !== null) return { outcome: emptied, clash: null };
  if (definition.merge === 'immutable') return wholly(winner === 'mine' ? 'theirs' : 'mine', sides, 'integrity');
  const { body, clashes } = mergeFields(definition, sides, winner);
  if (!isValid(definition, body)) return wholly(winner, sides, 'field-clash');
  return { outcome: sideOf(body, sides), clash: clashOf('field-clash', winner, clashes) };
}

/** Dates tell when, not what. */
const DATES = new Set(['created_at', 'updated_at']);

/** Whether a person would see the same; a deletion is one whenever it was. */
export function isSameContent(a: StoredRecord, b: StoredRecord): boolean {
  if (a._meta.del || b._meta.del) return a._meta.del === b._meta.del;
  return namesIn(a, b).every((name) => isSameField(a[name], b[name]));
}

/** The edit stays, and the deletion is told of; of something without content there is nothing to tell. */
function mergeDeletion(definition: CollectionDefinition, { base, mine, theirs }: MergeSides): Merge {
  const edited = mine._meta.del ? theirs : mine;
  const loser = edited === mine ? 'theirs' : 'mine';
  const outcome = edited === mine ? 'mine' : 'theirs';
  if (isEmptied(definition, edited)) {
    // A log that was sealed stays sealed.
    return { outcome: definition.merge === 'immutable' ? loser : outcome, clash: null };
  }
  const fields = namesIn(edited, base ?? edited).filter(
    (name) => !DATES.has(name) && (base === null || base._meta.del || !isSameField(edited[name], base[name])),
  );
  return { outcome, clash: { reason: 'delete-overridden', loser, fields } };
}

function wholly(winner: 'mine' | 'theirs', { mine, theirs }: MergeSides, reason: Clash['reason']): Merge {
  const differing = namesIn(mine, theirs).filter((name) => !DATES.has(name) && !isSameField(mine[name], theirs[name]));
  return { outcome: winner, clash: clashOf(reason, winner, differing) };
}

function clashOf(reason: Clash['reason'], winner: 'mine' | 'theirs', fields: readonly string[]): Clash | null {
  return fields.length === 0 ? null : { reason, loser: winner === 'mine' ? 'theirs' : 'mine', fields };
}

/** The side that has lost its content for good, where only one has. Content that was given back is a person's doing, but in a log. */
function emptiedSide(definition: CollectionDefinition, { base, mine, theirs }: MergeSides): 'mine' | 'theirs' | null {
  if (isEmptied(definition, mine) === isEmptied(definition, theirs)) return null;
  if (base !== null && isEmptied(definition, base) && definition.merge !== 'immutable') return null;
  return isEmptied(definition, mine) ? 'mine' : 'theirs';
}

function mergeFields(
  definition: CollectionDefinition,
  { base, mine, theirs }: MergeSides,
  winner: 'mine' | 'theirs',
): { readonly body: Fields; readonly clashes: readonly string[] } {
  const [later, earlier] = winner === 'mine' ? [mine, theirs] : [theirs, mine];
  const knownBase = base === null || base._meta.del ? null : base;
  const clashes: string[] = [];
  const body: [string, unknown][] = [];
  for (const name of namesIn(mine, theirs)) {
    const sides: FieldSides = {
      later: later[name],
      earlier: earlier[name],
      ...(knownBase && { base: knownBase[name] }),
    };
    const outcome =
      unchangedOn(sides, knownBase !== null, ruleOf(definition, name)) ?? byPolicy(definition, name, sides);
    if (outcome !== null) body.push([name, outcome.value]);
    else {
      body.push([name, mergeLastWriter(sides).value]);
      clashes.push(name);
    }
  }
  return { body: Object.fromEntries(body.filter(([, value]) => value !== undefined)), clashes };
}

/** The value where at most one side changed it; where the base is not known, what only one side has is kept. */
function unchangedOn(
  { later, earlier, base }: FieldSides,
  isBaseKnown: boolean,
  rule: MergeRule | undefined,
): FieldOutcome | null {
  const bothCount = rule === 'counter' && isBaseKnown && !isSameField(later, base);
  if (isSameField(later, earlier) && !bothCount) return { value: later };
  if (!isBaseKnown) {
    if (later !== undefined && earlier !== undefined) return null;
    return { value: later === undefined ? earlier : later };
  }
  if (isSameField(later, base)) return { value: earlier };
  return isSameField(earlier, base) ? { value: later } : null;
}

function byPolicy(definition: CollectionDefinition, name: string, sides: FieldSides): FieldOutcome | null {
  // When it was created: the earlier one. When it was changed: the later one.
  if (DATES.has(name)) return mergeTime(name === 'updated_at' ? 'last' : 'first', sides);
  // A message never changes but for the list of its edits (reliability.md §3.5).
  if (definition.merge === 'union') return name === 'edits' ? mergeTags(sides) : null;
  const rule = ruleOf(definition, name);
  if (rule === 'tags') return mergeTags(sides);
  if (rule === 'latest') return mergeTime('last', sides);
  return rule === 'counter' ? mergeCounter(sides) : null;
}

function ruleOf({ merge: policy }: CollectionDefinition, name: string): MergeRule | undefined {
  return typeof policy === 'object' ? policy.fields?.[name] : undefined;
}

/** Two that counted the same have counted twice. */
function bothCounted(definition: CollectionDefinition, { base, mine }: MergeSides): boolean {
  if (base === null || base._meta.del || mine._meta.del) return false;
  return namesIn(mine, base).some(
    (name) => ruleOf(definition, name) === 'counter' && !isSameField(mine[name], base[name]),
  );
}

/** The side that the merged content is the content of, so that no new version is made of it. */
function sideOf(body: Fields, { mine, theirs }: MergeSides): Merge['outcome'] {
  const isBodyOf = (side: StoredRecord): boolean => {
    const own = bodyOf(side);
    return [...new Set([...Object.keys(own), ...Object.keys(body)])].every((name) =>
      isSameField(own[name], body[name]),
    );
  };
  if (isBodyOf(theirs)) return 'theirs';
  return isBodyOf(mine) ? 'mine' : { body };
}

function namesIn(a: StoredRecord, b: StoredRecord): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => name !== '_meta').sort();
}

/** Two valid records may not make one: then one of them is taken whole. */
function isValid({ schema }: CollectionDefinition, body: Fields): boolean {
  try {
    return schema.safeParse(body).success;
  } catch {
    return false;
  }
}
