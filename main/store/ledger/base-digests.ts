import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { Base, DigestLevel, Lanes, RevRef } from '../../sync/ports.ts';
import { addLanes, bucketOf, lanesOf, noLanes } from '../../sync/lanes.ts';
import type { TimeSlices } from '../time-slices.ts';
import type { BaseLine, BaseLines } from './base-lines.ts';

interface Port {
  readonly lines: BaseLines;
  readonly slices: TimeSlices;
  /** The team database of today; '' before the first. */
  readonly storeId: () => string;
}

/** What memory holds of one collection's bases. */
interface Sums {
  /** By day, `YYYY-MM-DD`. */
  readonly days: Map<string, Lanes>;
  /** Records whose base is of another month than the file of their line: ids by day. Hardly ever any. */
  readonly strays: Map<string, Set<string>>;
}

/**
 * Digests over the bases, reliability.md §3.9: of each day how many there are, and five sums. Read from the lines when
 * first asked for, and kept up with each commit of the reconciler from then on; nobody else changes bases, and the caller
 * sees to it that none comes while lines are read.
 */
export class BaseDigests {
  readonly #port: Port;
  #sums = new Map<CollectionName, Sums>();

  constructor(port: Port) {
    this.#port = port;
  }

  /** They are read anew when next asked for. */
  forget(): void {
    this.#sums = new Map();
  }

  changed(collection: CollectionName, id: string, before: Base | null, after: Base | null): void {
    const sums = this.#sums.get(collection);
    if (sums === undefined || (before?.rev === after?.rev && before?.day === after?.day)) return;
    if (before) count(sums, id, before, -1);
    if (after) count(sums, id, after, 1);
    // A line stays in the file of its first base; months hardly ever change, so each that did is simply remembered.
    if (before && after && monthOf(before.day) !== monthOf(after.day)) stray(sums, after.day, id);
  }

  async digest(collection: CollectionName, level: DigestLevel): Promise<ReadonlyMap<string, Lanes>> {
    if ('day' in level) return this.#parts(collection, level.day);
    const { days } = await this.#of(collection);
    if ('by' in level) return merged(days, monthOf);
    return new Map([...days].filter(([day]) => day.startsWith(`${level.month}-`)));
  }

  async bases(collection: CollectionName, period: string, bucket?: number): Promise<RevRef[]> {
    const found: RevRef[] = [];
    for (const { recordId: id, base } of await this.#lines(collection, period)) {
      if (base === null || !base.day.startsWith(period)) continue;
      if (bucket === undefined || bucketOf(lanesOf(id, base.rev)) === bucket) found.push({ id, rev: base.rev });
    }
    return found;
  }

  async #parts(collection: CollectionName, day: string): Promise<Map<string, Lanes>> {
    const parts = new Map<string, Lanes>();
    for (const { id, rev } of await this.bases(collection, day)) {
      const lanes = lanesOf(id, rev);
      const part = String(bucketOf(lanes));
      parts.set(part, addLanes(parts.get(part) ?? noLanes, lanes));
    }
    return parts;
  }

  /** All lines that may have a base of this month or day. */
  async #lines(collection: CollectionName, period: string): Promise<BaseLine[]> {
    const { strays } = await this.#of(collection);
    const files = [...this.#port.lines.files(collection)].filter((file) => monthOf(file) === monthOf(period));
    const own = this.#ours(files.flatMap((file) => this.#port.lines.readFile(collection, file)));
    const known = new Set(own.map(({ recordId }) => recordId));
    const strayed = [...strays].flatMap(([day, ids]) => (day.startsWith(period) ? [...ids] : []));
    const others = [...new Set(strayed)].filter((id) => !known.has(id));
    return [...own, ...this.#ours([...this.#port.lines.readMany(collection, others).values()])];
  }

  #ours(lines: readonly BaseLine[]): BaseLine[] {
    return lines.filter(({ storeId }) => storeId === this.#port.storeId());
  }

  async #of(collection: CollectionName): Promise<Sums> {
    const known = this.#sums.get(collection);
    if (known) return known;
    const sums: Sums = { days: new Map(), strays: new Map() };
    for (const file of new Set(this.#port.lines.files(collection))) {
      for (const { recordId, base } of this.#ours(this.#port.lines.readFile(collection, file))) {
        if (base === null) continue;
        count(sums, recordId, base, 1);
        if (monthOf(base.day) !== monthOf(file)) stray(sums, base.day, recordId);
      }
      await this.#port.slices.pause();
    }
    this.#sums.set(collection, sums);
    return sums;
  }
}

function count({ days }: Sums, id: string, { day, rev }: Base, sign: 1 | -1): void {
  const lanes = addLanes(days.get(day) ?? noLanes, lanesOf(id, rev), sign);
  if (lanes.n === 0) days.delete(day);
  else days.set(day, lanes);
}

function stray({ strays }: Sums, day: string, id: string): void {
  strays.set(day, (strays.get(day) ?? new Set()).add(id));
}

function monthOf(day: string): string {
  return day.slice(0, 'YYYY-MM'.length);
}

function merged(days: ReadonlyMap<string, Lanes>, keyOf: (day: string) => string): Map<string, Lanes> {
  const sums = new Map<string, Lanes>();
  for (const [day, lanes] of days) {
    const key = keyOf(day);
    const former = sums.get(key) ?? noLanes;
    sums.set(key, { n: former.n + lanes.n, sums: addLanes(former, lanes.sums).sums });
  }
  return sums;
}
