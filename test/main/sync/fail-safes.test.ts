import { expect, test } from 'vitest';
import { RemoteTrouble } from '../../../main/sync/ports.ts';
import { Rounds } from '../../../main/sync/rounds.ts';
import { NeedsDecision } from '../../../main/sync/session.ts';
import { FakeVault } from './fake-local.ts';
import { createFakeRemote } from './fake-remote.ts';
import { FakeServer } from './fake-server.ts';
import { memory, T0 } from './versions.ts';

function team(records: number) {
  const clock = { ms: T0, now: () => (clock.ms += 1) };
  const server = new FakeServer(clock.now);
  const open = (name: string) => {
    const vault = new FakeVault(name, clock);
    const rounds = new Rounds({
      local: vault.port(),
      remote: createFakeRemote(server),
      clock,
      newId: () => `store-${name}`,
    });
    const settle = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      while ((await rounds.once({ digest: true })).again);
    };
    const answer = (take: 'ours' | 'theirs'): void => {
      const state = vault.syncState;
      if (state?.decision != null) vault.syncState = { ...state, decision: { ...state.decision, answer: take } };
      rounds.drop();
    };
    const alive = (): number =>
      [...(vault.rows.get('memories')?.values() ?? [])].filter(({ record }) => record !== null && !record._meta.del)
        .length;
    return { vault, rounds, settle, answer, alive };
  };
  const [a, b] = [open('a'), open('b')];
  for (let n = 0; n < records; n += 1) a.vault.edit('memories', `m${n}`, memory(`text ${n}`));
  return { clock, server, a, b, open };
}

test('two vaults come to hold the same', async () => {
  const { server, a, b } = team(60);
  await a.settle();
  await b.settle();
  expect([a.alive(), b.alive(), server.table('memories').size]).toEqual([60, 60, 60]);
  expect(b.vault.get('memories', 'm7')).toEqual(a.vault.get('memories', 'm7'));
});

test('a mass deletion elsewhere stops, and is carried out when a person says that the server is right', async () => {
  const { a, b } = team(60);
  await a.settle();
  await b.settle();
  for (let n = 0; n < 40; n += 1) a.vault.remove('memories', `m${n}`);
  await a.settle();
  await expect(b.settle()).rejects.toThrow(NeedsDecision);
  expect(b.vault.syncState?.decision).toMatchObject({ kind: 'mass-delete', collection: 'memories', records: 40 });
  await expect(b.settle()).rejects.toThrow(NeedsDecision);
  expect(b.alive()).toBe(60);
  b.answer('theirs');
  await b.settle();
  expect([b.alive(), b.vault.syncState?.decision]).toEqual([20, null]);
});

test('a mass deletion elsewhere is taken back when a person says that the vault is right', async () => {
  const { a, b } = team(60);
  await a.settle();
  await b.settle();
  for (let n = 0; n < 40; n += 1) a.vault.remove('memories', `m${n}`);
  await a.settle();
  await expect(b.settle()).rejects.toThrow(NeedsDecision);
  b.answer('ours');
  await b.settle();
  await b.settle();
  await a.settle();
  expect([a.alive(), b.alive(), b.vault.syncState?.decision]).toEqual([60, 60, null]);
});

test('an empty server stops, and is filled again or believed', async () => {
  for (const [answer, left] of [
    ['ours', 30],
    ['theirs', 0],
  ] as const) {
    const { server, a } = team(30);
    await a.settle();
    for (const id of server.table('memories').keys()) server.remove('memories', id);
    server.loseHistory();
    await expect(a.settle()).rejects.toThrow(NeedsDecision);
    expect(a.vault.syncState?.decision).toMatchObject({ kind: 'empty-server', records: 30 });
    expect(a.alive()).toBe(30);
    a.answer(answer);
    await a.settle();
    await a.settle();
    expect([answer, a.alive(), server.table('memories').size]).toEqual([answer, left, left]);
  }
});

test('another database stops, and is joined when a person wants it', async () => {
  const { server, a, open } = team(5);
  await a.settle();
  server.restore(new FakeServer(() => T0).backup());
  const c = open('c');
  c.vault.edit('memories', 'other', memory('another team'));
  await c.settle();
  await expect(a.settle()).rejects.toThrow(NeedsDecision);
  expect(a.vault.syncState?.decision?.kind).toBe('other-store');
  a.answer('theirs');
  await a.settle();
  await a.settle();
  expect([a.alive(), server.table('memories').size, a.vault.syncState?.store_id]).toEqual([6, 6, 'store-c']);
});

test('a poisoned, an oversized and an invalid record delay no other', async () => {
  const { server, a, b } = team(5);
  server.validator = ({ id }) => (id === 'm1' ? 'too large' : null);
  b.vault.refuse = (_, { id }) => (id === 'm2' ? 'not valid here' : null);
  await a.settle();
  server.poison('memories', 'm3');
  await b.settle();
  expect(a.vault.syncState?.quarantine).toMatchObject([{ id: 'm1', side: 'remote' }]);
  expect(b.alive()).toBe(2);
  expect(b.vault.syncState?.quarantine.map(({ id }) => id).sort()).toEqual(['m2', 'm3']);
  server.validator = () => null;
  server.cure('memories', 'm3');
  a.vault.edit('memories', 'm1', { text: 'shorter' });
  a.vault.edit('memories', 'm2', { text: 'valid' });
  b.vault.refuse = () => null;
  await a.settle();
  await b.settle();
  expect([b.alive(), a.vault.syncState?.quarantine, b.vault.syncState?.quarantine]).toEqual([5, [], []]);
});

test('two records with one unique key both stay, one of them waiting, and a conflict tells of it', async () => {
  const { server, a, b } = team(0);
  const chat = { title: 't', kind: 'bot', tags: [], pinned: false, archived: false, lookup_key: 'slack:U1:C1' };
  a.vault.edit('conversations', 'c1', chat);
  b.vault.edit('conversations', 'c2', chat);
  await a.settle();
  await b.settle();
  await a.settle();
  expect([...server.table('conversations').keys()]).toEqual(['c1']);
  expect(b.vault.get('conversations', 'c2')).not.toBeNull();
  expect(b.vault.syncState?.quarantine.map(({ id, side }) => [id, side]).sort()).toEqual([
    ['c1', 'local'],
    ['c2', 'remote'],
  ]);
  const reasons = [...(a.vault.rows.get('conflicts')?.values() ?? [])].map(({ record }) => record?.['reason']);
  expect(reasons).toContain('duplicate-key');
  b.vault.edit('conversations', 'c2', { lookup_key: 'slack:U1:C2' });
  b.vault.syncState = b.vault.syncState && { ...b.vault.syncState, quarantine: [] };
  server.loseHistory();
  await b.settle();
  await b.settle();
  await a.settle();
  expect(a.vault.get('conversations', 'c2')).not.toBeNull();
});

test('a server without streams is found out, and polled', async () => {
  const { server, a, b } = team(3);
  const remote = createFakeRemote(server);
  const hello = remote.hello.bind(remote);
  server.streams = false;
  const claims = { ...remote, hello: async () => ({ ...(await hello()), streams: true }) };
  const rounds = new Rounds({ local: b.vault.port(), remote: claims, clock: { now: () => T0 }, newId: () => 's' });
  await a.settle();
  while (
    (
      await rounds.once().catch((error: unknown) => {
        if (!(error instanceof RemoteTrouble)) throw error;
        return { again: true };
      })
    ).again
  );
  expect([rounds.streams, b.alive()]).toEqual([false, 3]);
});

test('where there are no streams, another database at the address is noticed by the next round, before anything goes there', async () => {
  const { server, a } = team(5);
  server.streams = false;
  const another = server.backup();
  await a.settle();
  a.vault.edit('memories', 'm0', { text: 'for our team alone' });
  server.restore(another);
  // An ordinary round, in which nothing is compared, and the one that it calls for.
  expect(await a.rounds.once()).toEqual({ full: null, again: true });
  await expect(a.rounds.once()).rejects.toThrow(NeedsDecision);
  expect(server.table('memories').size).toBe(0);
});
