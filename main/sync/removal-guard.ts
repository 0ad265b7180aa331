import type { CollectionName } from '../../shared/collections/registry.ts';

const WINDOW_MS = 3_600_000;
const MIN_RECORDS = 20;
const MIN_SHARE = 0.2;

/** Stops what would take away more than a fifth of a collection, and more than twenty records, within an hour. */
export interface RemovalGuard {
  /** How many would have gone within the hour, where that is too many; else null. */
  tooMany(collection: CollectionName, removals: number, alive: number): number | null;
  /** These have gone. */
  note(collection: CollectionName, removals: number): void;
}

export function createRemovalGuard(clock: { now(): number }): RemovalGuard {
  const noted = new Map<CollectionName, { readonly at: number; readonly removals: number }[]>();
  const recent = (collection: CollectionName): number => {
    const list = (noted.get(collection) ?? []).filter(({ at }) => Math.abs(clock.now() - at) < WINDOW_MS);
    noted.set(collection, list);
    return list.reduce((sum, { removals }) => sum + removals, 0);
  };
  return {
    tooMany(collection, removals, alive) {
      const before = recent(collection);
      const all = before + removals;
      return removals > 0 && all > MIN_RECORDS && all > (alive + before) * MIN_SHARE ? all : null;
    },
    note(collection, removals) {
      if (removals === 0) return;
      const list = noted.get(collection) ?? [];
      noted.set(collection, [...list, { at: clock.now(), removals }]);
    },
  };
}
