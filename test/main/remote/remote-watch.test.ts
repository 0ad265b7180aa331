import { expect, test } from 'vitest';
import { createMongoStore } from '../../../main/remote/mongo-store.ts';
import { isIntact } from '../../../main/records/meta.ts';
import type { Change, ChangeBatch } from '../../../shared/store/store.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';
import { openTestStore } from './open-test-store.ts';

const servers = { 'replica set': await sharedMongod('replica-set'), standalone: await sharedMongod('standalone') };

for (const [kind, url] of Object.entries(servers)) {
  test(`${kind}: what another program or another Almanac writes is told as remote, and one’s own writes once`, async () => {
    const { store, connection } = await openTestStore(url);
    const other = createMongoStore(connection, { replica: 'other' });
    const told: ChangeBatch[] = [];
    const waiting = new Map<string, () => void>();
    store.watch((batch) => {
      told.push(batch);
      for (const { id } of batch.changes) waiting.get(id)?.();
    });
    const heard = (id: string): Promise<void> => new Promise((resolve) => void waiting.set(id, resolve));

    // Watching begins some time after `watch`: whatever is written meanwhile may go unheard, so knock until it answers.
    const open = heard('knock');
    const knock = async (): Promise<void> => {
      let isOpen = false;
      void open.then(() => (isOpen = true));
      for (let time = 1; !isOpen; time += 1) {
        await other
          .collection('memories')
          .updateOne(
            { id: 'knock' },
            { $set: { text: `${time}`, type: 'USER_FACT', confidence: 1 } },
            { upsert: true },
          );
      }
    };
    await knock();
    const ofConversations = (): Change[] =>
      told
        .filter(({ source }) => source === 'remote')
        .flatMap(({ changes }) => changes.filter(({ id }) => id !== 'knock'));

    await store.collection('conversations').insertOne({ id: 'mine' });
    const inserted = heard('theirs');
    await other.collection('conversations').insertOne({ id: 'theirs' });
    await inserted;
    const message = heard('m');
    await other.collection('messages').insertOne({ id: 'm', conversation_id: 'theirs', role: 'user', content: 'x' });
    await message;
    const deleted = heard('theirs');
    await other.collection('conversations').deleteOne({ id: 'theirs' });
    await deleted;
    expect(ofConversations()).toEqual([
      { collection: 'conversations', type: 'insert', id: 'theirs' },
      { collection: 'messages', type: 'insert', id: 'm', stream: 'theirs' },
      { collection: 'conversations', type: 'delete', id: 'theirs' },
    ]);
    expect(told.filter(({ source }) => source === 'local')).toEqual([
      { source: 'local', changes: [{ collection: 'conversations', type: 'insert', id: 'mine' }] },
    ]);
    await other.close();
  });
}

test('an edit by another program while an update is under way is not overwritten', async () => {
  const { store, connection } = await openTestStore(servers['replica set']);
  const conversations = store.collection('conversations');
  const server = connection.db.collection('conversations');
  await conversations.insertOne({ id: 'a', title: 'x', context: { n: 0 } });
  const theirs = Array.from({ length: 30 }, () =>
    server.updateOne({ _id: 'a' as never }, { $inc: { 'context.n': 1, theirs: 1 } }),
  );
  const ours = Array.from({ length: 30 }, () =>
    conversations.updateOne({ id: 'a' }, { $inc: { 'context.n': 1, ours: 1 } }),
  );
  await Promise.all([...theirs, ...ours]);
  expect(await conversations.findOne({ id: 'a' })).toMatchObject({ context: { n: 60 }, theirs: 30, ours: 30 });
});

test('an edit by another program while a deletion is under way is not deleted unseen', async () => {
  const { store, connection } = await openTestStore(servers['replica set']);
  const conversations = store.collection('conversations');
  const server = connection.db.collection('conversations');
  const ids = Array.from({ length: 200 }, (_, at) => `d${at}`);
  await conversations.insertMany(ids.map((id) => ({ id, title: 'old' })));
  const outcomes = await Promise.all(
    ids.map(async (id) => {
      const [{ deletedCount }, { modifiedCount }] = await Promise.all([
        conversations.deleteOne({ id, title: 'old' }),
        server.updateOne({ _id: id as never, title: 'old' }, { $set: { title: 'new' } }),
      ]);
      return deletedCount + modifiedCount;
    }),
  );
  expect(outcomes).toEqual(ids.map(() => 1));
});

test('updates of different fields at once make one history: each version is built on the one before it', async () => {
  // Time stands still, so that only the revision tells one version from the next.
  const clock = { now: () => Date.parse('2026-03-01T10:00:00.000Z') };
  const { store, connection } = await openTestStore(servers['replica set'], { clock });
  const other = createMongoStore(connection, { replica: 'other', clock });
  await store.collection('conversations').insertOne({ id: 'a' });
  const updates = Array.from({ length: 12 }, (_, at) =>
    (at % 2 ? store : other).collection('conversations').updateOne({ id: 'a' }, { $set: { [`field${at}`]: at } }),
  );
  await Promise.all(updates);
  const record = await store.collection('conversations').findOne({ id: 'a' });
  expect(record?._meta).toMatchObject({ gen: 13, anc: { length: 12 } });
  expect(record && isIntact(record)).toBe(true);
  await other.close();
});
