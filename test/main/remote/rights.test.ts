import { expect, onTestFinished, test } from 'vitest';
import { type RemoteConnection, connect } from '../../../main/remote/connect.ts';
import { initRemote, isPrepared, prepareRemote } from '../../../main/remote/init-remote.ts';
import { createMongoStore } from '../../../main/remote/mongo-store.ts';
import { createRemotePort } from '../../../main/remote/remote-port.ts';
import { collectionNames, registry } from '../../../shared/collections/registry.ts';
import { findMongod } from '../../helpers/mongod-binary.ts';
import { listed } from '../../contracts/remote-port-contract.ts';
import { freshDatabase } from '../../helpers/mongod-shared.ts';
import { startMongod } from '../../helpers/mongod.ts';
import { firstVersion, nextVersion } from './versions.ts';

const found = await findMongod();
const missing = 'missing' in found ? found.missing : null;
/** Starting a server with users takes its time on a busy machine. */
const timeout = 300_000;

test(
  'after an administrator has prepared it, an ordinary user works, and the reconciler with less',
  { timeout },
  async (context) => {
    if (missing !== null) context.skip(missing);
    const mongod = await startMongod({ kind: 'replica-set', auth: { user: 'root', password: 'rootrootroot' } });
    onTestFinished(() => mongod.stop());
    const db = freshDatabase();
    const open = async (user: string): Promise<RemoteConnection> => {
      const connection = await connect(mongod.url.replace('root:rootrootroot', `${user}:${user}${user}`), { db });
      onTestFinished(() => connection.close());
      return connection;
    };
    const admin = await connect(mongod.url, { db });
    onTestFinished(() => admin.close());
    const sync = collectionNames.map((name) => registry[name].mongo.collection);
    const may = (actions: string[]) => (collection: string) => ({ resource: { db, collection }, actions });
    await admin.client.db('admin').command({
      createRole: 'almanacSync',
      privileges: [...sync, 'sync_meta']
        .map(may(['find', 'insert', 'update']))
        .concat({ resource: { db, collection: '' }, actions: ['changeStream', 'find'] }),
      roles: [],
    });
    const roles = { reader: ['read'], writer: ['readWrite'], sync: ['almanacSync'] } as const;
    for (const [user, [role]] of Object.entries(roles)) {
      const grant = role === 'almanacSync' ? { role, db: 'admin' } : { role, db };
      await admin.client.db('admin').command({ createUser: user, pwd: `${user}${user}`, roles: [grant] });
    }

    // Another program's collection stands there, so that only an administrator may give it rules; the others are told so.
    await admin.db.createCollection('conversations');
    const sync1 = await open('sync');
    await expect(prepareRemote(sync1)).rejects.toMatchObject({ code: 'REMOTE_NOT_PREPARED' });
    await expect(createRemotePort(sync1).hello()).rejects.toMatchObject({ name: 'Error', kind: 'auth' });
    const writer = await open('writer');
    await expect(prepareRemote(writer)).rejects.toMatchObject({ code: 'REMOTE_NOT_PREPARED' });

    expect(await isPrepared(admin)).toBe(false);
    expect((await initRemote(admin)).problems).toEqual([]);
    await prepareRemote(writer);

    const store = createMongoStore(writer, { replica: 'w' });
    const conversations = store.collection('conversations');
    await conversations.insertMany([{ id: 'a', lookup_key: 'k' }, { id: 'b' }]);
    expect(await conversations.updateMany({}, { $set: { title: 'x' } })).toMatchObject({ modifiedCount: 2 });
    await expect(conversations.updateMany({}, { $set: { lookup_key: 'z' } })).rejects.toMatchObject({
      code: 'DUPLICATE_KEY',
    });
    expect(await conversations.deleteMany({ id: 'b' })).toMatchObject({ deletedCount: 1 });

    const port = createRemotePort(sync1);
    expect(await port.hello()).toMatchObject({ streams: true });
    await port.claim({ store_id: 's', epoch: 1, protocol: { min: 1, cur: 1 }, collections: {} });
    const record = firstVersion({ id: 'c' });
    expect(await port.push('conversations', [{ record, expect: { kind: 'absent' } }])).toEqual([]);
    const next = nextVersion(record, { title: 'y' });
    await port.push('conversations', [{ record: next, expect: { kind: 'rev', rev: record._meta.rev, base: record } }]);
    expect((await port.revs('conversations', ['c'])).get('c')).toBe(next._meta.rev);
    expect((await port.digest('conversations', { by: 'month' })).get('2026-03')).toMatchObject({ n: 1 });
    expect(await listed(port.listForeign('conversations'))).toEqual([]);

    const reader = createMongoStore(await open('reader'), { replica: 'r' }).collection('conversations');
    expect(await reader.count()).toBe(2);
    await expect(reader.insertOne({})).rejects.toMatchObject({ code: 'REMOTE_FORBIDDEN' });
    await expect(
      createRemotePort(await open('reader')).push('conversations', [{ record, expect: { kind: 'absent' } }]),
    ).rejects.toMatchObject({ kind: 'auth' });
  },
);
