import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { must } from '../../../../shared/assert.ts';
import { documentPath } from '../../../../main/store/layout.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openTestVault } from '../open-test-vault.ts';

test('a record that was deleted a moment ago is not taken for a new file while its file still stands', async () => {
  // Files catch up only when they are asked to.
  const vault = await openTestVault(tempFolder(), { tuning: { idleMs: 3_600_000 } });
  const edits = must((await vault.watchFiles()) ?? undefined, 'an owner watches');
  await edits.ready();
  const chats = vault.collection('conversations');
  await chats.insertOne({ id: 'a', title: 'A' });
  const path = documentPath('a', must((await chats.findOne({ id: 'a' })) ?? undefined, 'is there').created_at);
  await vault.settleFiles();
  await chats.deleteOne({ id: 'a' });
  expect(existsSync(join(vault.root, 'data/conversations', path))).toBe(true);
  await edits.rescan('');
  await edits.idle();
  expect(await chats.count()).toBe(0);
  expect(existsSync(join(vault.root, 'data/conversations', path))).toBe(false);
});
