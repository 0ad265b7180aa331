import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs, jittered } from '../../../main/sync/backoff.ts';
import { baseOf } from '../../../main/sync/base.ts';
import { judgeMissing } from '../../../main/sync/missing.ts';
import { negotiate, newState, newStore } from '../../../main/sync/negotiate.ts';
import { allDue, isWaiting, entryOf, quarantined, released } from '../../../main/sync/quarantine.ts';
import { createRemovalGuard } from '../../../main/sync/removal-guard.ts';
import { resolutionOf } from '../../../main/sync/resolve.ts';
import { definitionOf, memory, T0, versionMaker } from './versions.ts';

const DAY_MS = 86_400_000;

test('waiting doubles up to five minutes, at random below that, and after eight failures is a probe', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, r) => {
      const ms = backoffMs(failures, () => r);
      if (failures < 8) expect(ms).toBeLessThanOrEqual(Math.min(300_000, 1000 * 2 ** (failures - 1)));
      else expect(Math.abs(ms - 300_000)).toBeLessThanOrEqual(75_000);
    }),
  );
  expect(jittered(1000, () => 0)).toBe(750);
  expect(jittered(1000, () => 0.5)).toBe(1000);
});

test('what the server does not have is lost, swept up, expired, or nothing', () => {
  const maker = versionMaker('r');
  const record = maker.version('memories', 'm1', memory('x'));
  const gone = maker.tombstone('memories', record);
  const edited = maker.version('memories', 'm1', memory('y'), record._meta);
  const definition = definitionOf('memories');
  const recent = { last_full_sync_at: new Date(T0 - DAY_MS).toISOString() };
  const long = { last_full_sync_at: new Date(T0 - 200 * DAY_MS).toISOString() };
  const of = (local: typeof record | null, base: typeof record | null) => ({
    local,
    base: base && baseOf(base),
    baseRecord: null,
  });
  expect(judgeMissing(definition, of(record, null), recent, T0)).toBe('nothing');
  expect(judgeMissing(definition, of(record, record), recent, T0)).toBe('lost');
  expect(judgeMissing(definition, of(record, record), long, T0)).toBe('gone');
  expect(judgeMissing(definition, of(edited, record), long, T0)).toBe('lost');
  expect(judgeMissing(definition, of(gone, gone), recent, T0)).toBe('gone');
  expect(judgeMissing(definition, of(null, record), recent, T0)).toBe('forget');
  const snapshot = maker.version('runtime_snapshots', 's1', { created_at: new Date(T0 - 31 * DAY_MS).toISOString() });
  expect(judgeMissing(definitionOf('runtime_snapshots'), of(snapshot, snapshot), recent, T0)).toBe('gone');
});

test('more than twenty and more than a fifth within an hour are too many', () => {
  let now = T0;
  const guard = createRemovalGuard({ now: () => now });
  expect(guard.tooMany('memories', 20, 25)).toBeNull();
  expect(guard.tooMany('memories', 21, 200)).toBeNull();
  expect(guard.tooMany('memories', 21, 100)).toBe(21);
  guard.note('memories', 15);
  expect(guard.tooMany('memories', 10, 85)).toBe(25);
  expect(guard.tooMany('messages', 10, 85)).toBeNull();
  now += 3_600_001;
  expect(guard.tooMany('memories', 10, 85)).toBeNull();
});

test('what was set aside waits longer each time, and comes back by a new rev, or when asked', () => {
  const poison = { collection: 'memories', id: 'm1', rev: '1-a', side: 'local', reason: 'bad' } as const;
  const once = quarantined([], poison, T0);
  expect(isWaiting(entryOf(once, poison), '1-a', T0 + 1)).toBe(true);
  expect(isWaiting(entryOf(once, poison), '2-b', T0 + 1)).toBe(false);
  const twice = quarantined(once, poison, T0 + 3_600_000);
  expect(twice).toMatchObject([{ tries: 2, first_seen: new Date(T0).toISOString() }]);
  expect(isWaiting(entryOf(twice, poison), '1-a', T0 + 2 * 3_600_000)).toBe(true);
  expect(isWaiting(entryOf(allDue(twice), poison), '1-a', T0 + 1)).toBe(false);
  expect(released(twice, [poison])).toEqual([]);
  expect(released(twice, [{ collection: 'memories', id: 'm2' }])).toBe(twice);
});

test('a database of another identity, epoch or protocol is told apart', () => {
  const store = newStore('s1');
  const state = newState(store);
  expect(negotiate(state, store)).toEqual({ kind: 'fine', readOnly: [], hidden: [] });
  expect(negotiate(state, { ...store, epoch: 2 }).kind).toBe('new-epoch');
  expect(negotiate(state, { ...store, store_id: 's2' }).kind).toBe('other-store');
  expect(negotiate(state, { ...store, protocol: { min: 2, cur: 2 } }).kind).toBe('incompatible');
  const newer = {
    ...store,
    collections: {
      memories: { sv: 9, min_reader: 1, min_writer: 9 },
      messages: { sv: 9, min_reader: 9, min_writer: 9 },
    },
  };
  expect(negotiate(state, newer)).toEqual({ kind: 'fine', readOnly: ['messages', 'memories'], hidden: ['messages'] });
});

test('a conflict is resolved by an ordinary edit of the fields that clash', () => {
  const conflict = {
    reason: 'field-clash',
    fields: ['text', 'domain'],
    base: { text: 'x' },
    mine: { text: 'y', domain: 'd' },
    theirs: { text: 'z' },
  } as const;
  const given = { ...conflict, fields: [...conflict.fields] };
  const current = { id: 'm1', created_at: '', updated_at: '', text: 'z', tenant: 't' };
  expect(resolutionOf(given, 'mine', current)).toEqual({ kind: 'update', set: { text: 'y', domain: 'd' }, unset: [] });
  expect(resolutionOf(given, 'theirs', current)).toEqual({ kind: 'nothing' });
  expect(resolutionOf(given, 'theirs', { ...current, domain: 'd' })).toEqual({
    kind: 'update',
    set: {},
    unset: ['domain'],
  });
  expect(resolutionOf(given, 'base', current)).toEqual({ kind: 'update', set: { text: 'x' }, unset: [] });
  expect(resolutionOf(given, 'mine', null)).toEqual({ kind: 'impossible' });
  const deleted = { ...given, reason: 'delete-overridden', mine: null } as const;
  expect(resolutionOf(deleted, 'mine', current)).toEqual({ kind: 'delete' });
});
