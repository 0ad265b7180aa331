import type { Conflict } from '../../shared/collections/conflicts.ts';
import { isSameJson as same } from '../lib/canonical-json.ts';
import type { RecordBody } from '../records/stored-record.ts';

export type Take = 'mine' | 'theirs' | 'base';

/** What an ordinary edit of the record, as a person would make it, comes to. */
export type Resolution =
  | { readonly kind: 'update'; readonly set: Readonly<Record<string, unknown>>; readonly unset: readonly string[] }
  | { readonly kind: 'delete' }
  /** It is as wanted. */
  | { readonly kind: 'nothing' }
  /** The record is not there any more, and the side has too little of it to bring it back. */
  | { readonly kind: 'impossible' };

const KEPT = new Set(['id', 'created_at', 'updated_at', '_meta']);

/** How to make the record show one side of a conflict. Only the fields that clash are touched; `current` is null where it is gone. */
export function resolutionOf(
  conflict: Pick<Conflict, 'mine' | 'theirs' | 'base' | 'fields' | 'reason'>,
  take: Take,
  current: RecordBody | null,
): Resolution {
  const side = conflict[take];
  if (side === null) {
    // A side without content had deleted the record; where only the base is not known, there is nothing to go back to.
    const hadDeleted = conflict.reason === 'delete-overridden' && take !== 'base';
    if (!hadDeleted) return { kind: 'nothing' };
    return current === null ? { kind: 'nothing' } : { kind: 'delete' };
  }
  if (current === null) return { kind: 'impossible' };
  const fields = (conflict.fields.length > 0 ? conflict.fields : Object.keys(side)).filter((name) => !KEPT.has(name));
  const set = Object.fromEntries(
    fields
      .filter((name) => side[name] !== undefined && !same(side[name], current[name]))
      .map((name) => [name, side[name]]),
  );
  const unset = fields.filter((name) => side[name] === undefined && current[name] !== undefined);
  return Object.keys(set).length === 0 && unset.length === 0 ? { kind: 'nothing' } : { kind: 'update', set, unset };
}
