import { expect, test } from 'vitest';
import { silentLog } from '../../../main/lib/log.ts';
import type { LocalPort } from '../../../main/sync/ports.ts';
import { createRemoteReads } from '../../../main/team/remote-reads.ts';
import { freshDatabase, sharedMongod } from '../../helpers/mongod-shared.ts';

const url = await sharedMongod('replica-set');

/** Only what is asked of a vault here. */
const vault = (waiting: number): LocalPort =>
  ({ replica: 'r1', countDirty: async () => ({ conversations: waiting }) }) as unknown as LocalPort;

function reads({ waiting = 0, isSynced = true, mode = 'remote' as 'remote' | 'mirror', address = url } = {}) {
  const away: unknown[] = [];
  const made = createRemoteReads({
    local: vault(waiting),
    config: () => ({ mode, url: address, database, configuredBy: 'person', credentials: 'file', scope: null }),
    isSynced: () => isSynced,
    onAway: (error) => void away.push(error),
    log: silentLog,
  });
  return { ...made, away };
}
const database = freshDatabase();

test('the server serves what is the same on both sides', async () => {
  const { source, close } = reads();
  expect(await (await source.remote('conversations'))?.collection('conversations').count()).toBe(0);
  await close();
});

test.each([{ waiting: 1 }, { isSynced: false }, { mode: 'mirror' as const }])(
  'the vault serves with %o',
  async (how) => {
    const { source, close } = reads(how);
    expect(await source.remote('conversations')).toBeNull();
    await close();
  },
);

test('a server that cannot be reached is told once, and not asked again at each read', async () => {
  const { source, away, close } = reads({ address: 'mongodb://127.0.0.1:1/' });
  expect(await source.remote('conversations')).toBeNull();
  expect(await source.remote('conversations')).toBeNull();
  expect(away).toHaveLength(1);
  await close();
});
