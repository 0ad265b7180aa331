import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openMemory } from '../../../main/app/open-memory.ts';
import type { MemoryService } from '../../../main/memory/types.ts';
import type { Vault } from '../../../main/store/types.ts';
import { createTransfer } from '../../../main/transfer/create-transfer.ts';
import type { Receipt } from '../../../shared/ipc/models.ts';
import { makeZip } from '../../fixtures/exports/make-zip.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { handClock, person, there } from '../memory/memory-vault.ts';
import { openTestVault } from '../store/open-test-vault.ts';
import { archiveAt, workerUrl } from '../transfer/test-vault.ts';

interface Bench {
  readonly vault: Vault;
  readonly service: MemoryService;
  /** Imports what another program remembers of this account. */
  readonly importMemories: (
    account: string,
    conversations: string,
    projects?: Record<string, string>,
  ) => Promise<Receipt>;
}

async function opened(): Promise<Bench> {
  const clock = handClock();
  const folder = tempFolder();
  const vault = await openTestVault(join(folder, 'vault'), { clock });
  const { service } = openMemory(vault, clock, async () => undefined);
  onTestFinished(() => service.close());
  const memoryDoor = (offered: Parameters<MemoryService['refusals']>[0]) => service.refusals(offered);
  const transfer = createTransfer({ vault, workerUrl, clock, memoryDoor });
  let count = 0;
  return {
    vault,
    service,
    async importMemories(account, conversations_memory, project_memories = {}) {
      count += 1;
      const memories = [{ conversations_memory, project_memories, account_uuid: account }];
      const zip = await makeZip(join(folder, `${count}.zip`), { 'conversations.json': [], 'memories.json': memories });
      return transfer.run(archiveAt(zip));
    },
  };
}

test('what was forgotten does not come in by an import, under its own name or another, unless the person says so', async () => {
  const { vault, service, importMemories } = await opened();
  expect(await importMemories('a', 'Rows a boat.', { p: 'Builds it.' })).toMatchObject({ memories: { created: 2 } });
  await service.applyDecay({ who: 'JOB:decay' });
  const boat = there((await service.list()).find(({ text }) => text === 'Rows a boat.')).id;
  await service.forget(boat, person);
  expect(await importMemories('a', 'Rows a boat.', { p: 'Builds it.' })).toMatchObject({
    memories: { created: 0, updated: 0, skipped: 2 },
  });
  expect(await importMemories('b', 'rows a BOAT')).toMatchObject({ memories: { created: 0, skipped: 1 } });
  expect(await service.show(boat)).toMatchObject({ state: 'forgotten', text: '(forgotten)' });
  expect(JSON.stringify(await vault.collection('memories').find())).not.toMatch(/rows a boat/i);
  expect(await importMemories('b', 'Sails a boat.')).toMatchObject({ memories: { created: 1 } });
  await service.add({ type: 'USER_FACT', text: 'Rows a boat', anyway: true }, person);
  expect((await service.list()).map(({ text }) => text).sort()).toEqual(['Builds it.', 'Rows a boat', 'Sails a boat.']);
});

test('an import brings no memories while memory is switched off', async () => {
  const { service, importMemories } = await opened();
  await service.constrain({ memory_enabled: false }, person);
  expect(await importMemories('a', 'Rows a boat.')).toMatchObject({ memories: { created: 0, skipped: 1 } });
  await service.constrain({ memory_enabled: true }, person);
  expect(await importMemories('a', 'Rows a boat.')).toMatchObject({ memories: { created: 1, skipped: 0 } });
});
