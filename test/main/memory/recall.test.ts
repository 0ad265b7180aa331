import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confidenceAt, fadingOf, stateAt } from '../../../main/memory/confidence.ts';
import { PERSON, OPEN } from '../../../main/memory/constraints.ts';
import { createRecallIndex, type KnownMemory, recencyOf, tokensOf } from '../../../main/memory/recall.ts';
import { DAY_MS } from '../../../main/memory/rules.ts';
import { keywords } from '../../../main/memory/text/normalise.ts';

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
  expect(picks[0]?.matched).toEqual(['tea', 'morning']);
  expect(picks[0]?.score).toBeCloseTo(
    (picks[0]?.relevance ?? 0) * (picks[0]?.confidence ?? 0) * (picks[0]?.recency ?? 0),
    12,
  );
  expect(index.recall(ask('snowboarding')).picks).toEqual([]);
});

test('words of which questions are made find nothing, unless there are no others', () => {
  const index = indexOf(memory('diary', 'Does not keep a diary; will do'), memory('trains', 'Likes trains'));
  const found = (query: string) => index.recall(ask(query)).picks.map(({ id, matched }) => [id, ...matched]);
  expect(found('Where do I take Trains, and how would a train go?')).toEqual([['trains', 'trains']]);
  expect(found('How to do?')).toEqual([['diary', 'do']]);
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

/** BM25 as the books have it, over all memories, with a sort of all: what the index has to equal. */
function plainly(memories: readonly KnownMemory[], query: string, budget: number) {
  const texts = memories.map((each) => ({ each, words: keywords(each.text) }));
  const mean = texts.reduce((sum, { words }) => sum + words.length, 0) / Math.max(1, texts.length);
  const scored = texts.flatMap(({ each, words }) => {
    let relevance = 0;
    for (const word of new Set(keywords(query))) {
      const having = texts.filter((other) => other.words.includes(word)).length;
      const count = words.filter((other) => other === word).length;
      const rarity = Math.log(1 + (texts.length - having + 0.5) / (having + 0.5));
      if (count > 0) relevance += (rarity * count * 2.2) / (count + 1.2 * (0.5 + (0.5 * words.length) / mean));
    }
    const score = relevance * confidenceAt(each, now) * recencyOf(fadingOf(each), now);
    return relevance > 0 && stateAt(each, now) === 'active' ? [{ each, score }] : [];
  });
  let room = budget;
  return scored
    .sort((a, b) => b.score - a.score || (a.each.id < b.each.id ? -1 : 1))
    .filter(({ each }) => {
      const fits = tokensOf(each.text) <= room;
      if (fits) room -= tokensOf(each.text);
      return fits;
    })
    .map(({ each, score }) => [each.id, score.toFixed(9)]);
}

const someWords = fc.array(fc.constantFrom('tea', 'oslo', 'trains', 'violin', 'snow', 'rust'), {
  minLength: 1,
  maxLength: 6,
});

test('whatever was put in, changed and removed, it picks what computing all would pick', () => {
  const anyChange = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    text: fc.option(someWords, { nil: null }),
    days: fc.integer({ min: -5, max: 70 }),
    // Ten thousandths, so that no two scores differ by rounding alone.
    confidence: fc.integer({ min: 6000, max: 10_000 }).map((number) => number / 10_000),
  });
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 30 }), someWords, fc.nat(30), (changes, query, budget) => {
      const index = createRecallIndex();
      const there = new Map<string, KnownMemory>();
      for (const { id, text, days, confidence } of changes) {
        const next = memory(id, (text ?? []).join(' '), { created_at: daysAgo(days), confidence });
        if (text === null) index.remove(id);
        else index.put(next);
        if (text === null) there.delete(id);
        else there.set(id, next);
      }
      const { picks, tokens } = index.recall(ask(query.join(' '), { budget }));
      expect(picks.map(({ id, score }) => [id, score.toFixed(9)])).toEqual(
        plainly([...there.values()], query.join(' '), budget),
      );
      expect(tokens).toBeLessThanOrEqual(budget);
      expect(index.size).toBe(there.size);
    }),
    { numRuns: 500 },
  );
});
