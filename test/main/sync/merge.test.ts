import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import { bodyOf, type StoredRecord } from '../../../main/records/stored-record.ts';
import { merge, type Merge, type MergeSides } from '../../../main/sync/merge.ts';
import { definitionOf, memory, T0, versionMaker } from './versions.ts';

const [alice, bob] = [versionMaker('a', { now: () => T0 }), versionMaker('b', { now: () => T0 + 1000 })];

function sidesOf(
  base: object | null,
  mine: object,
  theirs: object,
  collection: CollectionName = 'memories',
): MergeSides {
  const root = base && alice.version(collection, 'm1', { ...base });
  return {
    base: root,
    mine: alice.version(collection, 'm1', { ...mine }, root?._meta),
    theirs: bob.version(collection, 'm1', { ...theirs }, root?._meta),
  };
}
const joined = (sides: MergeSides, collection: CollectionName = 'memories'): Merge =>
  merge(definitionOf(collection), sides);
function contentOf({ outcome }: Merge, { mine, theirs }: MergeSides): Record<string, unknown> {
  const record = outcome === 'mine' ? bodyOf(mine) : outcome === 'theirs' ? bodyOf(theirs) : outcome.body;
  const { created_at: _, updated_at: __, ...content } = record as Record<string, unknown>;
  return content;
}

test('edits of different fields are both kept, without a word', () => {
  const sides = sidesOf(memory('x', { tenant: 't' }), memory('y', { tenant: 't' }), memory('x', { tenant: 'u' }));
  const result = joined(sides);
  expect(contentOf(result, sides)).toMatchObject({ text: 'y', tenant: 'u' });
  expect(result.clash).toBeNull();
});

test('of two edits of one field the later is shown and the other is named', () => {
  const sides = sidesOf(memory('x'), memory('y'), memory('z'));
  const result = joined(sides);
  expect(contentOf(result, sides)).toMatchObject({ text: 'z' });
  expect(result.clash).toEqual({ reason: 'field-clash', loser: 'mine', fields: ['text'] });
});

test('an edit beats a deletion, which is told of', () => {
  const base = alice.version('memories', 'm1', memory('x'));
  const mine = alice.tombstone('memories', base);
  const theirs = bob.version('memories', 'm1', memory('y'), base._meta);
  expect(joined({ base, mine, theirs })).toEqual({
    outcome: 'theirs',
    clash: { reason: 'delete-overridden', loser: 'mine', fields: ['text'] },
  });
});

test('elements are added and removed one by one, and counters add up', () => {
  const base = memory('x', { merged_from: ['a', 'b'], recall_count: 5 });
  const mine = memory('x', { merged_from: ['b', 'c'], recall_count: 7 });
  const theirs = memory('x', { merged_from: ['a', 'b', 'd'], recall_count: 6 });
  const sides = sidesOf(base, mine, theirs);
  const result = joined(sides);
  expect(contentOf(result, sides)).toMatchObject({ merged_from: ['b', 'c', 'd'], recall_count: 8 });
  expect(result.clash).toBeNull();
});

test('two sides that counted the same have counted twice', () => {
  for (const [mine, theirs, sum] of [
    [1, 1, 2],
    [1, 2, 3],
  ]) {
    const sides = sidesOf(memory('x'), memory('x', { recall_count: mine }), memory('x', { recall_count: theirs }));
    expect(contentOf(joined(sides), sides)['recall_count']).toBe(sum);
  }
});

test('of two confirmations without each other the later one’s time stands, and nothing clashes', () => {
  const base = memory('x', { last_confirmed_at: '2026-01-01T00:00:00.000Z', confirmation_count: 1 });
  const mine = memory('x', { last_confirmed_at: '2026-03-02T00:00:00.000Z', confirmation_count: 2 });
  const theirs = memory('x', {
    last_confirmed_at: '2026-03-01T00:00:00.000Z',
    confirmation_count: 2,
    last_recalled_at: null,
  });
  for (const sides of [sidesOf(base, mine, theirs), sidesOf(base, theirs, mine)]) {
    const result = joined(sides);
    expect(contentOf(result, sides)).toMatchObject({
      last_confirmed_at: '2026-03-02T00:00:00.000Z',
      confirmation_count: 3,
    });
    expect(result.clash).toBeNull();
  }
});

test('what was forgotten stays forgotten, and leaves no trace of the other side', () => {
  const forgotten = memory('(forgotten)', { state: 'forgotten' });
  const sides = sidesOf(memory('x'), forgotten, memory('x, and more'));
  expect(joined(sides)).toEqual({ outcome: 'mine', clash: null });
  const restored = sidesOf(forgotten, memory('back', { state: 'active' }), { ...forgotten, tenant: 't' });
  expect(contentOf(joined(restored), restored)).toMatchObject({ state: 'active', text: 'back', tenant: 't' });
});

test('an event without content wins over one that has it, whatever is known of before, and tells nothing of it', () => {
  const log = { replica: 'r', event_sequence: 1, entity_key: 'memories/m1', hash: 'a' };
  const whole = { ...log, after: { text: 'x' }, salt: 's' };
  const emptied = { ...log, redacted: true };
  for (const base of [null, whole, { ...whole, salt: 't' }, { ...emptied, hash: 'b' }]) {
    for (const [mine, theirs, outcome] of [
      [emptied, { ...whole, why: 'y' }, 'mine'],
      [{ ...whole, why: 'y' }, emptied, 'theirs'],
    ] as const)
      expect(joined(sidesOf(base, mine, theirs, 'memory_events'), 'memory_events')).toEqual({ outcome, clash: null });
  }
});

test('a deletion beside what was forgotten is told of by nobody: the tombstone of a memory stays, a sealed event goes', () => {
  const base = alice.version('memories', 'm1', memory('x'));
  const forgotten = bob.version('memories', 'm1', memory('(forgotten)', { state: 'forgotten' }), base._meta);
  const deleted = alice.tombstone('memories', base);
  expect(joined({ base, mine: deleted, theirs: forgotten })).toEqual({ outcome: 'theirs', clash: null });
  const event = alice.version('memory_events', 'm1', { replica: 'r', after: { text: 'x' } });
  const emptied = bob.version('memory_events', 'm1', { replica: 'r', redacted: true }, event._meta);
  const sealed = alice.tombstone('memory_events', event);
  const sides = { base: event, mine: sealed, theirs: emptied };
  expect(joined(sides, 'memory_events')).toEqual({ outcome: 'mine', clash: null });
});

test('a record that never changes and yet differs keeps its first content, and the other is set aside whole', () => {
  const log = { replica: 'r', event_sequence: 1, entity_key: 'memories/m1' };
  const sides = sidesOf(null, { ...log, hash: 'a' }, { ...log, hash: 'b' }, 'memory_events');
  expect(joined(sides, 'memory_events')).toEqual({
    outcome: 'mine',
    clash: { reason: 'integrity', loser: 'theirs', fields: ['hash'] },
  });
});

test('where two valid records make an invalid one, one is taken whole', () => {
  const sides = sidesOf(
    memory('x', { confirmation_count: 5 }),
    memory('y', { confirmation_count: 1 }),
    memory('x', { confirmation_count: 4 }),
  );
  const result = joined(sides);
  expect(result.outcome).toBe('theirs');
  expect(result.clash).toEqual({ reason: 'field-clash', loser: 'mine', fields: ['confirmation_count', 'text'] });
});

// Laws (reliability.md §3.5)

const value = fc.oneof(
  fc.constantFrom('x', 'y', 'z', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'),
  fc.integer({ min: 0, max: 3 }),
  fc.constant(null),
  fc.array(fc.constantFrom('p', 'q', 'r'), { maxLength: 3 }),
);
const fields = fc.dictionary(
  fc.constantFrom('tenant', 'domain', 'recall_count', 'last_recalled_at', 'merged_from', 'other', 'text', 'scope'),
  value,
);
const bodies = fields.map((extra) => memory('text', extra));
const stamps = fc.nat({ max: 5 });

const versions = fc
  .record({
    base: fc.option(bodies),
    mine: bodies,
    theirs: bodies,
    a: stamps,
    b: stamps,
    mineGone: fc.boolean(),
    theirsGone: fc.boolean(),
  })
  .map(({ base, mine, theirs, a, b, mineGone, theirsGone }): MergeSides => {
    const root = base && versionMaker('c').version('memories', 'm1', base);
    const [one, two] = [versionMaker('a', { now: () => T0 + a }), versionMaker('b', { now: () => T0 + b })];
    const edited = {
      mine: one.version('memories', 'm1', mine, root?._meta),
      theirs: two.version('memories', 'm1', theirs, root?._meta),
    };
    return {
      base: root,
      mine: mineGone ? one.tombstone('memories', edited.mine) : edited.mine,
      theirs: theirsGone ? two.tombstone('memories', edited.theirs) : edited.theirs,
    };
  });

test('law: merging is the same whichever side is called mine', () => {
  fc.assert(
    fc.property(versions, ({ base, mine, theirs }) => {
      const [here, there] = [
        { base, mine, theirs },
        { base, mine: theirs, theirs: mine },
      ];
      const [one, two] = [joined(here), joined(there)];
      expect(contentOf(one, here)).toEqual(contentOf(two, there));
      expect(one.clash?.fields).toEqual(two.clash?.fields);
      if (one.clash !== null) expect(two.clash?.loser).toBe(one.clash.loser === 'mine' ? 'theirs' : 'mine');
    }),
    { numRuns: 500 },
  );
});

test('law: a side that has not changed gives way, and a side merged with itself is itself', () => {
  fc.assert(
    fc.property(versions, ({ base, mine, theirs }) => {
      expect(joined({ base, mine, theirs: mine })).toEqual({ outcome: 'theirs', clash: null });
      if (base === null) return;
      expect(joined({ base, mine: base, theirs }).outcome).toBe('theirs');
      const sides = { base, mine, theirs: base };
      expect(contentOf(joined(sides), sides)).toEqual(contentOf({ outcome: 'mine', clash: null }, sides));
    }),
    { numRuns: 500 },
  );
});

test('law: every value of either side is shown, named by the clash, or superseded by the other side alone', () => {
  fc.assert(
    fc.property(versions, (sides) => {
      const { base, mine, theirs } = sides;
      const result = joined(sides);
      const shown = contentOf(result, sides);
      const isKept = (side: StoredRecord, other: StoredRecord, name: string): boolean =>
        JSON.stringify(shown[name]) === JSON.stringify(side[name]) ||
        (result.clash?.fields.includes(name) ?? false) ||
        (base !== null && JSON.stringify(base[name]) === JSON.stringify(side[name])) ||
        // Of lists and counters the changes are joined.
        ['merged_from', 'recall_count', 'last_recalled_at', 'created_at', 'updated_at'].includes(name) ||
        (other._meta.del === true && side._meta.del === true);
      for (const [side, other] of [
        [mine, theirs],
        [theirs, mine],
      ] as const) {
        if (side._meta.del) continue;
        for (const name of Object.keys(bodyOf(side))) expect([name, isKept(side, other, name)]).toEqual([name, true]);
      }
    }),
    { numRuns: 500 },
  );
});

test('law: it never throws, whatever the values are', () => {
  const anything = fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<unknown>, { maxKeys: 6 });
  fc.assert(
    fc.property(
      fc.option(anything),
      anything,
      anything,
      fc.constantFrom('memories', 'messages', 'memory_events', 'conversations'),
      (base, mine, theirs, collection) => {
        const sides = sidesOf(base, mine, theirs, collection);
        expect(() => joined(sides, collection)).not.toThrow();
      },
    ),
    { numRuns: 500 },
  );
});
