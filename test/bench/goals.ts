import type { OperationName } from './operations.ts';
import type { SizeResults } from './results.ts';
import type { SubjectName } from './subjects/subject.ts';

/** A target and what was measured for it, in the same run. */
export interface Judged {
  readonly line: string;
  readonly goal: string;
  readonly measured: string;
  readonly verdict: 'met' | 'missed' | 'not measured';
}

interface Target {
  readonly line: string;
  readonly goal: string;
  /** `value` is to be at least, or at most, `limit`. Null where the run has not what it takes. */
  readonly judge: (results: SizeResults) => Bound | null;
  /** Only where this is true of the size. */
  readonly at?: (size: number) => boolean;
}
interface Bound {
  readonly value: number;
  readonly limit: number;
  readonly is: 'at least' | 'at most';
  readonly unit: string;
}

const FULL: readonly SubjectName[] = ['node:sqlite full', 'better-sqlite3 full'];
/** What the next owner waits to be sure that the last one is gone; README of the store. */
const TAKEOVER_MS = 300;

const atLeast = (value: number, limit: number, unit: string): Bound => ({ value, limit, is: 'at least', unit });
const atMost = (value: number, limit: number, unit: string): Bound => ({ value, limit, is: 'at most', unit });
const large = (size: number): boolean => size >= 100_000;

function ms({ comparison }: SizeResults, operation: OperationName, subject: SubjectName = 'vault'): number | undefined {
  return comparison.operations[operation]?.[subject]?.ms;
}

/** The quicker of the SQLites that sync. */
function sqliteMs(results: SizeResults, operation: OperationName): number | undefined {
  const all = FULL.map((name) => ms(results, operation, name)).filter((value) => value !== undefined);
  return all.length === 0 ? undefined : Math.min(...all);
}

function bound(make: (...values: number[]) => Bound, ...values: readonly (number | undefined)[]): Bound | null {
  const known = values.filter((value) => value !== undefined && Number.isFinite(value));
  return known.length === values.length ? make(...(known as number[])) : null; // filtered above
}

/** How many times as quick as the raw write loop. */
function overFloor(operation: OperationName, limit: number): Target['judge'] {
  return (results) =>
    bound(
      (own, floor) => atLeast(floor / own, limit, 'F'),
      ms(results, operation),
      results.comparison.writeFloor[operation],
    );
}

function overSqlite(operation: OperationName, limit: number): Target['judge'] {
  return (results) =>
    bound((own, peer) => atLeast(peer / own, limit, '× SQLite'), ms(results, operation), sqliteMs(results, operation));
}

/** At most so many times the time that SQLite takes. */
function slowerThanSqlite(operation: OperationName, limit: number): Target['judge'] {
  return (results) =>
    bound(
      (own, peer) => atMost(own / peer, limit, '× SQLite’s time'),
      ms(results, operation),
      sqliteMs(results, operation),
    );
}

function overFloorTime(operation: OperationName, floor: string, limit: number): Target['judge'] {
  return (results) =>
    bound(
      (own, raw) => atMost(own / raw, limit, `× ${floor}`),
      ms(results, operation),
      results.comparison.floors[floor],
    );
}

const within = (operation: OperationName, limit: number): Target['judge'] => {
  return (results) => bound((own) => atMost(own, limit, 'ms'), ms(results, operation));
};

const targets: readonly Target[] = [
  { line: 'insertOne, one at a time, survives a power cut', goal: '≥ 0.85 F', judge: overFloor('insert', 0.85) },
  { line: 'insertOne in a burst', goal: '≥ 1.0 × the faster SQLite FULL', judge: overSqlite('insert', 1) },
  {
    line: 'insertOne, sustained, files included',
    goal: '≥ 0.6 × the faster SQLite FULL',
    judge: overSqlite('stream', 0.6),
  },
  {
    line: 'inserts, 32 in flight',
    goal: '≥ 4 F (15 F where F > 4 ms)',
    judge: (results) => overFloor('insert32', (results.comparison.writeFloor['insert32'] ?? 0) > 4 ? 15 : 4)(results),
  },
  { line: 'insertMany, 1,000 a batch', goal: '≥ 0.6 × SQLite FULL', judge: overSqlite('bulk', 0.6) },
  { line: 'insertMany, 1,000 a batch', goal: '≥ 2.5 F', judge: overFloor('bulk', 2.5) },
  { line: 'updateOne, append a message', goal: '≥ 0.5 F', judge: overFloor('update', 0.5) },
  { line: 'findOneAndUpdate', goal: '≥ 0.5 F', judge: overFloor('findOneAndUpdate', 0.5) },
  { line: 'deleteOne', goal: '≥ 1 F', judge: overFloor('delete', 1) },
  { line: 'deleteMany', goal: '≥ 2 F', judge: overFloor('deleteMany', 2) },
  { line: 'findOne by id, from disk', goal: '≤ 2 × raw read + parse', judge: overFloorTime('get', 'read', 2) },
  { line: 'findOne by id, from disk', goal: '≤ 2 × SQLite', judge: slowerThanSqlite('get', 2) },
  { line: 'findOne by id, read before', goal: '≤ 0.005 ms', judge: within('getAgain', 0.005) },
  { line: 'newest 50, list rows', goal: '≤ 0.1 ms at any size', judge: within('newestRows', 0.1) },
  { line: 'newest 50, whole documents, read before', goal: '≤ 0.1 ms', judge: within('newestDocuments', 0.1) },
  {
    line: 'newest 50, whole documents',
    goal: '≤ 5 × SQLite',
    judge: slowerThanSqlite('newestDocuments', 5),
  },
  { line: 'filter by equality, 1 %, rows', goal: '≤ 1 ms', judge: within('filterRows', 1) },
  { line: 'indexed filter, rows', goal: '≥ 10 × SQLite', judge: overSqlite('filterRows', 10) },
  { line: 'filter by equality, 1 %, documents', goal: '≤ 3 × SQLite', judge: slowerThanSqlite('filterDocuments', 3) },
  {
    line: 'filter without an index, rows',
    goal: '≤ 1.5 × the row scan',
    judge: overFloorTime('filterWithoutIndex', 'rowScan', 1.5),
  },
  {
    line: 'text contains, no index',
    goal: '≤ 2 × SQLite',
    judge: ({ search }) =>
      search ? atMost(search.vault.containsMs / search.sqlite.containsMs, 2, '× SQLite’s time') : null,
  },
  {
    line: 'text search, rare word',
    goal: '≤ 1 ms',
    judge: ({ search }) => (search ? atMost(search.vault.rareMs, 1, 'ms') : null),
  },
  {
    line: 'text search, two words',
    goal: '≤ 10 ms',
    judge: ({ search }) => (search ? atMost(search.vault.twoWordsMs, 10, 'ms') : null),
  },
  {
    line: 'text search, memory',
    goal: '≤ 100 MB',
    judge: ({ search }) => (search ? atMost(search.vault.rssBytes / 1e6, 100, 'MB') : null),
  },
  {
    line: 'text search, build',
    goal: '≤ 1.6 × FTS5',
    judge: ({ search }) => (search ? atMost(search.vault.buildMs / search.sqlite.buildMs, 1.6, '× FTS5’s time') : null),
  },
  {
    line: 'message appended to a 36 MB conversation',
    goal: '< 20 ms',
    judge: ({ append }) => (append ? atMost(append.vault.p99Ms, 20, 'ms (p99)') : null),
  },
  {
    line: 'cold open to the first document',
    goal: '≤ 1.5 I + 15 ms',
    judge: ({ cold, comparison }) =>
      bound(
        (own, index) => atMost(own, 1.5 * index + 15, 'ms'),
        cold?.['vault']?.firstDocumentMs,
        comparison.floors['index'],
      ),
  },
  {
    line: 'first list after that',
    goal: '≤ 10 ms more',
    judge: ({ cold }) => bound((own) => atMost(own, 10, 'ms'), cold?.['vault']?.firstListMs),
  },
  {
    line: 'rebuild a lost index',
    goal: '≤ 1.3 × reading and parsing all',
    judge: ({ rebuildMs, comparison }) =>
      bound((own, all) => atMost(own / all, 1.3, '× readAll'), rebuildMs, comparison.floors['readAll']),
  },
  {
    line: 'check after a crash',
    goal: '≤ 1.5 × the names-only walk',
    judge: ({ reopen, comparison }) =>
      bound(
        (own, walk) => atMost(own / walk, 1.5, '× walk'),
        reopen && Math.max(0, reopen.afterCrashMs - reopen.cleanMs - TAKEOVER_MS),
        comparison.floors['walk'],
      ),
  },
  {
    line: 'memory after open, over an empty process',
    goal: '≤ 0.5 KB a record',
    // Below that, code and heap of the process are most of it, whatever the records.
    at: large,
    judge: ({ cold, comparison }) =>
      bound((rss) => atMost(rss / 1000 / comparison.size, 0.5, 'KB'), cold?.['vault']?.rssBytes),
  },
  {
    line: 'disk',
    goal: '≤ 1.75 × the JSON bytes',
    judge: ({ comparison, jsonBytes }) =>
      bound((own) => atMost(own / jsonBytes, 1.75, '× JSON'), comparison.fill['vault']?.bytes),
  },
  {
    line: 'disk, index and log',
    goal: '≤ 10 % of the JSON bytes',
    judge: ({ comparison, jsonBytes }) =>
      bound((own) => atMost((own / jsonBytes) * 100, 10, '%'), comparison.fill['vault']?.ownBytes),
  },
  {
    line: 'longest stall of the owner’s event loop in an import',
    goal: '≤ 50 ms',
    judge: ({ import: figures }) => bound((own) => atMost(own, 50, 'ms'), figures?.longestStallMs),
  },
  {
    line: '50 documents to another process, found and checked',
    goal: '≤ 1.3 × structured clone',
    judge: ({ page }) =>
      bound((own, clone) => atMost(own / clone, 1.3, '× clone'), page?.documentsMs, page?.documentsCloneMs),
  },
  {
    line: '50 rows to another process',
    goal: '≤ 0.4 ms',
    judge: ({ page }) => bound((own) => atMost(own, 0.4, 'ms'), page?.rowsMs),
  },
];

export function judgeAll(results: SizeResults): Judged[] {
  return targets
    .filter(({ at }) => at === undefined || at(results.comparison.size))
    .map(({ line, goal, judge }): Judged => {
      const judged = judge(results);
      if (judged === null) return { line, goal, measured: '', verdict: 'not measured' };
      const { value, limit, is, unit } = judged;
      const isMet = is === 'at least' ? value >= limit : value <= limit;
      return { line, goal, measured: `${figure(value)} ${unit}`, verdict: isMet ? 'met' : 'missed' };
    });
}

/** Three digits that count. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return Number(value.toFixed(Math.min(digits, 6))).toLocaleString('en', { maximumFractionDigits: 6 });
}
