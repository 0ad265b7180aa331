import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Poisoned, RecordRef } from './ports.ts';

/** What one side cannot take waits here, so that it delays no other; reliability.md §3.11. */
export type Quarantine = readonly Poisoned[];

const MAX_PER_COLLECTION = 1_000;
const FIRST_RETRY_MS = 3_600_000;
const LAST_RETRY_MS = 24 * 3_600_000;

export type NewPoison = Pick<Poisoned, 'collection' | 'id' | 'rev' | 'side' | 'reason'>;

export function entryOf(quarantine: Quarantine, { collection, id }: RecordRef): Poisoned | undefined {
  return quarantine.find((entry) => entry.id === id && entry.collection === collection);
}

/** Whether this version is set aside and not yet to be tried again. */
export function isWaiting(entry: Poisoned | undefined, rev: string | null, nowMs: number): boolean {
  return entry !== undefined && entry.rev === rev && Date.parse(entry.next_try) > nowMs;
}

/** With this one noted, or tried once more. Where a collection has too many, further ones are left out: they are met again. */
export function quarantined(quarantine: Quarantine, poison: NewPoison, nowMs: number): Quarantine {
  const known = entryOf(quarantine, poison);
  const others = known === undefined ? quarantine : quarantine.filter((entry) => entry !== known);
  if (known === undefined && countOf(quarantine, poison.collection) >= MAX_PER_COLLECTION) return quarantine;
  const tries = known?.rev === poison.rev ? known.tries + 1 : 1;
  const waitMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1));
  return [
    ...others,
    {
      ...poison,
      first_seen: known?.first_seen ?? new Date(nowMs).toISOString(),
      tries,
      next_try: new Date(nowMs + waitMs).toISOString(),
    },
  ];
}

export function released(quarantine: Quarantine, refs: readonly RecordRef[]): Quarantine {
  const freed = refs.filter((ref) => entryOf(quarantine, ref) !== undefined);
  if (freed.length === 0) return quarantine;
  return quarantine.filter(
    (entry) => !freed.some(({ collection, id }) => entry.id === id && entry.collection === collection),
  );
}

/** Every entry is due at once: the person asks, or the app is another one. */
export function allDue(quarantine: Quarantine): Quarantine {
  return quarantine.map((entry) => ({ ...entry, next_try: entry.first_seen }));
}

function countOf(quarantine: Quarantine, collection: CollectionName): number {
  return quarantine.filter((entry) => entry.collection === collection).length;
}
