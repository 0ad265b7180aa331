import type { Store } from '../../shared/store/store.ts';
import { rowProjection, toRow, type Row } from './rows.ts';

export type View = 'active' | 'archived';

/** The conversations of one view and tag, in the order of the list, and what is asked of them again and again. */
export interface ListPage {
  readonly rows: readonly Row[];
  readonly days: readonly { readonly day: string; readonly count: number }[];
}

interface Entry {
  readonly row: Row;
  readonly updatedMs: number;
}

/** Changed conversations up to this many are fetched one by one; beyond it the list is read anew. */
const patchLimit = 200;

/**
 * The list of conversations, sorted and kept in memory; follows the store's changes. Built from index rows at the
 * first call (about 60 bytes of new objects per row beside the row itself), patched row by row afterwards.
 */
export class ListCache {
  readonly #store: Store;
  readonly #unwatch: () => void;
  readonly #pages = new Map<string, ListPage>();
  #views: Record<View, Entry[]> | null = null;
  #entries = new Map<string, Entry>();
  #tags: readonly { tag: string; count: number }[] | null = null;
  /** Ids changed since the last reading; 'all' when there are too many to follow. */
  #dirty: Set<string> | 'all' = 'all';
  #refreshing: Promise<Record<View, Entry[]>> | null = null;

  constructor(store: Store) {
    this.#store = store;
    this.#unwatch = store.watch(({ changes }) => {
      for (const change of changes) if (change.collection === 'conversations') this.#markDirty(change.id);
    });
  }

  async page(view: View, tag: string | undefined): Promise<ListPage> {
    const views = await this.#current();
    const key = `${view}\n${tag ?? ''}`;
    const known = this.#pages.get(key);
    if (known) return known;
    const rows = views[view].map((entry) => entry.row);
    const page = pageOf(tag === undefined ? rows : rows.filter((row) => row.tags.includes(tag)));
    this.#pages.set(key, page);
    return page;
  }

  /** All tags of all conversations, the most used first. */
  async tags(): Promise<readonly { tag: string; count: number }[]> {
    await this.#current();
    this.#tags ??= countTags(this.#entries.values());
    return this.#tags;
  }

  close(): void {
    this.#unwatch();
  }

  #markDirty(id: string): void {
    if (this.#dirty === 'all') return;
    this.#dirty.add(id);
    if (this.#dirty.size > patchLimit) this.#dirty = 'all';
  }

  /** One reading at a time; calls that come meanwhile share it unless something changed since it began. */
  async #current(): Promise<Record<View, Entry[]>> {
    while (this.#refreshing) await this.#refreshing;
    if (this.#views && this.#dirty !== 'all' && this.#dirty.size === 0) return this.#views;
    this.#refreshing = this.#refresh();
    try {
      return await this.#refreshing;
    } finally {
      this.#refreshing = null;
    }
  }

  async #refresh(): Promise<Record<View, Entry[]>> {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    try {
      const views = this.#views;
      if (!views || dirty === 'all') this.#views = await this.#readAll();
      else await this.#patch(views, [...dirty]);
    } catch (error) {
      this.#dirty = 'all';
      throw error;
    }
    this.#pages.clear();
    this.#tags = null;
    return this.#views ?? { active: [], archived: [] };
  }

  async #readAll(): Promise<Record<View, Entry[]>> {
    const records = await this.#store.collection('conversations').find({}, { projection: rowProjection });
    const entries = records.map(toEntry);
    this.#entries = new Map(entries.map((entry) => [entry.row.id, entry]));
    const views: Record<View, Entry[]> = { active: [], archived: [] };
    for (const entry of entries) views[viewOf(entry)].push(entry);
    views.active.sort(compareEntries);
    views.archived.sort(compareEntries);
    return views;
  }

  async #patch(views: Record<View, Entry[]>, ids: readonly string[]): Promise<void> {
    const filter = { id: { $in: ids } };
    const records = await this.#store.collection('conversations').find(filter, { projection: rowProjection });
    for (const id of ids) {
      const old = this.#entries.get(id);
      if (old) views[viewOf(old)].splice(placeOf(views[viewOf(old)], old), 1);
      this.#entries.delete(id);
    }
    for (const entry of records.map(toEntry)) {
      views[viewOf(entry)].splice(placeOf(views[viewOf(entry)], entry), 0, entry);
      this.#entries.set(entry.row.id, entry);
    }
  }
}

function toEntry(record: Parameters<typeof toRow>[0]): Entry {
  const row = toRow(record);
  return { row, updatedMs: Date.parse(row.updated_at) || 0 };
}

function viewOf(entry: Entry): View {
  return entry.row.archived ? 'archived' : 'active';
}

/** Pinned first, then the newest; ids decide between equals, so that the order is total. */
function compareEntries(a: Entry, b: Entry): number {
  if (a.row.pinned !== b.row.pinned) return a.row.pinned ? -1 : 1;
  if (a.updatedMs !== b.updatedMs) return b.updatedMs - a.updatedMs;
  return a.row.id < b.row.id ? 1 : a.row.id > b.row.id ? -1 : 0;
}

/** Where the entry stands in the sorted list, or belongs. */
function placeOf(sorted: readonly Entry[], entry: Entry): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle];
    if (at && compareEntries(at, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pageOf(rows: readonly Row[]): ListPage {
  const days: { day: string; count: number }[] = [];
  for (const row of rows) {
    const day = row.pinned ? 'pinned' : row.day;
    const last = days.at(-1);
    if (last?.day === day) last.count += 1;
    else days.push({ day, count: 1 });
  }
  return { rows, days };
}

function countTags(entries: Iterable<Entry>): { tag: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { row } of entries) for (const tag of new Set(row.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1));
}
