import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Vault } from '../../../../main/store/types.ts';
import { LOG, at, eventually, watchedVault } from './watched-vault.ts';

async function contents(vault: Vault): Promise<unknown[]> {
  const found = await vault.collection('messages').find({}, { sort: { id: 1 } });
  return found.map(({ id, content }) => `${id}: ${JSON.stringify(content)}`);
}

const line = (id: string, content: string): string =>
  `${JSON.stringify({ id, conversation_id: 'a', role: 'user', content, created_at: at(1) })}\n`;

test('lines that a person appends become records; nothing before them is touched', async () => {
  const { vault, path, read, heard } = await watchedVault();
  const before = read(LOG);
  appendFileSync(path(LOG), line('n1', 'new') + line('m0', 'edited'));
  await eventually(() =>
    expect(heard.map(({ type, id }) => `${type} ${id}`).sort()).toEqual(['insert n1', 'update m0']),
  );
  await vault.settleFiles();
  expect(await contents(vault)).toEqual(['m0: "edited"', 'm1: "t1"', 'm2: "t2"', 'n1: "new"']);
  expect(read(LOG).startsWith(before)).toBe(true);
  expect(await vault.collection('messages').findOne({ id: 'm0' })).toMatchObject({
    _meta: { gen: 2, by: { external: true } },
  });
});

test('a line without a newline at its end counts too', async () => {
  const { vault, path, heard } = await watchedVault();
  appendFileSync(path(LOG), line('n1', 'last').trimEnd());
  await eventually(() => expect(heard).toHaveLength(1));
  await vault.collection('messages').insertOne({ id: 'n2', conversation_id: 'a', role: 'user', content: 'next', created_at: at(1) }); // prettier-ignore
  await vault.settleFiles();
  expect((await contents(vault)).slice(3)).toEqual(['n1: "last"', 'n2: "next"']);
});

test('a line that is edited in place becomes a new version, and the old one stays in the file', async () => {
  const { vault, path, read, heard } = await watchedVault();
  const before = read(LOG);
  writeFileSync(path(LOG), before.replace('"t1"', '"better"'));
  await eventually(() => expect(heard).toEqual([{ collection: 'messages', type: 'update', id: 'm1', stream: 'a' }]));
  await vault.settleFiles();
  expect(await contents(vault)).toEqual(['m0: "t0"', 'm1: "better"', 'm2: "t2"']);
  expect(read(LOG).startsWith(before)).toBe(true);
});

test('a line that a person removes is a deletion; one that is gone by half is not', async () => {
  const { vault, path, read, heard } = await watchedVault();
  writeFileSync(path(LOG), read(LOG).split('\n').slice(1).join('\n'));
  await eventually(() => expect(heard).toEqual([{ collection: 'messages', type: 'delete', id: 'm0', stream: 'a' }]));
  await vault.settleFiles();
  expect(await contents(vault)).toEqual(['m1: "t1"', 'm2: "t2"']);
});

test('a broken line is set aside after a while, and the last good version of its record stands', async () => {
  const { vault, path, read, heard } = await watchedVault();
  const before = read(LOG);
  writeFileSync(path(LOG), `${before.slice(0, 30)}\n${before.slice(before.indexOf('\n') + 1)}`);
  await eventually(() => expect(vault.quarantine()).toHaveLength(1));
  await eventually(() => expect(read(LOG)).toBe(before));
  expect({ heard, contents: await contents(vault) }).toEqual({ heard: [], contents: ['m0: "t0"', 'm1: "t1"', 'm2: "t2"'] }); // prettier-ignore
});

test('a file that goes back to an older version (a backup) takes the record back, and the trash has what was newer', async () => {
  const { vault, path, read, heard } = await watchedVault();
  const old = read(LOG);
  await vault.collection('messages').insertOne({ id: 'n1', conversation_id: 'a', role: 'user', content: 'newer', created_at: at(1) }); // prettier-ignore
  await vault.settleFiles();
  await new Promise((resolve) => setTimeout(resolve, 200));
  writeFileSync(path(LOG), old);
  await eventually(() => expect(heard.map(({ type, id }) => `${type} ${id}`)).toEqual(['delete n1']));
  await vault.settleFiles();
  expect(await contents(vault)).toEqual(['m0: "t0"', 'm1: "t1"', 'm2: "t2"']);
});

test('a new log file becomes records', async () => {
  const { vault, path, heard } = await watchedVault();
  writeFileSync(path('messages/2026/01/01/zz.ndjson'), line('z1', 'z').replace('"a"', '"zz"'));
  await eventually(() => expect(heard).toEqual([{ collection: 'messages', type: 'insert', id: 'z1', stream: 'zz' }]));
  await vault.settleFiles();
  expect((await contents(vault)).at(-1)).toBe('z1: "z"');
});

test('a log’s file that is removed is a deletion of its records, and the trash has it whole', async () => {
  const { vault, path, has, heard } = await watchedVault();
  rmSync(path(LOG));
  await eventually(() =>
    expect(heard.map(({ type, id }) => `${type} ${id}`).sort()).toEqual(['delete m0', 'delete m1']),
  );
  await eventually(() => expect(has(LOG)).toBe(false));
  expect(await contents(vault)).toEqual(['m2: "t2"']);
});

test('appending while the app writes to the same log loses nothing', async () => {
  const { vault, path } = await watchedVault();
  for (let round = 0; round < 10; round += 1) {
    await vault.collection('messages').insertOne({ id: `p${round}`, conversation_id: 'a', role: 'user', content: 'p', created_at: at(1) }); // prettier-ignore
    appendFileSync(path(LOG), line(`q${round}`, 'q'));
    await new Promise((resolve) => setTimeout(resolve, 30 * (round % 4)));
  }
  await eventually(async () => expect((await vault.counts()).messages).toBe(23));
});
