import { expect, test } from 'vitest';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

test('explain says which index answers, and whether files are read to judge', async () => {
  const vault = await openTestVault(tempFolder());
  const collection = vault.collection('conversations');
  await collection.insertMany(
    Array.from({ length: 20 }, (_, at) => ({ id: `c${at}`, user_id: `u${at % 4}`, context: { n: at } })),
  );
  expect(await collection.explain({ id: 'c1' })).toMatchObject({ plan: 'id', candidates: 1, judges: 'rows' });
  expect(await collection.explain({ user_id: 'u1' })).toMatchObject({
    plan: 'index',
    index: 'user_id_1',
    candidates: 5,
    judges: 'rows',
  });
  expect(await collection.explain({}, { sort: { updated_at: -1 }, limit: 5 })).toMatchObject({
    plan: 'order',
    index: 'updated_at_-1',
    sorted: false,
  });
  expect(await collection.explain({ 'context.n': 3 })).toMatchObject({ plan: 'scan', candidates: 20, judges: 'files' });
  expect(await collection.explain({ title: 'x' }, { sort: { title: 1 } })).toMatchObject({
    plan: 'scan',
    sorted: true,
    judges: 'rows',
  });
  await expect(collection.explain({ $nope: 1 })).rejects.toMatchObject({ code: 'BAD_FILTER' });
});
