import { expect, test } from 'vitest';
import type { Vault } from '../../../../main/store/types.ts';
import { SimDisk, seededRandom } from '../../../helpers/sim-disk.ts';
import { byId } from '../crash-workload.ts';
import { openOnSimDisk } from '../../../helpers/vault-on-sim-disk.ts';
import { withoutTimers } from '../../../helpers/without-timers.ts';

const created_at = '2026-01-01T12:00:00.000Z';
const IMAGES = 12;

const message = (id: string) => ({ id, conversation_id: 'talk', role: 'user' as const, content: 'first', created_at });

async function stateOf(vault: Vault): Promise<string> {
  const records = await vault.collection('messages').find();
  return JSON.stringify(records.sort(byId).map(({ id, content }) => [id, content]));
}

/** Edits, a compaction, and commits on top of it: what each state may be while it is done. */
async function work(vault: Vault, states: string[]): Promise<void> {
  const messages = vault.collection('messages');
  const note = async (): Promise<void> => void states.push(await stateOf(vault));
  await messages.insertMany(['a', 'b', 'c', 'd'].map(message));
  for (let edit = 1; edit <= 3; edit += 1) {
    await messages.updateMany({ id: { $ne: 'd' } }, { $set: { content: `edit ${edit}` } });
    await vault.settleFiles();
  }
  await messages.deleteOne({ id: 'd' });
  await vault.settleFiles();
  await note();
  await vault.compact({ largerThan: 0 });
  await messages.insertOne(message('e'));
  await note();
  await messages.updateOne({ id: 'a' }, { $set: { content: 'after' } });
  await note();
  await vault.settleFiles();
  await messages.deleteOne({ id: 'b' });
  await note();
  await vault.settleFiles();
  await vault.close();
}

test('a crash at any moment of a compaction, and of what follows, leaves every acknowledged record as it was', async () => {
  const found = await withoutTimers(async () => {
    const disk = new SimDisk();
    const states: string[] = [];
    const crashes: { readonly image: SimDisk; readonly acknowledged: number; readonly step: string }[] = [];
    const random = seededRandom(1);
    const vault = await openOnSimDisk(disk, true);
    disk.interfere = (step) => {
      if (states.length === 0 || step.act === 'read') return;
      const acknowledged = states.length;
      for (let number = 0; number < IMAGES; number += 1) {
        const image = number === 0 ? disk.afterKill() : disk.afterPowerCut(random);
        crashes.push({ image, acknowledged, step: JSON.stringify(step) });
      }
    };
    await work(vault, states);
    disk.interfere = () => undefined;
    const wrong: string[] = [];
    for (const { image, acknowledged, step } of crashes) {
      const again = await openOnSimDisk(image);
      const state = await stateOf(again);
      if (!states.slice(acknowledged - 1).includes(state)) wrong.push(`${step}: ${state}`);
      await again.rebuild();
      if ((await stateOf(again)) !== state) wrong.push(`${step}: another state after a rebuild`);
      await again.close();
    }
    return { wrong, crashes: crashes.length };
  });
  expect(found.wrong).toEqual([]);
  expect(found.crashes).toBeGreaterThan(300);
}, 600_000);
