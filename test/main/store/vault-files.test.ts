import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { Vault, VaultFile } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

const collections: readonly CollectionName[] = ['conversations', 'messages'];
const calm = { tuning: { idleMs: 600_000 } };

function filesOf(vault: Vault): Map<string, VaultFile> {
  return new Map([...vault.files(collections)].map((file) => [file.path, file]));
}

/** What somebody knows of the files who only hears of changes. */
function follow(vault: Vault): Map<string, VaultFile> {
  const known = filesOf(vault);
  vault.onFiles((_, changes) => {
    expect(changes).toBeDefined();
    for (const { path, file } of changes ?? []) {
      if (file) known.set(path, file);
      else known.delete(path);
    }
  });
  return known;
}

const day = fc.constantFrom('2026-01-01T12:00:00.000Z', '2026-01-02T12:00:00.000Z');
const id = fc.constantFrom('a', 'b', 'C with blanks');
type Step = readonly ['insert' | 'rename' | 'delete' | 'message' | 'edit' | 'drop', string, string];
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('insert', 'rename', 'delete', 'message', 'edit', 'drop'),
  id,
  day,
);

async function take(vault: Vault, [kind, name, at]: Step, count: number): Promise<unknown> {
  const [chats, messages] = [vault.collection('conversations'), vault.collection('messages')];
  const title = `title ${count}`;
  switch (kind) {
    case 'insert':
      return chats.updateOne({ id: name }, { $set: { title }, $setOnInsert: { created_at: at } }, { upsert: true });
    case 'rename':
      return chats.updateOne({ id: name }, { $set: { title } });
    case 'delete':
      return chats.deleteOne({ id: name });
    case 'message': {
      const message = { id: `m${count}`, conversation_id: name, role: 'user' as const, content: title, created_at: at };
      return messages.insertOne(message);
    }
    case 'edit':
      return messages.updateOne({ conversation_id: name }, { $set: { content: title } });
    case 'drop':
      return messages.deleteMany({ conversation_id: name });
  }
}

test('who hears of the changes knows the files as they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 6 }), async (rounds) => {
      const vault = await openTestVault(tempFolder(), calm);
      const known = follow(vault);
      let count = 0;
      for (const round of rounds) {
        for (const each of round) await take(vault, each, (count += 1));
        await vault.settleFiles();
        expect(known).toEqual(filesOf(vault));
      }
      await vault.close();
    }),
    { numRuns: 25 },
  );
});

test('a file of another program is told of once it is a record', async () => {
  const vault = await openTestVault(tempFolder(), calm);
  await vault.collection('conversations').insertOne({ id: 'a', title: 'one', created_at: '2026-01-01T12:00:00.000Z' });
  await vault.settleFiles();
  const known = follow(vault);
  const edits = await vault.watchFiles();
  const path = 'data/conversations/2026/01/01/by-hand.json';
  writeFileSync(join(vault.root, path), JSON.stringify({ id: 'by-hand', title: 'two' }));
  await edits?.rescan('');
  await vault.settleFiles();
  expect([...known.keys()]).toContain(path);
  expect(known).toEqual(filesOf(vault));
});
