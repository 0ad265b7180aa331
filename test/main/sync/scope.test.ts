import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import { isSameJson } from '../../../main/lib/canonical-json.ts';
import { Rounds } from '../../../main/sync/rounds.ts';
import { type ScopeWish, scopeAt } from '../../../main/sync/scope.ts';
import { FakeVault } from './fake-local.ts';
import { createFakeRemote } from './fake-remote.ts';
import { FakeServer } from './fake-server.ts';

const NOW = Date.parse('2026-06-15T12:00:00.000Z');
const MONTH_MS = 30 * 86_400_000;
const chat = { kind: 'chat', title: 'x', tags: [], pinned: false, archived: false };

/** A vault that has everything, and one with a scope, of one server. Time stands still but for what `later` adds. */
function team() {
  let ms = NOW;
  const clock = { now: () => (ms += 1) };
  const server = new FakeServer(clock.now);
  const deleted: string[] = [];
  server.onCommit = ({ collection, after }) => {
    if (after._meta.del) deleted.push(`${collection}/${after.id}`);
  };
  const wish: { current: ScopeWish | null } = { current: null };
  const machine = (name: string, scope: () => ScopeWish | null) => {
    const vault = new FakeVault(name, clock);
    const parts = { local: vault.port(), remote: createFakeRemote(server), clock };
    return { vault, rounds: new Rounds({ ...parts, scope, limits: { records: 2, bytes: 1e6 }, newId: () => 'store' }) };
  };
  const [all, part] = [machine('all', () => null), machine('part', () => wish.current)];
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 4; round += 1) {
      for (const { rounds } of [all, part]) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        while ((await rounds.once({ digest: true })).again);
      }
    }
  };
  const held = (collection: CollectionName): string[] =>
    [...(part.vault.rows.get(collection) ?? [])]
      .flatMap(([id, { record }]) => (record && !record._meta.del ? [id] : []))
      .sort();
  return { server, wish, all, part, settle, held, deleted, later: (by: number) => void (ms += by) };
}

const at = (monthsAgo: number): string => new Date(NOW - monthsAgo * MONTH_MS).toISOString();

/** A conversation with one message, both of so many months ago. */
function put(vault: FakeVault, id: string, monthsAgo: number, fields: Readonly<Record<string, unknown>> = {}): void {
  vault.edit('conversations', id, { ...chat, ...fields, created_at: at(monthsAgo), updated_at: at(monthsAgo) });
  const message = { conversation_id: id, role: 'user', content: id, created_at: at(monthsAgo) };
  vault.edit('messages', `${id}-1`, message);
}

/** As other programs and years left it: `updated_at` is what it says. */
function putOld(
  server: FakeServer,
  id: string,
  monthsAgo: number,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  const dates = { created_at: at(monthsAgo), updated_at: at(monthsAgo) };
  server.foreignPut('conversations', { id, ...chat, ...fields, ...dates });
  server.foreignPut('messages', { id: `${id}-1`, conversation_id: id, role: 'user', content: id, ...dates });
}

const DAYS: ScopeWish = { days: 30, pinned: true, users: ['ann'] };

test('a vault with a scope has what is recent, pinned, or its user’s, with its messages, and nothing else', async () => {
  const { server, wish, settle, held, part, all } = team();
  wish.current = DAYS;
  putOld(server, 'old', 9);
  putOld(server, 'new', 0);
  putOld(server, 'pinned', 9, { pinned: true });
  putOld(server, 'mine', 9, { user_id: 'ann' });
  putOld(server, 'awake', 9);
  const recent = { created_at: at(0), updated_at: at(0) };
  server.foreignPut('messages', { id: 'awake-2', conversation_id: 'awake', role: 'user', content: 'again', ...recent });
  await settle();
  expect(held('conversations')).toEqual(['awake', 'mine', 'new', 'pinned']);
  expect(held('messages')).toEqual(['awake-1', 'awake-2', 'mine-1', 'new-1', 'pinned-1']);
  expect(all.vault.rows.get('messages')?.size).toBe(6);
  part.rounds.drop();
  all.rounds.drop();
});

test('a conversation that is pinned comes with its messages, and goes when it is not any more; the server keeps all', async () => {
  const { server, wish, settle, held, part, all, deleted } = team();
  wish.current = DAYS;
  putOld(server, 'old', 9);
  await settle();
  expect(held('messages')).toEqual([]);
  server.foreignEdit('conversations', 'old', { pinned: true });
  await settle();
  expect([held('conversations'), held('messages')]).toEqual([['old'], ['old-1']]);
  server.foreignEdit('conversations', 'old', { pinned: false });
  await settle();
  expect([held('conversations'), held('messages'), deleted]).toEqual([[], [], []]);
  expect([server.table('messages').size, all.vault.rows.get('messages')?.size]).toEqual([1, 1]);
  part.rounds.drop();
  all.rounds.drop();
});

test('what waits to be sent does not go', async () => {
  const { server, wish, settle, held, part, all } = team();
  putOld(server, 'old', 9);
  await settle();
  server.validator = () => 'refused';
  part.vault.edit('messages', 'old-1', { content: 'edited here' });
  wish.current = DAYS;
  await settle();
  // The server's conversation is as it was; the message waits.
  expect([held('conversations'), held('messages')]).toEqual([[], ['old-1']]);
  server.validator = () => null;
  part.vault.edit('messages', 'old-1', { content: 'edited here again' });
  await settle();
  expect(server.table('messages').get('old-1')?.doc['content']).toBe('edited here again');
  expect(held('messages')).toEqual([]);
  part.rounds.drop();
  all.rounds.drop();
});

test('a scope moves on with the days', async () => {
  const { server, wish, settle, held, later, part, all } = team();
  wish.current = DAYS;
  putOld(server, 'new', 0);
  await settle();
  expect(held('conversations')).toEqual(['new']);
  later(3 * MONTH_MS);
  await settle();
  expect([held('conversations'), held('messages'), server.table('messages').size]).toEqual([[], [], 1]);
  part.rounds.drop();
  all.rounds.drop();
});

test('scopes begin with a month', () => {
  expect(scopeAt(DAYS, 'r', NOW)).toEqual({ from: '2026-05-01', pinned: true, users: ['ann'], replica: 'r' });
  expect(scopeAt(null, 'r', NOW)).toBeNull();
});

const ids = ['c0', 'c1', 'c2'] as const;
const command = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    id: fc.constantFrom(...ids),
    months: fc.constantFrom(0, 2, 9),
    here: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('old' as const), id: fc.constantFrom(...ids), months: fc.constantFrom(2, 9) }),
  fc.record({ kind: fc.constant('edit' as const), id: fc.constantFrom(...ids), here: fc.boolean() }),
  fc.record({
    kind: fc.constant('pin' as const),
    id: fc.constantFrom(...ids),
    here: fc.boolean(),
    pinned: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('scope' as const),
    wish: fc.constantFrom(null, DAYS, { days: 90, pinned: false, users: [] }),
  }),
  fc.record({ kind: fc.constant('sync' as const), here: fc.boolean(), digest: fc.boolean() }),
  fc.record({ kind: fc.constant('later' as const), months: fc.constantFrom(0.1, 2) }),
);

test('scopes that come and go, in any order with edits on both sides, lose nothing and delete nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
      const { server, wish, all, part, settle, deleted, later } = team();
      const written = new Map<string, string>();
      for (const [at, one] of commands.entries()) {
        const side = 'here' in one && one.here ? part : all;
        if (one.kind === 'put' && side.vault.get('conversations', one.id) === null) put(side.vault, one.id, one.months);
        else if (one.kind === 'old' && !server.table('conversations').has(one.id)) putOld(server, one.id, one.months);
        else if (one.kind === 'edit' && side.vault.get('messages', `${one.id}-1`) !== null) {
          side.vault.edit('messages', `${one.id}-1`, { [one.here ? 'model' : 'author_name']: `v${at}` });
          written.set(`${one.id} ${one.here ? 'model' : 'author_name'}`, `v${at}`);
        } else if (one.kind === 'pin' && side.vault.get('conversations', one.id) !== null) {
          side.vault.edit('conversations', one.id, { pinned: one.pinned });
        } else if (one.kind === 'scope') wish.current = one.wish;
        else if (one.kind === 'sync') {
          await new Promise<void>((resolve) => setImmediate(resolve));
          await side.rounds.once({ digest: one.digest });
        } else if (one.kind === 'later') later(one.months * MONTH_MS);
      }
      await settle();
      expect(deleted).toEqual([]);
      wish.current = null;
      await settle();
      for (const collection of ['conversations', 'messages'] as const) {
        for (const id of server.table(collection).keys()) {
          const there = server.read(collection, id);
          const record = there && 'record' in there ? there.record : null;
          for (const { vault } of [all, part]) {
            if (!isSameJson(vault.get(collection, id), record))
              throw new Error(`${vault.replica}: ${collection}/${id}`);
          }
        }
      }
      for (const [what, value] of written) {
        const [id = '', field = ''] = what.split(' ');
        expect(part.vault.get('messages', `${id}-1`)?.[field]).toBe(value);
      }
      all.rounds.drop();
      part.rounds.drop();
    }),
    { numRuns: 300 },
  );
});
