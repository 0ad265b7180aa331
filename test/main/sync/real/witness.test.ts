import { MongoClient } from 'mongodb';
import { expect, onTestFinished, test } from 'vitest';
import { newDocument } from '../../../../main/remote/write-op.ts';
import { createStamper } from '../../../../main/records/meta.ts';
import { bodyOf, type StoredRecord } from '../../../../main/records/stored-record.ts';
import { registry } from '../../../../shared/collections/registry.ts';
import { freshDatabase, sharedMongod } from '../../../helpers/mongod-shared.ts';
import { firstVersion, nextVersion } from '../../remote/versions.ts';
import { Witness } from './witness.ts';

const url = await sharedMongod('replica-set');

/** What the witness says of a document that is first this version and then that one; of this test's database alone. */
async function saidOf(...versions: readonly StoredRecord[]): Promise<{ judged: number; said: string }> {
  const database = freshDatabase();
  const witness = await Witness.begin(url);
  onTestFinished(() => witness.end());
  const client = new MongoClient(url);
  onTestFinished(() => client.close());
  await witness.prepare(database);
  const server = client.db(database).collection('conversations');
  for (const version of versions) {
    const { _id, ...document } = newDocument(version, new Date());
    await server.replaceOne({ _id }, document, { upsert: true });
  }
  await witness.caughtUp();
  const lines = witness.found.filter((line) => line.startsWith(`history ${database}: `));
  return { judged: witness.judged, said: lines.join('\n') };
}

test('a version that was built on the one it replaces is nothing to tell of', async () => {
  const first = firstVersion({ id: 'c', title: 'one' });
  const second = nextVersion(first, { title: 'two' });
  expect(await saidOf(first, second, nextVersion(second, { title: 'three' }))).toEqual({ judged: 2, said: '' });
});

test('I3: the witness tells of a version in the place of one that it was not built on', async () => {
  const first = firstVersion({ id: 'c', title: 'one' });
  const mine = nextVersion(first, { title: 'mine' });
  const theirs = nextVersion(first, { title: 'theirs' });
  const { judged, said } = await saidOf(first, mine, theirs);
  expect(judged).toBe(2);
  expect(said).toMatch(/^history \w+: conversations: I3: 2-\w+ .* replaced 2-\w+ .*not built$/);
});

test('I10: the witness tells of a version that is stamped before the one it replaces', async () => {
  const first = firstVersion({ id: 'c', title: 'one' });
  const lagging = { next: () => '000000000000-0000-bbbb', observe: () => undefined, resume: () => undefined };
  const stamper = createStamper(lagging, 'bbbb');
  const backdated = stamper.stamp(registry.conversations, { ...bodyOf(first), title: 'two' }, first._meta);
  expect((await saidOf(first, backdated)).said).toMatch(/I10: /);
});

test('privacy: the witness tells of what may not be there', async () => {
  expect((await saidOf(firstVersion({ id: 'c', title: 'secret1.r0' }))).said).toMatch(/privacy: /);
});
