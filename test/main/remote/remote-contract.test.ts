import { registry } from '../../../shared/collections/registry.ts';
import { createRemotePort } from '../../../main/remote/remote-port.ts';
import { remotePortContract } from '../../contracts/remote-port-contract.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';
import { preparedDatabase } from './open-test-store.ts';

const servers = { 'replica set': await sharedMongod('replica-set'), standalone: await sharedMongod('standalone') };
/** More levels than a record may have. */
const DEEP = 120;

// What the simulator's server is held to (test/main/sync/fake-ports.test.ts), on the real one.
for (const [kind, url] of Object.entries(servers)) {
  remotePortContract(kind, async () => {
    const { db, ...connection } = await preparedDatabase(url);
    const at = (name: keyof typeof registry) => db.collection(registry[name].mongo.collection);
    const idOf = (id: string) => ({ _id: id as never });
    return {
      port: createRemotePort({ ...connection, db }, { idleMs: 0 }),
      streams: kind === 'replica set',
      foreignPut: async (name, { id, ...doc }) => void (await at(name).replaceOne(idOf(id), doc, { upsert: true })),
      foreignEdit: async (name, id, fields) => void (await at(name).updateOne(idOf(id), { $set: fields })),
      foreignRemove: async (name, id) => void (await at(name).deleteOne(idOf(id))),
      async foreignPoison(name, id) {
        let value: unknown = 'deep';
        for (let level = 0; level < DEEP; level += 1) value = { value };
        await at(name).updateOne(idOf(id), { $set: { value } }, { upsert: true });
      },
      lostToken: JSON.stringify({ _data: '8200000001' }),
    };
  });
}
