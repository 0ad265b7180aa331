import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { CollectionTable } from '../collection-table.ts';
import type { TimeSlices } from '../time-slices.ts';
import type { BaseLines } from './base-lines.ts';
import { mayLeave, syncingCollections } from './leaving.ts';

interface Port {
  readonly lines: BaseLines;
  readonly tables: ReadonlyMap<CollectionName, CollectionTable>;
  readonly slices: TimeSlices;
  /** The team database of today; '' before the first. */
  readonly storeId: () => string;
}

type Ids = Map<string, true>;

/**
 * Records whose version is not the base's, by collection, oldest change first: found once by looking at every row, and
 * kept up with each commit from then on. Only these take memory.
 */
export class DirtyRecords {
  readonly #port: Port;
  #ids: ReadonlyMap<CollectionName, Ids> | undefined;
  #filling: Promise<ReadonlyMap<CollectionName, Ids>> | undefined;

  constructor(port: Port) {
    this.#port = port;
  }

  /** They are found anew when next asked for. */
  forget(): void {
    this.#ids = undefined;
    this.#filling = undefined;
  }

  /** To be told of every record that a commit has changed, once memory has it. */
  touched(collection: CollectionName, id: string): void {
    const ids = this.#ids?.get(collection);
    if (ids === undefined) return;
    ids.delete(id);
    if (this.#isDirty(collection, id)) ids.set(id, true);
  }

  /** Finds them now, so that from here on their order is that of the commits, not of the records' dates. */
  async find(): Promise<void> {
    await this.#all();
  }

  async of(collection: CollectionName): Promise<Iterable<string>> {
    return (await this.#all()).get(collection)?.keys() ?? [];
  }

  async counts(): Promise<Partial<Record<CollectionName, number>>> {
    const all = await this.#all();
    return Object.fromEntries([...all].map(([name, ids]) => [name, ids.size]));
  }

  async #all(): Promise<ReadonlyMap<CollectionName, Ids>> {
    for (;;) {
      this.#filling ??= this.#fill().catch((error: unknown) => {
        this.forget();
        throw error;
      });
      const found = await this.#filling;
      // Forgotten meanwhile: what was found may be of another database.
      if (this.#ids === found) return found;
    }
  }

  /** Commits that come meanwhile are told of through `touched`, so their records are in the maps already. */
  async #fill(): Promise<ReadonlyMap<CollectionName, Ids>> {
    const all = new Map<CollectionName, Ids>(syncingCollections.map((name) => [name, new Map()]));
    this.#ids = all;
    const candidates = await this.#candidates();
    for (const [name, ids] of all) {
      const found = candidates.get(name) ?? [];
      found.sort((a, b) => (a.changedAt < b.changedAt ? -1 : a.changedAt > b.changedAt ? 1 : 0));
      const since = [...ids.keys()];
      ids.clear();
      for (const { id } of found) if (this.#isDirty(name, id)) ids.set(id, true);
      for (const id of since) {
        ids.delete(id);
        ids.set(id, true);
      }
    }
    return all;
  }

  async #candidates(): Promise<ReadonlyMap<CollectionName, Candidate[]>> {
    const { lines, tables, slices } = this.#port;
    const found = new Map<CollectionName, Candidate[]>(syncingCollections.map((name) => [name, []]));
    for (const [collection, candidates] of found) {
      for (const { view } of tables.get(collection)?.rows.values() ?? []) {
        if (!lines.has(collection, view.id)) candidates.push({ id: view.id, changedAt: view.updated_at });
        await slices.pause();
      }
    }
    for (const { collection, id, changedAt, isDirty, storeId } of lines.states()) {
      if (isDirty || storeId !== this.#port.storeId()) found.get(collection)?.push({ id, changedAt });
      await slices.pause();
    }
    return found;
  }

  #isDirty(collection: CollectionName, id: string): boolean {
    const { lines, tables, storeId } = this.#port;
    const state = lines.state(collection, id);
    if (state?.storeId === storeId()) return state.isDirty;
    // A tombstone of what was never in this database is nothing to it.
    if (state?.isApart) return false;
    const table = tables.get(collection);
    const row = table?.rows.get(id);
    return table !== undefined && row !== undefined && mayLeave(table.definition, row.view);
  }
}

interface Candidate {
  readonly id: string;
  /** ISO time. */
  readonly changedAt: string;
}
