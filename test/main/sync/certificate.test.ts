import { expect, test } from 'vitest';
import { Rounds } from '../../../main/sync/rounds.ts';
import { type ParityCertificate, certificateText, certify, isGenuine } from '../../../main/sync/verify.ts';
import { FakeVault } from './fake-local.ts';
import { createFakeRemote } from './fake-remote.ts';
import { FakeServer } from './fake-server.ts';
import { memory, T0 } from './versions.ts';

const clock = { now: () => T0 };

/** A vault in step with a server, and what it asked of it. */
function pair({ streams = true }: { streams?: boolean } = {}) {
  const server = new FakeServer(clock.now);
  server.streams = streams;
  const vault = new FakeVault('a', clock);
  const asked: string[] = [];
  const link = { pass: (operation: string, phase: string) => void (phase === 'request' && asked.push(operation)) };
  const parts = { local: vault.port(), remote: createFakeRemote(server, link), clock };
  const rounds = new Rounds({ ...parts, newId: () => 'store-a' });
  async function verify(full = false): Promise<ParityCertificate> {
    for (let again = true; again;) again = (await rounds.once({ digest: true, history: true })).again;
    const state = vault.syncState;
    if (state === null) throw new Error('no state');
    asked.length = 0;
    const certificate = await certify({ ...parts, state }, { full });
    vault.syncState = { ...state, contents_at: certificate.contents_at };
    return certificate;
  }
  return { server, vault, rounds, asked, verify };
}

test('the first certificate reads everything, the next one sums, and each says which', async () => {
  const { vault, asked, verify, rounds } = pair();
  for (let n = 0; n < 5; n += 1) vault.edit('memories', `m${n}`, memory('x'));
  const first = await verify();
  expect(first).toMatchObject({ equal: true, contents_at: first.at, collections: { memories: { by: 'contents' } } });
  expect(asked).toContain('scan');
  vault.edit('memories', 'm5', memory('y'));
  vault.remove('memories', 'm0');
  const second = await verify();
  expect(asked).toEqual(['totals']);
  expect(second).toMatchObject({
    equal: true,
    contents_at: first.at,
    collections: { memories: { by: 'digests', local: 5, remote: 5, differing: [] } },
  });
  expect([isGenuine(second), certificateText(second).includes('by digests')]).toEqual([true, true]);
  expect((await verify(true)).collections.memories?.by).toBe('contents');
  rounds.drop();
});

test('one character changed there in place, with _meta left alone, is taken over before the sums are believed', async () => {
  const { server, vault, rounds, verify } = pair();
  vault.edit('memories', 'm1', memory('x'));
  await verify();
  server.foreignEdit('memories', 'm1', { text: 'y' });
  const certificate = await verify();
  expect(certificate).toMatchObject({ equal: true, collections: { memories: { by: 'digests' } } });
  expect(vault.get('memories', 'm1')?.['text']).toBe('y');
  rounds.drop();
});

test('an edit in place that the lost history would have told of is found by reading', async () => {
  const { server, vault, rounds, verify } = pair();
  vault.edit('memories', 'm1', memory('x'));
  await verify();
  server.foreignEdit('memories', 'm1', { text: 'y' });
  server.loseHistory();
  rounds.drop();
  const certificate = await verify();
  expect(certificate.collections.memories?.by).toBe('contents');
  expect([certificate.equal, vault.get('memories', 'm1')?.['text']]).toEqual([true, 'y']);
  rounds.drop();
});

test('what waits, and what is set aside, is read', async () => {
  const { server, vault, rounds, verify } = pair();
  vault.edit('memories', 'm1', memory('x'));
  await verify();
  server.validator = () => 'it is refused';
  vault.edit('memories', 'm2', memory('x'));
  const certificate = await verify();
  expect(certificate).toMatchObject({
    equal: false,
    collections: { memories: { by: 'contents', local: 2, remote: 1, differing: ['m2'] } },
  });
  rounds.drop();
});
