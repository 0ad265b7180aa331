import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../../main/remote/connect.ts';
import { freshDatabase, sharedMongod } from '../../helpers/mongod-shared.ts';

for (const kind of ['replica-set', 'standalone'] as const) {
  test(`${kind}: writes count when the majority has them on disk, and reads are of what it has, whatever the address says`, async () => {
    const url = await sharedMongod(kind);
    const weak = `${url}${url.includes('?') ? '&' : '?'}w=1&journal=false&wtimeoutMS=1&readConcernLevel=local&readPreference=secondaryPreferred&retryWrites=false`;
    const connection = await connect(weak, { db: freshDatabase() });
    onTestFinished(() => connection.close());
    const { writeConcern, readConcern, readPreference } = connection.db;
    expect(writeConcern).toMatchObject({ w: 'majority', journal: true, wtimeoutMS: 10_000 });
    expect([readConcern?.level, readPreference?.mode]).toEqual(['majority', 'primary']);
    expect(connection.client.options.retryWrites).toBe(true);
    await connection.db.collection('any').insertOne({ n: 1 });
  });
}
