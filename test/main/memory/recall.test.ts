import { expect, test } from 'vitest';
import { PERSON, OPEN } from '../../../main/memory/constraints.ts';
import { createRecallIndex, type KnownMemory, tokensOf } from '../../../main/memory/recall.ts';
import { DAY_MS } from '../../../main/memory/rules.ts';

const now = Date.parse('2026-02-21T09:00:00.000Z');
const daysAgo = (days: number): string => new Date(now - days * DAY_MS).toISOString();

function memory(id: string, text: string, fields: Partial<KnownMemory> = {}): KnownMemory {
  return { id, type: 'USER_FACT', text, confidence: 0.85, created_at: daysAgo(1), updated_at: daysAgo(1), ...fields };
}
function indexOf(...memories: readonly KnownMemory[]) {
  const index = createRecallIndex();
  for (const each of memories) index.put(each);
  return index;
}
const ask = (query: string, fields = {}) => ({ query, budget: 100, atMs: now, ...fields });

test('what fits the words of the query comes first, and only that', () => {
  const index = indexOf(
    memory('tea', 'Prefers green tea in the morning'),
    memory('coffee', 'Dislikes coffee'),
    memory('both', 'Drinks tea, and coffee with guests'),
  );
  const { picks } = index.recall(ask('Which tea in the morning?'));
  expect(picks.map(({ id }) => id)).toEqual(['tea', 'both']);
  expect(picks[0]?.matched).toEqual(['tea', 'morn']);
  expect(picks[0]?.score).toBeCloseTo(
    (picks[0]?.relevance ?? 0) * (picks[0]?.confidence ?? 0) * (picks[0]?.recency ?? 0),
    12,
  );
  expect(index.recall(ask('snowboarding')).picks).toEqual([]);
});

test('of two that fit alike, the better believed and the fresher one wins', () => {
  const { picks } = indexOf(
    memory('old', 'Likes trains', { confirmation_count: 9, created_at: daysAgo(30) }),
    memory('doubted', 'Likes trains', { contradiction_count: 1 }),
    memory('fresh', 'Likes trains'),
  ).recall(ask('trains'));
  expect(picks.map(({ id }) => id)).toEqual(['fresh', 'old', 'doubted']);
});

test('the budget is never exceeded, and a short memory takes the room that a long one has not', () => {
  const index = indexOf(
    memory('long', `Likes trains, trains and trains, ${'and many other things '.repeat(20)}`),
    memory('short', 'Rides trains'),
    memory('other', 'Collects model trains'),
  );
  const { picks, tokens, left_out } = index.recall(ask('trains', { budget: tokensOf('Rides trains') + 1 }));
  expect(picks.map(({ id }) => id)).toEqual(['short']);
  expect(tokens).toBe(tokensOf('Rides trains'));
  expect(left_out).toBe(2);
});

test('dormant, proposed, rejected and forgotten ones are not given', () => {
  const index = indexOf(
    memory('faded', 'Likes trains', { created_at: daysAgo(90) }),
    memory('proposed', 'Likes trains', { state: 'proposed' }),
    memory('rejected', 'Likes trains', { state: 'rejected' }),
    memory('forgotten', 'Likes trains', { state: 'forgotten' }),
  );
  expect(index.recall(ask('trains')).picks).toEqual([]);
});

test('the constraints and the audience decide who gets what, and why not is said', () => {
  const index = indexOf(
    memory('team', 'Likes trains'),
    memory('device', 'Likes trains', { scope: 'device' }),
    memory('private', 'Likes trains', { scope: 'private' }),
    memory('pattern', 'Likes trains', { type: 'USER_PATTERN' }),
    memory('past', 'Likes trains', { created_at: daysAgo(20) }),
  );
  const given = (constraints: object, audience: object = PERSON) => {
    const { picks, withheld } = index.recall(ask('trains', { constraints: { ...OPEN, ...constraints }, audience }));
    return [picks.map(({ id }) => id).sort(), withheld];
  };
  expect(given({})).toEqual([['device', 'past', 'pattern', 'private', 'team'], {}]);
  expect(given({ memory_enabled: false })).toEqual([[], { 'memory_enabled is off': 5 }]);
  expect(given({ learn_patterns: false })).toEqual([
    ['device', 'past', 'private', 'team'],
    { 'learn_patterns is off': 1 },
  ]);
  expect(given({ delete_after_days: 10 })).toEqual([
    ['device', 'pattern', 'private', 'team'],
    { 'delete_after_days is over': 1 },
  ]);
  expect(given({}, { kind: 'team' })).toEqual([
    ['past', 'pattern', 'team'],
    { 'its scope is device': 1, 'its scope is private': 1 },
  ]);
  expect(given({ share_with: ['bot'] }, { kind: 'program', name: 'bot' })[0]).toEqual([
    'device',
    'past',
    'pattern',
    'team',
  ]);
  expect(given({}, { kind: 'program', name: 'bot' })[0]).toEqual([]);
});

test('anonymize_dates gives months instead of days', () => {
  const index = indexOf(
    memory('a', 'Moved house on 14 May 2019, signed 2019-05-02', { last_confirmed_at: daysAgo(2) }),
  );
  const [pick] = index.recall(ask('house', { constraints: { ...OPEN, anonymize_dates: true } })).picks;
  expect(pick).toMatchObject({ text: 'Moved house on May 2019, signed 2019-05', last_confirmed_at: '2026-02' });
});

test('what was removed or changed is recalled as it is now', () => {
  const index = indexOf(memory('a', 'Likes trains'), memory('b', 'Likes trains'));
  index.put(memory('a', 'Likes planes'));
  index.remove('b');
  expect(index.recall(ask('trains')).picks).toEqual([]);
  expect(index.recall(ask('planes')).picks).toMatchObject([{ id: 'a' }]);
  expect(index.size).toBe(1);
});
