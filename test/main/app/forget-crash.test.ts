import { expect, test } from 'vitest';
import { purgingOf } from '../../../main/app/purging.ts';
import { createMemory } from '../../../main/memory/memory.ts';
import { verifyLog } from '../../../main/memory/log/verify.ts';
import type { MemoryService } from '../../../main/memory/types.ts';
import type { Vault } from '../../../main/store/types.ts';
import { SimDisk, seededRandom } from '../../helpers/sim-disk.ts';
import { openOnSimDisk } from '../../helpers/vault-on-sim-disk.ts';
import { withoutTimers } from '../../helpers/without-timers.ts';
import { person } from '../memory/memory-vault.ts';
import { newState, pushAll } from '../store/ledger/ledger-bench.ts';
import { CANARY, hasCanary } from './forget-bench.ts';

const TEXT = `Lives by the ${CANARY}`;

function memoryOf(vault: Vault, disk: SimDisk): MemoryService {
  const { replica } = vault.ledger();
  return createMemory({ store: vault, clock: disk.clock, replica, purging: purgingOf(vault, async () => undefined) });
}

function canaries(disk: SimDisk): string[] {
  const found = [...disk.files()].filter(([path, bytes]) => hasCanary(path, bytes));
  return found.map(([path]) => path).sort();
}

/** A memory with a past in the log, the trash, the quarantine, a conflict and the sync ledger. Its latest edit is in the vault's log alone. */
async function prepared(disk: SimDisk): Promise<{ vault: Vault; memory: MemoryService; id: string }> {
  const vault = await openOnSimDisk(disk, true);
  const memory = memoryOf(vault, disk);
  await vault.ledger().commit({ steps: [], state: newState });
  const { id } = (await memory.add({ type: 'USER_FACT', text: TEXT }, person)).memory;
  const other = (await memory.add({ type: 'USER_FACT', text: `${TEXT}!`, anyway: true }, person)).memory.id;
  await memory.add({ type: 'USER_FACT', text: 'Has cats', evidence: [{ message_id: 'm', quote: TEXT }] }, person);
  await memory.merge([id, other], person);
  await vault.settleFiles();
  await pushAll(vault.ledger());
  const [folder, story] = ['/vault/_quarantine', JSON.stringify({ origin: 'data/memories/x', reason: 'r', at: 'a' })];
  disk.port.makeFolder(folder);
  disk.port.append(`${folder}/q.json`, Buffer.from(story));
  disk.port.append(`${folder}/q.bin`, Buffer.from(`torn ${TEXT}`));
  disk.port.syncFolder(folder);
  disk.port.syncFolder('/vault');
  await memory.edit(id, { pinned: true }, person);
  await vault.settleFiles();
  await memory.edit(id, { confidence: 0.95 }, person);
  return { vault, memory, id };
}

/** Whether it was forgotten; what has to be true either way is checked. */
async function recovered(disk: SimDisk, id: string, label: string): Promise<boolean> {
  const vault = await openOnSimDisk(disk);
  const memory = memoryOf(vault, disk);
  await memory.finishForgetting();
  const isForgotten = (await memory.show(id)).state === 'forgotten';
  await vault.settleFiles();
  const left = canaries(disk);
  if (isForgotten) expect(left, label).toEqual([]);
  else {
    expect((await memory.show(id)).text, label).toBe(TEXT);
    expect(left, label).not.toContain('/vault/_forgetting.json');
  }
  const files = [...vault.files(['memory_events'])].map(({ path }) => ({
    path,
    bytes: disk.port.readFile(`/vault/${path}`),
  }));
  expect(verifyLog(files), label).toMatchObject({ ok: true });
  return isForgotten;
}

test('whenever it dies while it forgets, it either has not begun or ends without a trace', async () => {
  await withoutTimers(async () => {
    const disk = new SimDisk();
    const { memory, id } = await prepared(disk);
    expect(canaries(disk).length).toBeGreaterThan(5);
    const found: { readonly label: string; readonly disk: SimDisk }[] = [];
    const random = seededRandom(7);
    disk.interfere = ({ act, path }) => {
      if (act === 'read') return;
      const label = `before step ${found.length}, ${act} ${path}`;
      found.push({ label, disk: disk.afterKill() }, { label: `${label}, power cut`, disk: disk.afterPowerCut(random) });
    };
    await memory.forget(id, person);
    disk.interfere = () => undefined;
    expect(canaries(disk)).toEqual([]);
    const outcomes = new Set<boolean>();
    for (const { label, disk: left } of found) outcomes.add(await recovered(left, id, label));
    expect(outcomes).toEqual(new Set([false, true]));
    expect(found.length).toBeGreaterThan(100);
  });
});

test('what a full disk leaves undone is said, and done the next time', async () => {
  await withoutTimers(async () => {
    const disk = new SimDisk();
    const { memory, id } = await prepared(disk);
    disk.interfere = ({ act, path }) => {
      if (act === 'write' && path.includes('_quarantine')) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    };
    const forgotten = await memory.forget(id, person);
    expect(forgotten).toMatchObject({ purged: null, pending: expect.stringContaining('full') as string });
    expect(canaries(disk)).toEqual(['/vault/_forgetting.json', '/vault/_quarantine/q.bin']);
    disk.interfere = () => undefined;
    await memory.finishForgetting();
    expect(canaries(disk)).toEqual([]);
  });
});
