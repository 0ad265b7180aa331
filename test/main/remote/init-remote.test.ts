import type { Document } from 'mongodb';
import { expect, test } from 'vitest';
import { initRemote, isPrepared } from '../../../main/remote/init-remote.ts';
import { createMongoStore } from '../../../main/remote/mongo-store.ts';
import { createRemotePort } from '../../../main/remote/remote-port.ts';
import { collectionNames, registry } from '../../../shared/collections/registry.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';
import { openTestDatabase, openTestStore } from './open-test-store.ts';

const url = await sharedMongod('standalone');

test('preparing makes every collection, index, rule and view, and again changes nothing', async () => {
  const connection = await openTestDatabase(url);
  const { db } = connection;
  expect(await isPrepared(connection)).toBe(false);
  const first = await initRemote(connection);
  expect([...first.created].sort()).toEqual(collectionNames.map((name) => registry[name].mongo.collection).sort());
  expect(first).toMatchObject({ views: ['chats', 'discord_profiles'], problems: [] });
  const state = async (): Promise<unknown> => {
    const all = await db.listCollections().toArray();
    const parts = all.map(async ({ name, type, ...rest }) => ({
      name,
      rest,
      indexes: type === 'collection' ? await db.collection(name).indexes() : [],
    }));
    return (await Promise.all(parts)).sort((a, b) => (a.name < b.name ? -1 : 1));
  };
  const before = await state();
  expect(await initRemote(connection)).toEqual({ ...first, created: [] });
  expect(await state()).toEqual(before);
  expect(await isPrepared(connection)).toBe(true);
});

test('what other programs have there stays as it is, and what is in the way is told', async () => {
  const connection = await openTestDatabase(url);
  const { db } = connection;
  const foreign = { _id: 1 as never, lookup_key: 'k', title: { any: 'shape' }, created_at: new Date(0) };
  await db.collection('conversations').insertMany([foreign, { ...foreign, _id: 2 as never }]);
  await db.collection('chats').insertOne({ _id: 'theirs' as never });
  const { problems } = await initRemote(connection);
  expect(problems).toEqual([
    'conversations: no index lookup_key_1, because of documents with equal keys',
    'chats is a collection of another program, so there is no view of this name',
  ]);
  expect(await db.collection('conversations').findOne({ _id: 1 as never })).toEqual(foreign);
  await db.collection('conversations').updateOne({ _id: 1 as never }, { $set: { created_at: 'whenever' } });
  await db.collection('conversations').insertOne({ _id: 3 as never, title: 7 });
});

test('the server’s rules take what the Store writes, refuse broken records of ours, and let other programs be', async () => {
  const { store, connection } = await openTestStore(url);
  await store
    .collection('conversations')
    .insertOne({ id: 'a', title: 'x', context: { any: [1, null] }, user_id: null });
  await store
    .collection('messages')
    .insertOne({ id: 'm', conversation_id: 'a', role: 'user', content: [{ type: 'text', text: 'x' }] });
  await store.collection('memories').insertOne({ id: 'f', type: 'USER_FACT', text: 'x', confidence: 1 });
  const server = connection.db.collection('conversations');
  await server.updateOne({ _id: 'a' as never }, { $set: { updated_at: new Date(), note: 'theirs' } });
  await expect(server.updateOne({ _id: 'a' as never }, { $set: { pinned: 'yes' } })).rejects.toMatchObject({
    code: 121,
  });
  await expect(server.updateOne({ _id: 'a' as never }, { $unset: { '_meta.day': '' } })).rejects.toMatchObject({
    code: 121,
  });
  const memories = connection.db.collection('memories');
  await expect(memories.updateOne({ _id: 'f' as never }, { $set: { confidence: 0.5 } })).rejects.toMatchObject({
    code: 121,
  });
  await server.insertOne({ pinned: 'yes' });
  await store.collection('conversations').deleteOne({ id: 'a' });
  expect(await server.countDocuments({ '_meta.del': true })).toBe(1);
});

test('an index asked for by name and a find by it are answered from the index, and so are sorted pages', async () => {
  const { store } = await openTestStore(url);
  const conversations = store.collection('conversations');
  await conversations.insertMany(
    Array.from({ length: 50 }, (_, at) => ({ id: `c${at}`, user_id: `u${at % 5}`, lookup_key: `k${at}` })),
  );
  expect(await conversations.explain({ id: 'c1' })).toMatchObject({ plan: 'id', candidates: 1 });
  expect(await conversations.explain({ user_id: 'u1' })).toMatchObject({
    plan: 'index',
    index: 'user_id_1',
    candidates: 10,
  });
  expect(await conversations.explain({ lookup_key: 'k1' })).toMatchObject({ index: 'lookup_key_1', candidates: 1 });
  expect(await conversations.explain({}, { sort: { updated_at: -1 }, limit: 5 })).toMatchObject({
    plan: 'order',
    sorted: false,
    candidates: 5,
  });
  expect(await conversations.explain({ title: 'x' })).toMatchObject({ plan: 'scan' });
  expect(await conversations.explain({}, { sort: { title: 1 } })).toMatchObject({ plan: 'scan', sorted: true });
});

test('the views show our records in the seeds’ shapes', async () => {
  const { store, connection } = await openTestStore(url);
  const at = (minute: number): string => `2026-02-21T09:0${minute}:00.000Z`;
  await store.collection('conversations').insertMany([
    {
      id: 'abc',
      title: 'Chat Title',
      workspace: '/w',
      provider: 'auggie',
      streaming_status: null,
      created_at: at(0),
    },
    { id: 'gone' },
  ]);
  await store.collection('conversations').deleteOne({ id: 'gone' });
  await store.collection('messages').insertMany([
    { id: 'm2', conversation_id: 'abc', role: 'assistant', content: 'two', created_at: at(2) },
    { id: 'm1', conversation_id: 'abc', role: 'user', content: 'one', created_at: at(1) },
  ]);
  const [chat, ...others] = await connection.db.collection<Document>('chats').find().toArray();
  expect(others).toEqual([]);
  expect(chat).toMatchObject({
    id: 'abc',
    title: 'Chat Title',
    workspace: '/w',
    provider: 'auggie',
    streaming_status: null,
    created_at: at(0),
  });
  expect(chat).not.toHaveProperty('_meta');
  expect(chat?.['messages']).toEqual([
    { id: 'm1', role: 'user', content: 'one', created_at: at(1), updated_at: at(1), timestamp: at(1) },
    { id: 'm2', role: 'assistant', content: 'two', created_at: at(2), updated_at: at(2), timestamp: at(2) },
  ]);

  const [subject, tenant] = ['USER:246', 'TENANT:12'];
  await store.collection('profiles').insertOne({
    id: 'p',
    subject,
    tenant,
    message_count: 42,
    preferences: { detail_level: 'medium' },
    domains: [{ domain: 'music', confidence: 0.85 }],
  });
  await store.collection('memories').insertMany([
    { id: 'f', type: 'USER_FACT', text: 'Loves fettuccini', confidence: 0.85, subject, tenant, confirmation_count: 2 },
    { id: 'n', type: 'SHARED_NARRATIVE', text: 'Since 2019', confidence: 0.95, subject, tenant },
    { id: 'x', type: 'USER_FACT', text: '(forgotten)', confidence: 0.9, subject, tenant, state: 'forgotten' },
    { id: 'y', type: 'USER_FACT', text: 'of another', confidence: 0.9, subject: 'USER:1', tenant },
  ]);
  const profiles = await connection.db.collection<Document>('discord_profiles').find().toArray();
  expect(profiles).toMatchObject([
    {
      user_id: '246',
      guild_id: '12',
      message_count: 42,
      creative_profile: {
        memorable_facts: [
          {
            fact: 'Loves fettuccini',
            type: 'USER_FACT',
            confidence: 0.85,
            confirmation_count: 2,
            added_at: expect.any(String) as string,
          },
        ],
        patterns: [],
        narratives: [{ narrative: 'Since 2019' }],
        preferences: { detail_level: 'medium' },
        domains: [{ domain: 'music' }],
      },
    },
  ]);
});

test('a digest asked of a database that was not prepared says so', async () => {
  const connection = await openTestDatabase(url);
  await connection.db.collection('conversations').insertOne({});
  await expect(createRemotePort(connection).digest('conversations', { by: 'month' })).rejects.toMatchObject({
    kind: 'auth',
    cause: { code: 'REMOTE_NOT_PREPARED' },
  });
  const store = createMongoStore(connection, { replica: 'r' });
  expect(await store.collection('conversations').count()).toBe(1);
});
