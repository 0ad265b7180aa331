import { localPortContract, type LocalSubject } from '../../contracts/local-port-contract.ts';
import { remotePortContract } from '../../contracts/remote-port-contract.ts';
import { FakeVault } from './fake-local.ts';
import { createFakeRemote } from './fake-remote.ts';
import { FakeServer } from './fake-server.ts';

for (const streams of [true, false]) {
  remotePortContract(streams ? 'fake replica set' : 'fake standalone', async () => {
    const server = new FakeServer(() => Date.now());
    server.streams = streams;
    return Promise.resolve({
      port: createFakeRemote(server),
      streams,
      foreignPut: async (collection, doc) => Promise.resolve(server.foreignPut(collection, doc)),
      foreignEdit: async (collection, id, fields) => Promise.resolve(server.foreignEdit(collection, id, fields)),
      foreignRemove: async (collection, id) => Promise.resolve(server.remove(collection, id)),
      foreignPoison: async (collection, id) => Promise.resolve(server.poison(collection, id)),
      lostToken: '9:9',
    });
  });
}

function subjectOf(vault: FakeVault): LocalSubject {
  return {
    port: vault.port(),
    insert: async (collection, { id, ...fields }) => void (await Promise.resolve(vault.edit(collection, id, fields))),
    update: async (collection, id, fields) => void (await Promise.resolve(vault.edit(collection, id, fields))),
    remove: async (collection, id) => Promise.resolve(vault.remove(collection, id)),
    find: async (collection, id) => Promise.resolve(vault.get(collection, id)),
    reopen: async () => Promise.resolve(subjectOf(vault)),
  };
}

localPortContract('fake vault', async () => Promise.resolve(subjectOf(new FakeVault('r1', { now: () => Date.now() }))));
