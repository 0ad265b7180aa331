import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ChangeBatch } from '../../../shared/store/store.ts';
import type { Vault } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

const at = '2026-01-01T12:00:00.000Z';
const message = (id: string) => ({ id, conversation_id: 'a', role: 'user' as const, content: id, created_at: at });
const LOG = 'data/messages/2026/01/01/a.ndjson';

/** A vault that nobody watches, with two messages in one log; what listeners hear of other programs. */
async function logVault(): Promise<{ vault: Vault; path: string; heard: ChangeBatch['changes'][number][] }> {
  const vault = await openTestVault(tempFolder(), { tuning: { idleMs: 600_000 } });
  await vault.collection('messages').insertMany([message('m1'), message('m2')]);
  await vault.settleFiles();
  const heard: ChangeBatch['changes'][number][] = [];
  vault.watch(({ source, changes }) => void (source === 'external' && heard.push(...changes)));
  return { vault, path: join(vault.root, LOG), heard };
}

const change = (type: string, id: string) => ({ collection: 'messages', type, id, stream: 'a' });

test('lines that another program appended are told of when the app comes to write there', async () => {
  const { vault, path, heard } = await logVault();
  appendFileSync(path, `${JSON.stringify(message('by-hand'))}\n`);
  await vault.collection('messages').insertOne(message('m3'));
  await vault.settleFiles();
  expect(heard).toEqual([change('insert', 'by-hand')]);
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(4);
});

test('of a log that was written anew, everything that may have changed is told', async () => {
  const { vault, path, heard } = await logVault();
  const [first = ''] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, `${first.replace('"m1","', '"m1","x":1,"')}\n`);
  let files = 0;
  vault.onFiles((collections) => void (collections.has('messages') && (files += 1)));
  await vault.collection('messages').insertOne(message('m3'));
  await vault.settleFiles();
  expect(heard).toEqual([change('update', 'm1'), change('delete', 'm2')]);
  expect(files).toBeGreaterThan(0);
});

test('a file that is as memory has it is told of to nobody', async () => {
  const { vault, heard } = await logVault();
  await vault.collection('messages').insertOne(message('m3'));
  await vault.settleFiles();
  expect(heard).toEqual([]);
});
