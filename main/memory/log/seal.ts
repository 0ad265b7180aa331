import { sha256Hex } from '../../lib/hash.ts';
import type { ChainedEvent, State } from './event.ts';
import { inOrder } from './replay.ts';

/** Years for which 004 keeps events, in days. */
export const KEEP_EVENTS_DAYS = 730;

export interface Sealing {
  /** Events that go. */
  readonly old: readonly ChainedEvent[];
  /** The last of them for each record that none of the younger events tells of; their state is carried over. */
  readonly carried: readonly ChainedEvent[];
  /** What the seal says of them. */
  readonly summary: State;
}

/**
 * What it takes to let the events of one chain before a time go: a summary that ends where the rest of the chain begins,
 * and the states that only they know. Null where there is nothing to seal. Pure.
 */
export function planSeal(chain: readonly ChainedEvent[], before: string): Sealing | null {
  const ordered = chain.toSorted((a, b) => a.event_sequence - b.event_sequence);
  // Times never go back within a chain, so what is old is its beginning.
  const old = ordered.filter(({ created_at }) => created_at < before);
  const [first] = old;
  const last = old.at(-1);
  if (!first || !last) return null;
  const young = new Set(ordered.slice(old.length).map(({ entity_key }) => entity_key));
  const latest = new Map(inOrder(old).map((event) => [event.entity_key, event]));
  const carried = [...latest.values()].filter(
    (event) =>
      !young.has(event.entity_key) &&
      event.event_type !== 'LOG_SEALED' &&
      event.redacted !== true &&
      event.after != null,
  );
  return { old, carried, summary: summaryOf(old, first, last) };
}

function summaryOf(old: readonly ChainedEvent[], first: ChainedEvent, last: ChainedEvent): State {
  const types: Record<string, number> = {};
  for (const { event_type } of old) types[event_type] = (types[event_type] ?? 0) + 1;
  return {
    from_sequence: first.event_sequence,
    to_sequence: last.event_sequence,
    last_hash: last.hash,
    events: old.length,
    types,
    first_at: first.created_at,
    last_at: last.created_at,
    hashes: sha256Hex(old.map(({ hash }) => hash).join('\n')),
  };
}
