import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHybridClock } from '../../../main/lib/hlc.ts';
import { cleanRecord } from '../../../main/records/json-guard.ts';
import { createStamper, isIntact } from '../../../main/records/meta.ts';
import { stampInsert, stampUpdate } from '../../../main/records/stamp.ts';
import { conversations } from '../../../shared/collections/conversations.ts';
import { messages } from '../../../shared/collections/messages.ts';
import { tickingClock } from '../../contracts/store-contract.ts';

const now = '2026-03-01T10:00:00.000Z';
const mint = { id: () => 'minted', now };

test('an insert is filled in: id, both dates, defaults; id first', () => {
  const body = stampInsert(conversations, { title: 'x' }, mint);
  expect(body).toEqual({
    id: 'minted',
    title: 'x',
    kind: 'chat',
    tags: [],
    pinned: false,
    archived: false,
    created_at: now,
    updated_at: now,
  });
  expect(Object.keys(body)[0]).toBe('id');
  expect(stampInsert(conversations, { created_at: '2020-01-01T00:00:00Z' }, mint).updated_at).toBe(
    '2020-01-01T00:00:00Z',
  );
});

test('a Date becomes ISO text, -0 becomes 0, undefined members vanish', () => {
  const context = { when: new Date(0), zero: -0, gone: undefined, list: [undefined, new Date(1)] };
  expect(stampInsert(conversations, { context }, mint)['context']).toEqual({
    when: '1970-01-01T00:00:00.000Z',
    zero: 0,
    list: [null, '1970-01-01T00:00:00.001Z'],
  });
});

test('the draft is never changed, and the record shares nothing with it', () => {
  const draft = Object.freeze({ tags: ['a'], context: { deep: { x: 1 } } });
  const body = stampInsert(conversations, draft, mint);
  draft.tags.push('b');
  draft.context.deep.x = 2;
  expect(body).toMatchObject({ tags: ['a'], context: { deep: { x: 1 } } });
});

for (const [what, value] of [
  ['depth 65', Array.from({ length: 65 }).reduce<unknown>((inside) => ({ a: inside }), 1)],
  ['a string over 4 MB', 'x'.repeat(4 * 1024 * 1024 + 1)],
  ['more than 8 MB in all', Array.from({ length: 3 }, () => 'x'.repeat(3_000_000))],
  ['more than 10,000 keys', Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`k${at}`, at]))],
  ['a function', () => 1],
  ['a bigint', 1n],
  ['a class instance', new Map()],
  ['_bsontype', { _bsontype: 'ObjectId' }],
  ['a name with NUL', { 'a\0b': 1 }],
] as const) {
  test(`a record with ${what} is refused, naming the place`, () => {
    expect(() => cleanRecord({ outer: value })).toThrow(
      expect.objectContaining({
        code: 'BAD_RECORD',
        details: { field: expect.stringMatching(/^(outer.*)?$/) as string },
      }),
    );
  });
}

test('any plain JSON that is accepted comes back equal after a round trip, and nothing reaches a prototype', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      let cleaned: Record<string, unknown>;
      try {
        cleaned = cleanRecord(value);
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_RECORD' });
        return;
      }
      expect(JSON.parse(JSON.stringify(cleaned))).toEqual(cleaned);
      expect(cleanRecord(cleaned)).toEqual(cleaned);
    }),
    { numRuns: 1000 },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('an update bumps updated_at unless it names it, and is nothing when nothing differs', () => {
  const before = stampInsert(conversations, { title: 'x' }, mint);
  const later = '2026-03-02T00:00:00.000Z';
  const change = (fields: object, update = { $set: fields }) =>
    stampUpdate(conversations, before, { ...before, ...fields }, update, later);
  expect(change({ title: 'y' })).toEqual({ ...before, title: 'y', updated_at: later });
  expect(change({ title: 'y', updated_at: now })).toEqual({ ...before, title: 'y', updated_at: now });
  expect(change({ title: 'x' })).toBeNull();
  // Taking away a field with a default gives the default back.
  const { tags: _, ...withoutTags } = before;
  expect(stampUpdate(conversations, before, withoutTags, { $unset: { tags: '' } }, later)).toBeNull();
});

test('what never changes: id, created_at, and the stream of a log', () => {
  const before = stampInsert(messages, { conversation_id: 'c', role: 'user', content: '' }, mint);
  for (const $set of [{ id: 'z' }, { created_at: '2020-01-01T00:00:00.000Z' }, { conversation_id: 'd' }]) {
    expect(() => stampUpdate(messages, before, { ...before, ...$set }, { $set }, now)).toThrow(
      expect.objectContaining({ code: 'BAD_UPDATE', details: { field: Object.keys($set)[0] } }),
    );
  }
});

test('revisions chain: each names its ancestors, newest first, at most 20', () => {
  const clock = tickingClock();
  const stamper = createStamper(createHybridClock(clock, 'r1'), 'r1');
  const body = stampInsert(conversations, { title: '0' }, mint);
  let record = stamper.stamp(conversations, body);
  const revs = [record._meta.rev];
  for (let gen = 2; gen <= 25; gen += 1) {
    record = stamper.stamp(conversations, { ...body, title: `${gen}` }, record._meta);
    expect(record._meta).toMatchObject({ gen, anc: revs.slice(0, 20), by: { replica: 'r1' } });
    revs.unshift(record._meta.rev);
  }
  expect(new Set(revs).size).toBe(25);
  for (const rev of revs) expect(rev).toMatch(/^\d+-[a-z2-7]{26}$/);
});

test('two versions that are alike but for their stamp, or for who made them, are two', () => {
  const body = stampInsert(conversations, { title: 'x' }, mint);
  const clock = createHybridClock(tickingClock(), 'r1');
  const mine = createStamper(clock, 'r1').stamp(conversations, body);
  const later = createStamper(clock, 'r1').stamp(conversations, body);
  const other = { next: () => mine._meta.hlc, observe: () => undefined, resume: () => undefined };
  const theirs = createStamper(other, 'r2').stamp(conversations, body);
  expect(later).toMatchObject({
    title: mine.title,
    updated_at: mine.updated_at,
    _meta: { gen: 1, by: { replica: 'r1' } },
  });
  expect(new Set([mine, later, theirs].map(({ _meta }) => _meta.rev)).size).toBe(3);
});

test('the checksum fits the record as written, whatever the order of its keys, and nothing else', () => {
  const stamper = createStamper(createHybridClock(tickingClock(), 'r1'), 'r1');
  const record = stamper.stamp(
    conversations,
    stampInsert(conversations, { title: 'x', context: { a: 1, b: 2 } }, mint),
  );
  const shuffled = Object.fromEntries(Object.entries(record).toReversed()) as typeof record;
  expect([isIntact(record), isIntact(shuffled)]).toEqual([true, true]);
  expect(isIntact({ ...record, title: 'y' })).toBe(false);
  expect(isIntact({ ...record, _meta: { ...record._meta, gen: 2 } })).toBe(false);
});
