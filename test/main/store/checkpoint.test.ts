import { expect, test } from 'vitest';
import { SimDisk, diskError, seededRandom } from '../../helpers/sim-disk.ts';
import { createStaging } from '../../../main/store/staging.ts';
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

const message = (id: string) => ({ id, conversation_id: 'c', role: 'user' as const, content: id, created_at });

/** Every sync of a record's file fails while `isFailing` says so. */
function failRecords(disk: SimDisk, isFailing: () => boolean): void {
  disk.interfere = ({ act, path }) => {
    if (act === 'sync' && path.startsWith('/vault/data/') && isFailing()) throw diskError('EIO', path);
  };
}

async function expectSafe(disk: SimDisk, conversations: readonly string[], messages: readonly string[]): Promise<void> {
  for (let seed = 1; seed <= 30; seed += 1) {
    const vault = await openOnSimDisk(disk.afterPowerCut(seededRandom(seed)));
    expect((await vault.collection('conversations').find()).map(({ id }) => id).sort()).toEqual(conversations);
    expect((await vault.collection('messages').find()).map(({ id }) => id).sort()).toEqual(messages);
    await vault.close();
  }
}

test('files whose flush failed are written anew: the next flush of the same file proves nothing', async () => {
  const disk = new SimDisk();
  const vault = await openOnSimDisk(disk, true);
  await vault.collection('messages').insertOne(message('before'));
  await vault.settleFiles();
  let isFailing = true;
  failRecords(disk, () => isFailing);
  await vault.collection('conversations').insertOne({ id: 'a', created_at });
  await vault.collection('messages').insertOne(message('after'));
  await expect(vault.settleFiles()).rejects.toMatchObject({ code: 'DISK_ERROR' });
  isFailing = false;
  await vault.settleFiles();
  await expectSafe(disk, ['a'], ['after', 'before']);
  await vault.close();
});

test('so are those of a batch that is a fact', async () => {
  const disk = new SimDisk();
  const vault = await openOnSimDisk(disk, true);
  const staging = createStaging(vault.stagingRoot, 'batch', disk.port);
  staging.write({ op: 'put', collection: 'conversations', record: { id: 'a', created_at } });
  staging.write({ op: 'put', collection: 'messages', record: message('m') });
  let isFailing = true;
  failRecords(disk, () => isFailing);
  await expect(vault.ingest(staging.finish(), { source: 'import' })).rejects.toMatchObject({ code: 'DISK_ERROR' });
  isFailing = false;
  await vault.collection('conversations').insertOne({ id: 'b', created_at });
  await vault.settleFiles();
  await expectSafe(disk, ['a', 'b'], ['m']);
  await vault.close();
});
