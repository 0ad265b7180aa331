import type { Collection, Document } from 'mongodb';
import { expect, test } from 'vitest';
import { createRemotePort } from '../../../main/remote/remote-port.ts';
import type { RemoteConnection } from '../../../main/remote/connect.ts';
import { addLanes, bucketOf, lanesOf, noLanes } from '../../../main/sync/lanes.ts';
import type { RemoteEvents, RemotePort, RemoteVersion } from '../../../main/sync/ports.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';
import { openTestDatabase, preparedDatabase } from './open-test-store.ts';
import { listed } from '../../contracts/remote-port-contract.ts';
import { firstVersion, nextVersion, tombstoneOf } from './versions.ts';

const servers = { 'replica set': await sharedMongod('replica-set'), standalone: await sharedMongod('standalone') };
const kinds = ['replica set', 'standalone'] as const;

interface Opened {
  readonly port: RemotePort;
  readonly connection: RemoteConnection;
  readonly server: Collection<Document>;
}

async function open(kind: (typeof kinds)[number]): Promise<Opened> {
  const connection = await preparedDatabase(servers[kind]);
  const port = createRemotePort(connection, { idleMs: 0 });
  return { port, connection, server: connection.db.collection('conversations') };
}

async function versionAt(port: RemotePort, id: string): Promise<RemoteVersion> {
  const version = (await port.read('conversations', [id])).get(id);
  if (version === undefined || 'poison' in version) throw new Error(`${id} cannot be read`);
  return version;
}

for (const kind of kinds) {
  test(`${kind}: a version that was pushed is read back to the byte, and pushing it again changes nothing`, async () => {
    const { port } = await open(kind);
    const record = firstVersion({ id: 'a', title: 'Ants', context: { z: 1, a: ['$x', { '%24': null }] } });
    for (let time = 1; time <= 2; time += 1) {
      expect(await port.push('conversations', [{ record, expect: { kind: 'absent' } }])).toEqual([]);
      expect(await versionAt(port, 'a')).toEqual({ record, seen: expect.anything() as unknown });
      expect(Object.keys((await versionAt(port, 'a')).record)).toEqual(Object.keys(record));
    }
  });

  test(`${kind}: a push only counts where the server holds what it is built on`, async () => {
    const { port } = await open(kind);
    const first = firstVersion({ id: 'a', title: 'one' });
    const second = nextVersion(first, { title: 'two' });
    const other = nextVersion(first, { title: 'other' });
    const rev = { kind: 'rev', rev: first._meta.rev, base: null } as const;
    await port.push('conversations', [{ record: second, expect: rev }]);
    expect(await port.read('conversations', ['a'])).toEqual(new Map());
    await port.push('conversations', [{ record: first, expect: { kind: 'absent' } }]);
    await port.push('conversations', [{ record: second, expect: { ...rev, base: first } }]);
    await port.push('conversations', [{ record: other, expect: { ...rev, base: first } }]);
    await port.push('conversations', [{ record: other, expect: rev }]);
    expect((await versionAt(port, 'a')).record).toEqual(second);
    expect(await port.revs('conversations', ['a', 'b'])).toEqual(new Map([['a', second._meta.rev]]));
  });

  test(`${kind}: an edit by another program is never overwritten, is seen as a version, and can be adopted`, async () => {
    const { port, server } = await open(kind);
    const first = firstVersion({ id: 'a', title: 'ours' });
    await port.push('conversations', [{ record: first, expect: { kind: 'absent' } }]);
    await server.updateOne({ _id: 'a' as never }, { $set: { title: 'theirs', updated_at: new Date('2026-05-01') } });
    const push = {
      record: nextVersion(first, { title: 'mine' }),
      expect: { kind: 'rev', rev: first._meta.rev, base: first },
    };
    await port.push('conversations', [push as never]);
    const theirs = await versionAt(port, 'a');
    expect(theirs.record).toMatchObject({ title: 'theirs', updated_at: '2026-05-01T00:00:00.000Z' });
    expect(theirs.foreign).toEqual({ former: first._meta });
    expect(theirs.record._meta).toMatchObject({ gen: 2, anc: [first._meta.rev], by: { external: true } });
    await port.adopt('conversations', [theirs]);
    const adopted = await versionAt(port, 'a');
    expect(adopted.record).toEqual(theirs.record);
    expect(adopted).not.toHaveProperty('foreign');
    expect((await server.findOne({ _id: 'a' as never }))?.['updated_at']).toEqual(new Date('2026-05-01'));
    const merged = nextVersion(adopted.record, { title: 'both' });
    await port.push('conversations', [{ record: merged, expect: { kind: 'seen', version: theirs } }]);
    expect((await versionAt(port, 'a')).record).toEqual(adopted.record);
    await port.push('conversations', [{ record: merged, expect: { kind: 'seen', version: adopted } }]);
    expect((await versionAt(port, 'a')).record).toEqual(merged);
  });

  test(`${kind}: documents of other programs are listed, read with the same rev by all, and adopted in place`, async () => {
    const { port, connection, server } = await open(kind);
    const { ObjectId, Long, Decimal128 } = connection.driver;
    const _id = new ObjectId('65f000000000000000000001');
    const id = _id.toHexString();
    await server.insertOne({
      _id,
      title: 'Normo',
      user_id: new ObjectId(),
      context: { n: Long.fromString('9007199254740993'), d: Decimal128.fromString('1.50') },
    } as Document);
    await port.push('conversations', [{ record: firstVersion({ id: 'ours' }), expect: { kind: 'absent' } }]);
    expect(await listed(port.listForeign('conversations'))).toEqual([id]);
    const seen = await versionAt(port, id);
    expect(seen.record).toMatchObject({
      id,
      title: 'Normo',
      created_at: _id.getTimestamp().toISOString(),
      context: { n: '9007199254740993', d: '1.50' },
      _meta: { gen: 1, anc: [], by: { external: true } },
    });
    expect((await port.revs('conversations', [id])).get(id)).toBe(seen.record._meta.rev);
    await server.updateOne({ _id }, { $set: { title: 'changed meanwhile' } });
    await port.adopt('conversations', [seen]);
    expect(await listed(port.listForeign('conversations'))).toEqual([id]);
    await port.adopt('conversations', [await versionAt(port, id)]);
    expect(await listed(port.listForeign('conversations'))).toEqual([]);
    const adopted = await versionAt(port, id);
    expect(adopted.foreign).toBeUndefined();
    const ours = nextVersion(adopted.record, { title: 'edited here' });
    await port.push('conversations', [
      { record: ours, expect: { kind: 'rev', rev: adopted.record._meta.rev, base: adopted.record } },
    ]);
    expect((await versionAt(port, id)).record).toEqual(ours);
    expect(await server.countDocuments()).toBe(2);
  });

  test(`${kind}: digests are the lanes' sums by month, day and bucket, tombstones included, and read no document`, async () => {
    const { port, server } = await open(kind);
    const days = ['2026-01-01', '2026-01-31', '2026-02-01'];
    const records = Array.from({ length: 30 }, (_, at) =>
      firstVersion({ id: `r${at}`, created_at: `${days[at % 3] ?? ''}T12:00:00.000Z` }),
    );
    records[0] = tombstoneOf(firstVersion({ id: 'r0', created_at: '2026-01-01T12:00:00.000Z' }));
    await port.push(
      'conversations',
      records.map((record) => ({ record, expect: { kind: 'absent' } })),
    );
    await server.insertOne({ title: 'not ours, counts in no digest' });
    const sum = (key: (record: (typeof records)[number]) => string | null) => {
      const sums = new Map<string, typeof noLanes>();
      for (const record of records) {
        const name = key(record);
        if (name !== null) sums.set(name, addLanes(sums.get(name) ?? noLanes, lanesOf(record.id, record._meta.rev)));
      }
      return sums;
    };
    const dayOf = (record: (typeof records)[number]) => record.created_at.slice(0, 10);
    expect(await port.digest('conversations', { by: 'month' })).toEqual(sum((each) => dayOf(each).slice(0, 7)));
    expect(await port.digest('conversations', { month: '2026-01' })).toEqual(
      sum((each) => (dayOf(each).startsWith('2026-01') ? dayOf(each) : null)),
    );
    const bucket = (record: (typeof records)[number]) => String(bucketOf(lanesOf(record.id, record._meta.rev)));
    expect(await port.digest('conversations', { day: '2026-02-01' })).toEqual(
      sum((each) => (dayOf(each) === '2026-02-01' ? bucket(each) : null)),
    );
    const [one = '0'] = [...(await port.digest('conversations', { day: '2026-02-01' })).keys()];
    const inBucket = records.filter((each) => dayOf(each) === '2026-02-01' && bucket(each) === one);
    const listed = await port.list('conversations', '2026-02-01', Number(one));
    expect([...listed].sort((a, b) => a.id.localeCompare(b.id))).toEqual(
      inBucket.map(({ id, _meta }) => ({ id, rev: _meta.rev })).sort((a, b) => a.id.localeCompare(b.id)),
    );
    const told = await server
      .aggregate(
        [{ $match: { '_meta.day': { $gte: '' } } }, { $group: { _id: '$_meta.day', s: { $sum: '$_meta.h0' } } }],
        { hint: 'digest_v1' },
      )
      .explain('executionStats');
    expect(JSON.stringify(told)).toContain('"totalDocsExamined":0');
    expect(await port.count('conversations')).toBe(30);
    const scanned: number[] = [];
    for await (const batch of port.scan('conversations')) scanned.push(batch.length);
    expect(scanned).toEqual([31]);
  });

  test(`${kind}: polling tells what was written since, with its rev, page by page`, async () => {
    const { port } = await open(kind);
    const { cursor: start } = await port.poll(null);
    const records = Array.from({ length: 1_200 }, (_, at) => firstVersion({ id: `r${String(at).padStart(4, '0')}` }));
    await port.push(
      'conversations',
      records.map((record) => ({ record, expect: { kind: 'absent' } })),
    );
    const found = new Map<string, string | undefined>();
    let position = start;
    for (let more = true; more;) {
      const page = await port.poll(position);
      for (const { id, rev } of page.refs) found.set(id, rev);
      ({ cursor: position, more } = page);
    }
    expect(found).toEqual(new Map(records.map(({ id, _meta }) => [id, _meta.rev])));
  });

  test(`${kind}: an identity is claimed once, and stays`, async () => {
    const { port } = await open(kind);
    expect(await port.hello()).toMatchObject({ store: null, streams: kind === 'replica set' });
    const store = { store_id: 's1', epoch: 1, protocol: { min: 1, cur: 1 }, collections: {} };
    const claims = await Promise.all([port.claim(store), port.claim({ ...store, store_id: 's2' })]);
    expect(claims[0]).toEqual(claims[1]);
    expect((await port.hello()).store).toEqual(claims[0]);
  });

  test(`${kind}: a record with a key that is taken is refused by itself`, async () => {
    const { port } = await open(kind);
    const pushes = ['a', 'b', 'c'].map((id) => ({
      record: firstVersion({ id, ...(id !== 'c' && { lookup_key: 'k' }) }),
      expect: { kind: 'absent' as const },
    }));
    expect(await port.push('conversations', pushes)).toMatchObject([{ id: 'b', kind: 'duplicate-key' }]);
    expect([...(await port.read('conversations', ['a', 'b', 'c'])).keys()]).toEqual(['a', 'c']);
  });
}

async function take(
  events: AsyncIterator<RemoteEvents>,
  until: (event: RemoteEvents) => boolean,
): Promise<RemoteEvents[]> {
  const taken: RemoteEvents[] = [];
  for (;;) {
    const { value, done } = await events.next();
    if (done) return taken;
    taken.push(value);
    if (until(value)) return taken;
  }
}

test('a stream first tells where it begins, then every change, and goes on from a token', async () => {
  const { port, server } = await open('replica set');
  const stopping = new AbortController();
  const events = port.watch(null, stopping.signal)[Symbol.asyncIterator]();
  const [begin] = await take(events, () => true);
  expect(begin).toMatchObject({ kind: 'idle', token: expect.any(String) as string });
  const record = firstVersion({ id: 'a' });
  await port.push('conversations', [{ record, expect: { kind: 'absent' } }]);
  const isChange = (event: RemoteEvents): boolean => event.kind === 'changed';
  const first = (await take(events, isChange)).at(-1);
  expect(first).toMatchObject({ refs: [{ collection: 'conversations', id: 'a', rev: record._meta.rev }] });
  await server.updateOne({ _id: 'a' as never }, { $set: { title: 'theirs' } });
  const second = (await take(events, isChange)).at(-1);
  expect(second).toMatchObject({ refs: [{ collection: 'conversations', id: 'a' }] });
  stopping.abort();
  expect(await take(events, () => false)).toEqual([]);

  const again = new AbortController();
  const token = begin?.kind === 'idle' ? begin.token : null;
  const replay = port.watch(token, again.signal)[Symbol.asyncIterator]();
  const told = await take(replay, isChange);
  expect(told.at(-1)).toMatchObject({ refs: [{ id: 'a' }] });
  again.abort();
  await take(replay, () => false);
});

test('a token that cannot be resumed, and a collection that is dropped, tell that history was lost', async () => {
  const { port } = await open('replica set');
  const { signal } = new AbortController();
  const bad = port.watch(JSON.stringify({ _data: '82' }), signal)[Symbol.asyncIterator]();
  expect((await take(bad, () => false)).at(-1)).toMatchObject({ kind: 'lost' });

  const connection = await openTestDatabase(servers['replica set']);
  await connection.db.createCollection('conversations');
  const events = createRemotePort(connection, { idleMs: 0 }).watch(null, signal)[Symbol.asyncIterator]();
  await take(events, () => true);
  await connection.db.dropCollection('conversations');
  expect((await take(events, (event) => event.kind !== 'idle')).at(-1)).toMatchObject({ kind: 'lost' });
});
