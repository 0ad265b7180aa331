import { expect, onTestFinished, test } from 'vitest';
import { backfill } from '../../../main/sync/backfill.ts';
import { type ClockPort, RemoteTrouble } from '../../../main/sync/ports.ts';
import { Reconciler } from '../../../main/sync/reconciler.ts';
import { NeedsDecision } from '../../../main/sync/session.ts';
import { certificateText, certify, isGenuine } from '../../../main/sync/verify.ts';
import { FakeVault } from './fake-local.ts';
import { createFakeRemote, type Link } from './fake-remote.ts';
import { FakeServer } from './fake-server.ts';
import { memory, T0 } from './versions.ts';

/** Time passes as fast as anybody waits for it. */
function hurriedClock(): ClockPort {
  let ms = T0;
  return {
    now: () => (ms += 1),
    wait: (forMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const timer = setImmediate(() => {
          ms += forMs;
          resolve();
        });
        signal?.addEventListener('abort', () => {
          clearImmediate(timer);
          resolve();
        });
      }),
  };
}

function machine(server: FakeServer, name: string, link?: Link) {
  const clock = hurriedClock();
  const vault = new FakeVault(name, clock);
  const parts = { local: vault.port(), remote: createFakeRemote(server, link), clock, random: () => 0.5 };
  const heard: (() => void)[] = [];
  const reconciler = new Reconciler({
    ...parts,
    newId: () => `store-${name}`,
    onStatus: () => heard.splice(0).forEach((tell) => tell()),
  });
  onTestFinished(() => reconciler.stop());
  /** Looks again at each change of the status. */
  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise<void>((resolve) => heard.push(resolve));
  }
  return { vault, reconciler, parts, until };
}

const ended = new RemoteTrouble('transient', 'the server is away');

test('two machines stay in step by themselves', async () => {
  const server = new FakeServer(() => T0);
  const [a, b] = [machine(server, 'a'), machine(server, 'b')];
  a.reconciler.start();
  b.reconciler.start();
  a.vault.edit('memories', 'm1', memory('from a'));
  await b.until(() => b.vault.get('memories', 'm1') !== null);
  b.vault.edit('memories', 'm1', { text: 'and from b' });
  await a.until(() => a.vault.get('memories', 'm1')?.['text'] === 'and from b');
  await a.until(async () => (await a.reconciler.status()).state === 'synced');
  expect(await a.reconciler.status()).toMatchObject({
    state: 'synced',
    trouble: null,
    quarantined: 0,
    waiting: { memories: 0 },
  });
});

test('a server that is away is waited for, and what was edited meanwhile goes then', async () => {
  const server = new FakeServer(() => T0);
  let away = true;
  const a = machine(server, 'a', {
    pass() {
      if (away) throw ended;
    },
  });
  a.vault.edit('memories', 'm1', memory('offline'));
  a.reconciler.start();
  await a.until(async () => (await a.reconciler.status()).state === 'offline');
  expect(await a.reconciler.status()).toMatchObject({ trouble: { kind: 'transient', message: ended.message } });
  away = false;
  await a.until(() => server.table('memories').has('m1'));
  await a.until(async () => (await a.reconciler.status()).state === 'synced');
  expect(a.reconciler.events().map(({ message }) => message)).toContain(ended.message);
});

test('stopping ends the loop, and it can be begun again', async () => {
  const server = new FakeServer(() => T0);
  const a = machine(server, 'a');
  a.reconciler.start();
  await a.until(async () => (await a.reconciler.status()).state === 'synced');
  await a.reconciler.stop();
  expect((await a.reconciler.status()).state).toBe('stopped');
  a.vault.edit('memories', 'm1', memory('later'));
  expect(server.table('memories').size).toBe(0);
  a.reconciler.start();
  await a.until(() => server.table('memories').has('m1'));
});

test('a decision stops the loop until a person has answered', async () => {
  const server = new FakeServer(() => T0);
  const a = machine(server, 'a');
  for (let n = 0; n < 5; n += 1) a.vault.edit('memories', `m${n}`, memory('x'));
  await a.reconciler.syncNow({ digest: true });
  for (const id of server.table('memories').keys()) server.remove('memories', id);
  server.loseHistory();
  await expect(a.reconciler.syncNow({ digest: true })).rejects.toThrow(NeedsDecision);
  expect(await a.reconciler.status()).toMatchObject({
    state: 'needs_decision',
    decision: { kind: 'empty-server', records: 5 },
  });
  await a.reconciler.decide('ours');
  await a.reconciler.syncNow();
  expect([server.table('memories').size, (await a.reconciler.status()).state]).toEqual([5, 'synced']);
});

test('a certificate says what is equal, finds an edit that left _meta alone, and cannot be changed', async () => {
  const server = new FakeServer(() => T0);
  const a = machine(server, 'a');
  for (let n = 0; n < 5; n += 1) a.vault.edit('memories', `m${n}`, memory('x'));
  a.vault.edit('memories', 'private', memory('x', { scope: 'private' }));
  await a.reconciler.syncNow({ digest: true });
  const state = { store_id: 'store-a', quarantine: [] };
  const good = await certify({ ...a.parts, state });
  expect(good).toMatchObject({
    equal: true,
    store_id: 'store-a',
    collections: { memories: { local: 5, remote: 5, differing: [] } },
  });
  expect(certificateText(good)).toContain('Both sides are equal.');
  expect([isGenuine(good), isGenuine({ ...good, equal: false })]).toEqual([true, false]);
  server.foreignEdit('memories', 'm3', { text: 'changed in place' });
  const bad = await certify({ ...a.parts, state });
  expect(bad).toMatchObject({ equal: false, collections: { memories: { differing: ['m3'] } } });
});

test('a backfill pushes the whole vault and reports what stands on both sides', async () => {
  const server = new FakeServer(() => T0);
  const a = machine(server, 'a');
  for (let n = 0; n < 1_200; n += 1) a.vault.edit('memories', `m${n}`, memory(`x${n}`));
  const seen: number[] = [];
  const result = await backfill(
    { ...a.parts, reconciler: a.reconciler },
    { onProgress: ({ phase, done }) => phase === 'push' && seen.push(done) },
  );
  expect(result).toMatchObject({
    ok: true,
    pushed: 1_200,
    collections: { memories: { local: 1_200, remote: 1_200, differing: [], spot_checks: { checked: 20, equal: 20 } } },
  });
  expect(seen.at(-1)).toBe(1_200);
  const again = await backfill({ ...a.parts, reconciler: a.reconciler });
  expect(again).toMatchObject({ ok: true, pushed: 0 });
});

test('what comparing finds to be lost is sent at once, not when everything is compared again', async () => {
  const server = new FakeServer(() => T0);
  const { vault, reconciler, parts, until } = machine(server, 'a');
  for (const id of ['m1', 'm2']) vault.edit('memories', id, memory(id));
  reconciler.start();
  await until(() => server.table('memories').size === 2);
  const sentAtMs = new Promise<number>((resolve) => (server.onCommit = () => resolve(parts.clock.now())));
  // Without a word of it in the history of changes.
  server.table('memories').delete('m1');
  await sentAtMs;
  const found = reconciler.events().find(({ message }) => message === 'Compared: 1 records differed.');
  expect((await sentAtMs) - Date.parse(found?.at ?? '')).toBeLessThan(600_000);
});
