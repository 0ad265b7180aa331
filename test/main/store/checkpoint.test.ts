import { expect, test } from 'vitest';
import { SimDisk } from '../../helpers/sim-disk.ts';
import { openOnSimDisk, smallTuning } from '../../helpers/vault-on-sim-disk.ts';

const created_at = '2026-01-01T00:00:00.000Z';

/** More than the steps from a call to the flush that its turn ends with, so that one of them meets it. */
const TURNS = 40;

test('a checkpoint that begins between a commit and its flush, and is called for by that flush, loses nothing to a kill', async () => {
  for (let turns = 0; turns < TURNS; turns += 1) {
    const disk = new SimDisk();
    const acknowledged: string[] = [];
    const found: { readonly disk: SimDisk; readonly acknowledged: readonly string[] }[] = [];
    const vault = await openOnSimDisk(disk, true, { tuning: { ...smallTuning, checkpointRecords: 2 } });
    disk.interfere = ({ act, path }) => {
      if (act === 'unlink' && path.endsWith('.log'))
        found.push({ disk: disk.afterKill(), acknowledged: [...acknowledged] });
    };
    const insert = async (id: string): Promise<void> => {
      await vault.collection('conversations').insertOne({ id, created_at });
      acknowledged.push(id);
    };
    const first = ['a', 'b', 'c', 'd'].map(insert);
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    const settled = vault.settleFiles();
    await Promise.all(first);
    for (const id of ['e', 'f', 'g', 'h']) await insert(id);
    await settled;
    found.push({ disk: disk.afterKill(), acknowledged });
    await vault.close();
    for (const image of found) {
      const again = await openOnSimDisk(image.disk);
      const there = (await again.collection('conversations').find()).map(({ id }) => id);
      expect(there, `${turns} turns`).toEqual(expect.arrayContaining([...image.acknowledged]));
      await again.close();
    }
  }
});
