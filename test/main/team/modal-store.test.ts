import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Store } from '../../../shared/store/store.ts';
import { createModalStore } from '../../../main/team/modal-store.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from '../store/open-test-vault.ts';

let local: Store;
/** A second vault stands for the server: the same Store, other records. */
let server: Store;
let isUp = true;
let away: unknown[] = [];
let modal: Store;

const deaf = {
  collection: () => ({
    findOne: () => new Promise(() => undefined),
    count: () => Promise.reject(new Error('cut off')),
  }),
} as unknown as Store;

beforeEach(async () => {
  const folder = tempFolder();
  local = await openTestVault(join(folder, 'local'));
  server = await openTestVault(join(folder, 'server'));
  await local.collection('conversations').insertOne({ id: 'c', title: 'here' });
  await server.collection('conversations').insertOne({ id: 'c', title: 'there' });
  await server
    .collection('imports')
    .insertOne({ id: 'i', app: 'there' })
    .catch(() => undefined);
  isUp = true;
  away = [];
  modal = createModalStore(local, {
    remote: async () => (isUp ? server : null),
    onAway: (error) => void away.push(error),
    patienceMs: 20,
  });
});

test('reads are the server’s while it serves, and the vault’s while it does not', async () => {
  expect((await modal.collection('conversations').findOne({ id: 'c' }))?.title).toBe('there');
  isUp = false;
  expect((await modal.collection('conversations').findOne({ id: 'c' }))?.title).toBe('here');
  expect(away).toEqual([]);
});

test('writes go to the vault', async () => {
  await modal.collection('conversations').updateOne({ id: 'c' }, { $set: { title: 'changed' } });
  expect((await local.collection('conversations').findOne({ id: 'c' }))?.title).toBe('changed');
  expect((await server.collection('conversations').findOne({ id: 'c' }))?.title).toBe('there');
});

test('a server that does not answer, or breaks off, is told, and the vault answers', async () => {
  const store = createModalStore(local, {
    remote: async () => deaf,
    onAway: (error) => void away.push(error),
    patienceMs: 20,
  });
  expect((await store.collection('conversations').findOne({ id: 'c' }))?.title).toBe('here');
  expect(await store.collection('conversations').count()).toBe(1);
  expect(away).toHaveLength(2);
});

test('a wrong filter is the caller’s fault, not the server’s', async () => {
  await expect(modal.collection('conversations').find({ $nope: 1 })).rejects.toMatchObject({ code: 'BAD_FILTER' });
  expect(away).toEqual([]);
});

test('what never leaves the machine is never asked of the server', async () => {
  expect(modal.collection('imports')).toBe(local.collection('imports'));
});
