import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../../main/app/create-app.ts';
import type { App } from '../../../main/app/assemble-app.ts';
import { connect } from '../../../main/remote/connect.ts';
import { freshDatabase, sharedMongod } from '../../helpers/mongod-shared.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const url = await sharedMongod('replica-set');

async function openApp(): Promise<App> {
  const app = await createApp({ vaultPath: join(tempFolder(), 'vault') });
  onTestFinished(() => app.close());
  return app;
}

async function fill({ vault }: App): Promise<void> {
  for (const [id, year, pinned] of [
    ['old', '2020', false],
    ['kept', '2020', true],
    ['new', '2099', false],
  ] as const) {
    const dates = { created_at: `${year}-05-05T10:00:00.000Z`, updated_at: `${year}-05-05T10:00:00.000Z` };
    await vault.collection('conversations').insertOne({ id, title: id, pinned, ...dates });
    await vault
      .collection('messages')
      .insertOne({ id: `${id}-1`, conversation_id: id, role: 'user', content: id, ...dates });
  }
}

const idsOf = async ({ vault }: App, collection: 'conversations' | 'messages'): Promise<string[]> =>
  (await vault.collection(collection).find({}, { sort: { id: 1 } })).map(({ id }) => id);

test('a vault with a scope holds its part, certifies it, and has everything again when it wants it', async () => {
  const database = freshDatabase();
  const [ann, ben] = [await openApp(), await openApp()];
  await fill(ann);
  await ann.team.connect({ url, database });
  await ann.team.sync();
  await ben.team.connect({ url, database });
  await ben.team.setScope({ days: 30, pinned: true, users: [] });
  await ben.team.pull();
  expect([await idsOf(ben, 'conversations'), await idsOf(ben, 'messages')]).toEqual([['kept', 'new'], ['kept-1', 'new-1']]); // prettier-ignore

  const certificate = await ben.team.verify();
  expect(certificate).toMatchObject({ equal: true, scope: { pinned: true, users: [] } });
  expect(certificate.collections['messages']).toMatchObject({ by: 'contents', local: 2, remote: 2, differing: [] });
  expect((await ben.team.verify()).collections['messages']).toMatchObject({ by: 'digests', local: 2, remote: 2 });
  expect(ben.team.certificate()?.text).toContain('Of conversations and messages, those since');

  await ben.team.setScope(null);
  await ben.team.sync();
  expect(await idsOf(ben, 'messages')).toEqual(['kept-1', 'new-1', 'old-1']);
  await ben.team.setScope({ days: 30, pinned: false, users: [] });
  await ben.team.sync();
  expect(await idsOf(ben, 'conversations')).toEqual(['new']);
  await ann.team.sync();
  expect(await idsOf(ann, 'messages')).toEqual(['kept-1', 'new-1', 'old-1']);
});

test('what another program changed in place, with _meta left alone, is found by a certificate made of digests', async () => {
  const database = freshDatabase();
  const ann = await openApp();
  await fill(ann);
  await ann.team.connect({ url, database });
  expect((await ann.team.verify()).collections['messages']?.by).toBe('contents');
  const other = await connect(url, { db: database });
  onTestFinished(() => other.close());
  await other.db.collection('messages').updateOne({ _id: 'old-1' as never }, { $set: { content: 'olm' } });
  const certificate = await ann.team.verify();
  expect(certificate).toMatchObject({ equal: true, collections: { messages: { by: 'digests' } } });
  expect((await ann.vault.collection('messages').findOne({ id: 'old-1' }))?.content).toBe('olm');
  expect((await ann.team.verify({ full: true })).collections['messages']?.by).toBe('contents');
});
