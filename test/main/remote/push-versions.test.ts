import type { Collection, Document } from 'mongodb';
import { expect, test } from 'vitest';
import { registry } from '../../../shared/collections/registry.ts';
import type { RemoteConnection } from '../../../main/remote/connect.ts';
import { pushVersions } from '../../../main/remote/push-versions.ts';
import type { Push } from '../../../main/sync/ports.ts';
import { firstVersion } from './versions.ts';

// What a server says when its disk fills in the midst of a batch cannot be had at will from a real one.
function serverThatSays(code: number): Collection<Document> {
  const error = Object.assign(new Error('refused'), { writeErrors: [{ index: 0, code, errmsg: 'refused' }] });
  return { bulkWrite: () => Promise.reject(error) } as unknown as Collection<Document>;
}
const connection = { db: { command: async () => ({ localTime: new Date() }) } } as unknown as RemoteConnection;

const push = (code: number) => {
  const pushes: Push[] = [{ record: firstVersion({ id: 'a' }), expect: { kind: 'absent' } }];
  return pushVersions(connection, serverThatSays(code), registry.conversations, pushes);
};

test.each([14031, 91, 189, 10107, 262])(
  'error %i is trouble of the server, and no record is to blame',
  async (code) => {
    await expect(push(code)).rejects.toThrow('refused');
  },
);

test.each([121, 2, 9])('error %i is about the record, which is set aside', async (code) => {
  await expect(push(code)).resolves.toEqual([expect.objectContaining({ id: 'a', kind: 'poison' })]);
});
