import { expect, test } from 'vitest';
import { createEchoes } from '../../../main/sync/echoes.ts';
import type { Push, SyncCommit } from '../../../main/sync/ports.ts';
import { readAhead } from '../../../main/sync/read-ahead.ts';
import { Rounds } from '../../../main/sync/rounds.ts';
import { FakeVault } from './fake-local.ts';
import { createFakeRemote, type Operation } from './fake-remote.ts';
import { FakeServer } from './fake-server.ts';
import { memory, T0, versionMaker } from './versions.ts';

const clock = { now: () => T0 };

function pair(limits?: { records: number; bytes: number }) {
  const server = new FakeServer(clock.now);
  const vault = new FakeVault('a', clock);
  const asked: Operation[] = [];
  const remote = createFakeRemote(server, {
    pass: (operation, phase) => void (phase === 'request' && asked.push(operation)),
  });
  const pushed: (readonly Push[])[] = [];
  const local = vault.port();
  const commits: SyncCommit[] = [];
  const rounds = new Rounds({
    local: { ...local, commit: (commit) => (commits.push(commit), local.commit(commit)) },
    remote: { ...remote, push: (collection, pushes) => (pushed.push(pushes), remote.push(collection, pushes)) },
    clock,
    newId: () => 'store',
    ...(limits && { limits }),
  });
  return { server, vault, rounds, asked, pushed, commits };
}

test('large records go in batches of six megabytes, a larger one by itself', async () => {
  const { vault, rounds, pushed, server } = pair();
  const sizes = [2, 2, 1.5, 1, 7, 1].map((megabytes) => megabytes * 1024 * 1024);
  for (const [at, size] of sizes.entries()) vault.edit('memories', `m${at}`, memory('x'.repeat(size)));
  await rounds.once();
  expect(pushed.map((batch) => batch.map(({ record }) => record.id))).toEqual([
    ['m0', 'm1', 'm2'],
    ['m3'],
    ['m4'],
    ['m5'],
  ]);
  expect(server.table('memories').size).toBe(6);
  rounds.drop();
});

test('large records are taken over in batches of some megabytes, too, and the place in history goes with the last', async () => {
  const { vault, rounds, server, commits } = pair();
  // Polled, all of it is heard of at once.
  server.streams = false;
  await rounds.once();
  const maker = versionMaker('other');
  for (const [at, megabytes] of [2, 3, 2, 7, 1].entries()) {
    const record = maker.version('memories', `m${at}`, memory('x'.repeat(megabytes * 1024 * 1024)));
    server.push('memories', { record, expect: { kind: 'absent' } });
  }
  commits.length = 0;
  await rounds.once();
  const taken = commits.filter(({ steps }) => steps.length > 0);
  expect(taken.map(({ steps }) => steps.map(({ id }) => id))).toEqual([['m0', 'm1', 'm2'], ['m3'], ['m4']]);
  expect(taken.map(({ state }) => state?.poll_cursor !== undefined)).toEqual([false, false, true]);
  expect(vault.rows.get('memories')?.size).toBe(5);
  rounds.drop();
});

test('what was pushed does not travel back to the vault, but where that has moved on', async () => {
  const { vault, rounds, commits, server } = pair();
  vault.edit('memories', 'm1', memory('x'));
  vault.edit('memories', 'm2', memory('x'));
  // In the moment between the push and its commit a person edits one of them.
  server.onCommit = ({ after }) => void (after.id === 'm2' && vault.edit('memories', 'm2', { text: 'later' }));
  await rounds.once();
  server.onCommit = () => undefined;
  const sent = commits.flatMap(({ steps }) => steps).map(({ id, baseRecord }) => [id, baseRecord?.['text'] ?? null]);
  expect(sent).toEqual([
    ['m1', null],
    ['m2', null],
    ['m1', null],
    ['m2', 'x'],
  ]);
  expect(vault.row('memories', 'm2')).toMatchObject({ record: { text: 'later' }, baseRecord: { text: 'x' } });
  await rounds.once();
  expect(vault.row('memories', 'm2').base?.rev).toBe(vault.get('memories', 'm2')?._meta.rev);
  rounds.drop();
});

test('the echo of a push is not looked at', async () => {
  const { vault, rounds, asked } = pair();
  vault.edit('memories', 'm1', memory('x'));
  await rounds.once();
  asked.length = 0;
  await rounds.changed();
  await rounds.once();
  expect(asked.filter((operation) => operation === 'read')).toEqual([]);
  rounds.drop();
});

test('an echo is expected once, of that rev, until the base is another', () => {
  const echoes = createEchoes();
  const record = versionMaker('r').version('memories', 'm1', memory('x'));
  const ref = { collection: 'memories', id: 'm1', rev: record._meta.rev } as const;
  expect(echoes.hears(ref)).toBe(false);
  echoes.expect('memories', record);
  expect([echoes.hears({ ...ref, rev: 'other' }), echoes.hears(ref), echoes.hears(ref)]).toEqual([false, true, false]);
  echoes.expect('memories', record);
  echoes.forget(ref);
  expect(echoes.hears(ref)).toBe(false);
});

test('reading ahead keeps the order, passes on what is thrown, and ends its source', async () => {
  let ended = 0;
  async function* source(bad: boolean): AsyncGenerator<number, void> {
    try {
      yield 1;
      yield 2;
      if (bad) throw new Error('no third');
      yield 3;
    } finally {
      ended += 1;
    }
  }
  const all: number[] = [];
  for await (const item of readAhead(source(false))) all.push(item);
  expect(all).toEqual([1, 2, 3]);
  await expect(async () => {
    for await (const item of readAhead(source(true))) all.push(item);
  }).rejects.toThrow('no third');
  for await (const item of readAhead(source(false))) if (item === 1) break;
  expect([all, ended]).toEqual([[1, 2, 3, 1, 2], 3]);
});
