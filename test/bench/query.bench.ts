/**
 * Micro-figures of the query engine: `node --expose-gc test/bench/query.bench.ts [ROWS]`, 100,000 rows unless told.
 * Prints medians of 200 repetitions in milliseconds. Goals (performance.md): newest 50 at most 0.1 ms, an equality
 * that finds 1 % of the rows at most 0.45 ms.
 */
import { compileFilter } from '../../main/query/compile-filter.ts';
import { createIndexSet } from '../../main/query/index-set.ts';
import type { Plan, PlainRecord } from '../../main/query/types.ts';

const count = Number(process.argv[2] ?? 100_000);
const rows = new Map<string, PlainRecord>();
let state = 1;

/** Lehmer's generator: the same rows in every run. */
function random(): number {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}

function makeRow(at: number): PlainRecord {
  const updated_at = new Date(1.7e12 + Math.floor(random() * 3.15e10)).toISOString();
  return {
    id: `0199${at.toString(16).padStart(8, '0')}-7000-8000-${Math.floor(random() * 1e12).toString(16)}`,
    title: `Conversation ${at}`,
    user_id: `user-${at % 100}`,
    updated_at,
    tags: [`topic-${at % 7}`, `year-${at % 13}`],
    archived: at % 10 === 0,
  };
}

function measure(name: string, work: (at: number) => unknown, repetitions = 200): void {
  const started = performance.now();
  work(0);
  const first = performance.now() - started;
  const times = Array.from({ length: repetitions }, (_, at) => {
    const from = performance.now();
    work(at + 1);
    return performance.now() - from;
  }).sort((a, b) => a - b);
  const [median, p99] = [0.5, 0.99].map((share) => (times[Math.floor(repetitions * share)] ?? 0).toFixed(4));
  console.log(`${name.padEnd(44)} first ${first.toFixed(2).padStart(8)}   median ${median}   p99 ${p99}`);
}

/** As a store does it: rows of the ids, checked where the plan asks for it, until there are enough. */
function take(plan: Plan, passes: (row: PlainRecord) => boolean, limit: number): PlainRecord[] {
  const found: PlainRecord[] = [];
  for (const id of plan.ids()) {
    const row = rows.get(id);
    if (row && (plan.exact || passes(row)) && found.push(row) === limit) break;
  }
  return found;
}

for (let at = 0; at < count; at++) {
  const row = makeRow(at);
  rows.set(String(row['id']), row);
}
const set = createIndexSet(rows);
globalThis.gc?.();
const heapBefore = process.memoryUsage().heapUsed;
for (const fields of [{ updated_at: -1 }, { user_id: 1 }, { tags: 1 }, { user_id: 1, updated_at: -1 }] as const) {
  set.define({ fields });
}
const everything = (): boolean => true;
const unarchived = compileFilter({ archived: false });
const archived = compileFilter({ archived: true });

measure('newest 50', () => take(set.plan({}, { updated_at: -1 }, 50), everything, 50));
measure('newest 50 that are not archived', () =>
  take(set.plan({ archived: false }, { updated_at: -1 }, 50), unarchived, 50),
);
measure('all of a user, 1 % of the rows', () => take(set.plan({ user_id: 'user-7' }), everything, count));
measure('newest 50 of a user', () => take(set.plan({ user_id: 'user-7' }, { updated_at: -1 }, 50), everything, 50));
measure('all with a tag, 14 % of the rows', () => take(set.plan({ tags: 'topic-3' }), everything, count), 20);
measure('one by id', () => take(set.plan({ id: '0199' }), everything, 1));
measure('scan for 10 % of the rows', () => take(set.plan({ archived: true }), archived, count), 20);

globalThis.gc?.();
const bytes = (process.memoryUsage().heapUsed - heapBefore) / count;
console.log(
  `memory of four indexes: ${bytes.toFixed(0)} bytes a row${globalThis.gc ? '' : ' (start with --expose-gc)'}`,
);

measure('check and put a new row', (at) => {
  const row = makeRow(count + at);
  const id = String(row['id']);
  set.conflict(id, row);
  set.put(id, undefined, row);
  rows.set(id, row);
});
const ids = [...rows.keys()];
measure('check and put a row with a new date', (at) => {
  const id = ids[at * 37] ?? '';
  const before = rows.get(id);
  const row = { ...before, updated_at: new Date(1.7e12 + Math.floor(random() * 3.15e10)).toISOString() };
  set.conflict(id, row);
  set.put(id, before, row);
  rows.set(id, row);
});
