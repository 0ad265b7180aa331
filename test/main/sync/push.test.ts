import { expect, test } from 'vitest';
import type { Push } from '../../../main/sync/ports.ts';
import { Rounds } from '../../../main/sync/rounds.ts';
import { FakeVault } from './fake-local.ts';
import { createFakeRemote } from './fake-remote.ts';
import { FakeServer } from './fake-server.ts';
import { memory, T0 } from './versions.ts';

const clock = { now: () => T0 };
const HUGE = 'huge';

/** A vault and a server that takes no text of this kind. */
function pair() {
  const server = new FakeServer(clock.now);
  server.validator = (record) => (record['text'] === HUGE ? 'too large' : null);
  const vault = new FakeVault('a', clock);
  const remote = createFakeRemote(server);
  const sent: string[] = [];
  const push = (collection: Parameters<typeof remote.push>[0], pushes: readonly Push[]) => {
    sent.push(...pushes.map(({ record }) => record.id));
    return remote.push(collection, pushes);
  };
  const rounds = new Rounds({ local: vault.port(), remote: { ...remote, push }, clock, newId: () => 'store' });
  const standing = (id: string): unknown => {
    const found = server.read('memories', id);
    return found !== undefined && 'record' in found ? found.record['text'] : null;
  };
  return { server, vault, rounds, sent, standing };
}

test('a record that the server refused is not sent again as it is, and is once it has been put right', async () => {
  const { vault, rounds, sent, standing } = pair();
  vault.edit('memories', 'm1', memory(HUGE));
  for (let round = 1; round <= 3; round += 1) await rounds.once();
  expect([sent, standing('m1')]).toEqual([['m1'], null]);
  expect(vault.syncState?.quarantine).toMatchObject([{ id: 'm1', side: 'remote', reason: 'too large' }]);
  vault.edit('memories', 'm1', { text: 'small' });
  await rounds.once();
  expect([sent, standing('m1')]).toEqual([['m1', 'm1'], 'small']);
  expect(vault.syncState?.quarantine).toEqual([]);
  rounds.drop();
});

test('the same where the server’s version has to be looked at first', async () => {
  const { vault, rounds, sent, standing } = pair();
  vault.edit('memories', 'm1', memory('first'));
  await rounds.once();
  vault.edit('memories', 'm1', { text: HUGE });
  // What both sides had is not known any more: as after forgetting, or after an answer was lost.
  const forgetFormer = (): void => {
    vault.rows.get('memories')?.set('m1', { ...vault.row('memories', 'm1'), baseRecord: null });
  };
  forgetFormer();
  for (let round = 1; round <= 3; round += 1) await rounds.once();
  expect([sent, standing('m1')]).toEqual([['m1', 'm1'], 'first']);
  vault.edit('memories', 'm1', { text: 'small' });
  forgetFormer();
  await rounds.once();
  expect([sent, standing('m1')]).toEqual([['m1', 'm1', 'm1'], 'small']);
  expect(vault.syncState?.quarantine).toEqual([]);
  rounds.drop();
});
