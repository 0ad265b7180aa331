import type { CollectionName } from '../../shared/collections/registry.ts';
import type { ParityDay } from '../../shared/ipc/team.ts';
import { sameLanes } from '../sync/lanes.ts';
import type { DigestLevel, Lanes, LocalPort } from '../sync/ports.ts';

type Digest = (collection: CollectionName, level: DigestLevel) => Promise<ReadonlyMap<string, Lanes>>;

interface Port {
  readonly local: Pick<LocalPort, 'collections' | 'digest' | 'dirty' | 'read'>;
  /** Null while the server is away: days are then not compared. */
  readonly remote: Digest | null;
}

/** Waiting records that are looked at for their days; of more, the oldest ones. */
const MOST_WAITING = 20_000;

interface Draft {
  records: number;
  state: ParityDay['state'];
}

/** The days of a year that have records on either side, in order, each by whether both sides have the same. */
export async function parityDays({ local, remote }: Port, year: number): Promise<ParityDay[]> {
  const days = new Map<string, Draft>();
  for (const collection of local.collections) {
    await addDigests(days, collection, year, local.digest.bind(local), remote);
    await addWaiting(days, collection, year, local);
  }
  return [...days]
    .map(([day, { records, state }]) => ({ day, records, state }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

async function addDigests(
  days: Map<string, Draft>,
  collection: CollectionName,
  year: number,
  local: Digest,
  remote: Digest | null,
): Promise<void> {
  const isOfYear = (month: string): boolean => month.startsWith(`${year}-`);
  const here = await local(collection, { by: 'month' });
  const there = remote && (await remote(collection, { by: 'month' }));
  for (const month of new Set([...here.keys(), ...(there?.keys() ?? [])].filter(isOfYear))) {
    // Months that are equal as a whole need no look at the server's days.
    const isEqual = isSame(here.get(month), there?.get(month));
    const ours = await local(collection, { month });
    const theirs = there === null ? null : isEqual ? ours : await remote?.(collection, { month });
    for (const day of new Set([...ours.keys(), ...(theirs?.keys() ?? [])])) {
      const records = Math.max(ours.get(day)?.n ?? 0, theirs?.get(day)?.n ?? 0);
      const state = !theirs ? 'unknown' : isSame(ours.get(day), theirs.get(day)) ? 'equal' : 'differing';
      merge(days, day, { records, state });
    }
  }
}

async function addWaiting(
  days: Map<string, Draft>,
  collection: CollectionName,
  year: number,
  local: Port['local'],
): Promise<void> {
  const ids = await local.dirty(collection, MOST_WAITING);
  for (let start = 0; start < ids.length; start += 500) {
    for (const { local: version, base } of (await local.read(collection, ids.slice(start, start + 500))).values()) {
      const day = base?.day ?? version?.created_at.slice(0, 10);
      if (day?.startsWith(`${year}-`)) merge(days, day, { records: base ? 0 : 1, state: 'waiting' });
    }
  }
}

const gravity: readonly ParityDay['state'][] = ['equal', 'unknown', 'waiting', 'differing'];

/** A day is as its worst collection is. */
function merge(days: Map<string, Draft>, day: string, next: Draft): void {
  const before = days.get(day) ?? { records: 0, state: 'equal' };
  const isWorse = gravity.indexOf(next.state) > gravity.indexOf(before.state);
  days.set(day, { records: before.records + next.records, state: isWorse ? next.state : before.state });
}

function isSame(a: Lanes | undefined, b: Lanes | undefined): boolean {
  if (a === undefined || b === undefined) return (a?.n ?? 0) === (b?.n ?? 0);
  return sameLanes(a, b);
}
