import type { Db, MongoClient } from 'mongodb';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../../main/remote/connect.ts';
import { lowDiskWarning } from '../../../main/remote/low-disk.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';

const MB = 1024 * 1024;

type Answer = Readonly<Record<string, unknown>> | Error;

function answering(own: Answer, admin: Answer = new Error('not authorized on admin')) {
  const dbOf = (answer: Answer): Db => {
    const command = async (): Promise<unknown> => {
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return { command } as unknown as Db;
  };
  return { server: 'db.example:27017', db: dbOf(own), client: { db: () => dbOf(admin) } as unknown as MongoClient };
}

test('under 500 MB free the server’s disk is a matter for a person, in words', async () => {
  const warning = await lowDiskWarning(answering({ fsTotalSize: 10_000 * MB, fsUsedSize: 9_501 * MB }));
  expect(warning).toMatch(/disk of db\.example:27017 has 499 MB free.*no indexes.*Make room/);
  expect(await lowDiskWarning(answering({ fsTotalSize: 10_000 * MB, fsUsedSize: 9_500 * MB }))).toBeNull();
});

test('of a database that is not there yet the server tells through another', async () => {
  const absent = { fsTotalSize: 0, fsUsedSize: 0 };
  expect(await lowDiskWarning(answering(absent, { fsTotalSize: 1_000 * MB, fsUsedSize: 900 * MB }))).toMatch(/100 MB/);
});

test('where the user may not ask, or the server tells nothing of its disk, nothing is said', async () => {
  expect(await lowDiskWarning(answering(new Error('not authorized on team to execute command dbStats')))).toBeNull();
  expect(await lowDiskWarning(answering({ fsTotalSize: 0, fsUsedSize: 0 }))).toBeNull();
  expect(await lowDiskWarning(answering({ ok: 1 }))).toBeNull();
});

test('a real server tells of its disk as this reads it', async () => {
  const connection = await connect(await sharedMongod('standalone'), { db: 'low_disk' });
  onTestFinished(() => connection.close());
  const { fsTotalSize } = await connection.client.db('admin').command({ dbStats: 1 });
  expect(fsTotalSize).toBeGreaterThan(0);
  // Other tests fill the disk meanwhile: how much is free is not asked here.
  const warning = await lowDiskWarning(connection);
  if (warning !== null) expect(warning).toContain(' MB free');
});
