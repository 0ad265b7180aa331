import { expect, test } from 'vitest';
import { parseDurability } from '../../../main/store/durability.ts';
import { seededRandom } from '../../helpers/sim-disk.ts';
import { openOnSimDisk } from '../../helpers/vault-on-sim-disk.ts';
import { newVaultDisk } from './crash-recording.ts';
import { enumerateCrashes } from './crash-states.ts';
import { WORKLOAD } from './crash-workload.ts';

for (const durability of ['full', 'relaxed'] as const) {
  test(`${durability}: whatever a crash leaves, what that policy promises is there, and only a prefix`, async () => {
    for (const seed of [1, 2, 5]) {
      const { states } = await enumerateCrashes({ seed, ...WORKLOAD, durability });
      expect(states).toBeGreaterThan(50);
    }
  }, 120_000);
}

test('relaxed: a kill loses nothing, a power cut what came since the last flush, and only that', async () => {
  const disk = await newVaultDisk();
  const vault = await openOnSimDisk(disk, false, {
    durability: 'relaxed',
    tuning: { relaxedFlushMs: 20, idleMs: 60_000 },
  });
  const conversations = vault.collection('conversations');
  await conversations.insertOne({ id: 'early' });
  const namesAfterPowerCut = async (): Promise<string[]> => {
    const found = await openOnSimDisk(disk.afterPowerCut(() => 0));
    return (await found.collection('conversations').find()).map(({ id }) => id);
  };
  expect(await namesAfterPowerCut()).toEqual([]);
  await expect.poll(namesAfterPowerCut).toEqual(['early']);
  await conversations.insertOne({ id: 'late' });
  const killed = await openOnSimDisk(disk.afterKill());
  expect(await killed.collection('conversations').count()).toBe(2);
  await vault.close();
  expect((await namesAfterPowerCut()).sort()).toEqual(['early', 'late']);
});

test('full flushes each of several writes that come together; normal flushes once for all', async () => {
  const flushes = async (durability: 'full' | 'normal'): Promise<number> => {
    const disk = await newVaultDisk();
    const vault = await openOnSimDisk(disk, false, { durability, tuning: { turnMs: 60_000 } });
    await vault.collection('conversations').insertOne({ id: 'first' });
    let count = 0;
    disk.interfere = ({ act, path }) => void (act === 'sync' && path.includes('/_wal/') && (count += 1));
    await Promise.all(['a', 'b', 'c'].map((id) => vault.collection('conversations').insertOne({ id })));
    disk.interfere = () => undefined;
    await vault.close();
    return count;
  };
  expect(await flushes('normal')).toBe(1);
  expect(await flushes('full')).toBe(3);
});

test('a policy that there is not is refused by name', () => {
  expect(parseDurability(undefined)).toBe('normal');
  expect(parseDurability('relaxed')).toBe('relaxed');
  expect(() => parseDurability('of')).toThrow(/"of" is no durability/);
});

test('the same random numbers for the same seed, so that a seed is a bug report', () => {
  const [one, two] = [seededRandom(7), seededRandom(7)];
  expect([one(), one()]).toEqual([two(), two()]);
});
