import { expect, test } from 'vitest';
import type { DigestLevel, Lanes, LocalState } from '../../../main/sync/ports.ts';
import { parityDays } from '../../../main/team/days.ts';

const lanes = (n: number, sum: number): Lanes => ({ n, sums: [sum, sum, sum, sum, sum] });

/** One side's digests of conversations, made of its days; months add them up. */
function side(days: Readonly<Record<string, Lanes>>) {
  const asked: DigestLevel[] = [];
  return {
    asked,
    digest: async (collection: string, level: DigestLevel): Promise<ReadonlyMap<string, Lanes>> => {
      asked.push(level);
      if (collection !== 'conversations') return new Map();
      if ('month' in level) return new Map(Object.entries(days).filter(([day]) => day.startsWith(level.month)));
      const months = new Map<string, Lanes>();
      for (const [day, { n, sums }] of Object.entries(days)) {
        const before = months.get(day.slice(0, 7)) ?? lanes(0, 0);
        months.set(day.slice(0, 7), lanes(before.n + n, before.sums[0] + sums[0]));
      }
      return months;
    },
  };
}

const here = {
  '2025-12-31': lanes(1, 1),
  '2026-01-05': lanes(2, 7),
  '2026-01-06': lanes(1, 3),
  '2026-02-01': lanes(1, 9),
};
const collections = ['conversations', 'messages'] as const;
const nothingWaits = { dirty: async () => [], read: async () => new Map<string, LocalState>() };

test('a day is equal, differing, or on one side only; months that are equal are not looked into', async () => {
  const there = side({ ...here, '2026-01-06': lanes(1, 4), '2026-01-07': lanes(5, 5) });
  const days = await parityDays({ local: { collections, ...side(here), ...nothingWaits }, remote: there.digest }, 2026);
  expect(days).toEqual([
    { day: '2026-01-05', records: 2, state: 'equal' },
    { day: '2026-01-06', records: 1, state: 'differing' },
    { day: '2026-01-07', records: 5, state: 'differing' },
    { day: '2026-02-01', records: 1, state: 'equal' },
  ]);
  expect(there.asked).not.toContainEqual({ month: '2026-02' });
});

test('while the server is away days are not compared, and what waits is told', async () => {
  const record = { id: 'c', created_at: '2026-03-01T09:00:00.000Z' };
  const waits = {
    dirty: async (collection: string) => (collection === 'messages' ? ['c'] : []),
    // Only what is looked at.
    read: async () => new Map([['c', { local: record, base: null, baseRecord: null } as unknown as LocalState]]),
  };
  const days = await parityDays({ local: { collections, ...side(here), ...waits }, remote: null }, 2026);
  expect(days.map(({ day, state }) => `${day} ${state}`)).toEqual([
    '2026-01-05 unknown',
    '2026-01-06 unknown',
    '2026-02-01 unknown',
    '2026-03-01 waiting',
  ]);
});
