import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Document } from 'mongodb';
import * as driver from 'mongodb';
import { expect, test } from 'vitest';
import { registry } from '../../../shared/collections/registry.ts';
import type { RemoteConnection } from '../../../main/remote/connect.ts';
import { createRemotePort } from '../../../main/remote/remote-port.ts';
import { readDocument } from '../../../main/remote/wire.ts';
import type { UnreadableDocument } from '../../../main/remote/store-port.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';
import { openTestStore } from './open-test-store.ts';

const url = await sharedMongod('standalone');
const {
  BSON,
  Long,
  Decimal128,
  Int32,
  Double,
  ObjectId,
  UUID,
  Timestamp,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  MinKey,
  MaxKey,
} = driver;

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce<unknown>((inner) => ({ a: inner }), 1);
}

/** What other programs might leave in a free-form field, and how it reads. */
const values: Readonly<Record<string, readonly [unknown, unknown]>> = {
  'a date': [new Date(0), '1970-01-01T00:00:00.000Z'],
  'a date beyond the calendar': [new Date(8.64e15), '+275760-09-13T00:00:00.000Z'],
  'an ObjectId': [new ObjectId('65f000000000000000000001'), '65f000000000000000000001'],
  'a UUID': [new UUID('019a9c3e-0000-7000-8000-000000000000'), '019a9c3e-0000-7000-8000-000000000000'],
  bytes: [Buffer.from([0, 255]), 'AP8='],
  'a long within 2^53': [Long.fromNumber(2 ** 40), 2 ** 40],
  'a long beyond 2^53': [Long.MAX_VALUE, '9223372036854775807'],
  'a decimal that a number holds': [Decimal128.fromString('1.5'), 1.5],
  'a decimal that none holds': [Decimal128.fromString('0.10000000000000000000001'), '0.10000000000000000000001'],
  'a decimal that is none': [Decimal128.fromString('NaN'), 'NaN'],
  'not a number': [Number.NaN, 'NaN'],
  infinity: [new Double(Number.NEGATIVE_INFINITY), '-Infinity'],
  'minus zero': [new Double(-0), 0],
  'an int': [new Int32(7), 7],
  'a timestamp': [new Timestamp({ t: 1, i: 2 }), '1970-01-01T00:00:01.000Z'],
  'a pattern of another dialect': [new BSONRegExp('(?i)a++\\Z', 'x'), '/(?i)a++\\Z/x'],
  'a symbol': [new BSONSymbol('s'), 's'],
  code: [new Code('function () {}'), 'function () {}'],
  'code with scope': [new Code('f', { a: Long.MAX_VALUE }), { code: 'f', scope: { a: '9223372036854775807' } }],
  'a reference': [
    new DBRef('c', new ObjectId('65f000000000000000000001')),
    { collection: 'c', id: '65f000000000000000000001' },
  ],
  'the least key': [new MinKey(), 'MinKey'],
  'the greatest key': [new MaxKey(), 'MaxKey'],
  'names with dots and dollars': [
    { 'a.b': 1, $c: { $set: 2 }, d$: 3 },
    { 'a%2Eb': 1, '%24c': { '%24set': 2 }, d$: 3 },
  ],
  'names that reach the prototype': [
    JSON.parse('{"__proto__":{"polluted":1},"constructor":2,"_bsontype":"x"}'),
    { '%5F_proto__': { polluted: 1 }, '%63onstructor': 2, '%5Fbsontype': 'x' },
  ],
  'an empty name': [{ '': 1 }, { '': 1 }],
  'deep nesting that a record can have': [nested(55), nested(55)],
};

/** Bytes of a document, each value as it is: `_bsontype` as a name the driver would not write. */
function bytesOf(document: Document): Buffer {
  const text = '_bsontype';
  const renamed = JSON.stringify(document).includes(`"${text}"`);
  if (!renamed) return Buffer.from(BSON.serialize(document));
  const safe = JSON.parse(JSON.stringify(document).replaceAll(`"${text}"`, '"#bsontype"')) as Document;
  const bytes = Buffer.from(BSON.serialize(safe));
  bytes.write('_', bytes.indexOf('#bsontype'));
  return bytes;
}

for (const [what, [value, expected]] of Object.entries(values)) {
  test(`${what} of another program reads as plain JSON`, () => {
    const read = readDocument(registry.conversations, bytesOf({ _id: 'x', context: { value } }), driver);
    expect(read).toMatchObject({ kind: 'record' });
    expect(read.kind === 'record' && read.record['context']).toEqual({ value: expected });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
}

/** A text field's bytes made invalid: UTF-8 that stops half-way. */
function withBrokenText(document: Document): Buffer {
  const bytes = Buffer.from(BSON.serialize(document));
  bytes[bytes.indexOf('BROKEN')] = 0xff;
  return bytes;
}

const unreadable: readonly (readonly [string, Uint8Array, string])[] = [
  ['text that is not UTF-8', withBrokenText({ _id: 'x', title: 'BROKEN' }), 'x'],
  ['nesting deeper than a record can have', BSON.serialize({ _id: 'x', context: nested(70) }), 'x'],
  ['a title that is none', BSON.serialize({ _id: 'x', title: { a: 1 } }), 'x'],
  ['an _id without a text', BSON.serialize({ _id: { a: 1 } }), '[object Object]'],
  ['an empty _id', BSON.serialize({ _id: '' }), ''],
  ['bytes that end too soon', BSON.serialize({ _id: 'x', title: 'long enough' }).subarray(0, 20), ''],
  ['no bytes at all', new Uint8Array(), ''],
];
for (const [what, bytes, id] of unreadable) {
  test(`a document with ${what} is set aside with a reason, never thrown`, () => {
    expect(readDocument(registry.conversations, bytes, driver)).toEqual({
      kind: 'unreadable',
      id,
      reason: expect.stringMatching(/\S/) as string,
    });
  });
}

/** Inserts text that is not UTF-8: the driver would not write it, so the command goes over a socket of its own (OP_MSG). */
async function insertBroken({ db }: RemoteConnection, id: string): Promise<void> {
  const command = { insert: 'conversations', documents: [{ _id: id, title: 'BROKEN' }], $db: db.databaseName };
  const body = withBrokenText(command);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(2013, 12);
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  socket.end(Buffer.concat([head, body]));
  await once(socket, 'data');
  socket.destroy();
}

test('one bad document breaks no find, count, update or scan of the others, and is reported', async () => {
  const reported: UnreadableDocument[] = [];
  const { store, connection } = await openTestStore(url, { onUnreadable: (document) => void reported.push(document) });
  const server = connection.db.collection<Document>('conversations');
  const conversations = store.collection('conversations');
  await conversations.insertMany([
    { id: 'a', title: 'one' },
    { id: 'z', title: 'two' },
  ]);
  const values16Mb = { _id: 'large' as never, title: 'x'.repeat(16 * 1024 * 1024 - 200) };
  await server.insertMany([
    { _id: 'bad title' as never, title: { a: 1 } },
    { _id: { composed: 1 } as never, title: 'no text' },
    { _id: 'deep' as never, title: 'deep', context: nested(90) },
    values16Mb,
    {
      _id: new ObjectId('65f000000000000000000001'),
      title: 'fine',
      context: { n: Long.MAX_VALUE, r: new BSONRegExp('a++', '') },
    },
  ]);
  await insertBroken(connection, 'bytes');
  expect((await conversations.find({}, { sort: { title: 1 } })).map(({ id }) => id)).toEqual(
    expect.arrayContaining(['65f000000000000000000001', 'a', 'z']),
  );
  expect(reported.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['bad title', '[object Object]', 'deep', 'large', 'bytes']),
  );
  expect(await conversations.find({}, { projection: { title: 1 }, sort: { id: 1 } })).toEqual(
    expect.arrayContaining([
      { id: 'a', title: 'one' },
      { id: 'z', title: 'two' },
    ]),
  );
  expect(
    await conversations.updateMany({ title: { $in: ['one', 'fine', 'two'] } }, { $set: { pinned: true } }),
  ).toMatchObject({ matchedCount: 3, modifiedCount: 3 });
  expect(await conversations.findOne({ id: '65f000000000000000000001' })).toMatchObject({
    title: 'fine',
    pinned: true,
    context: { n: '9223372036854775807' },
  });
  expect(await server.findOne({ _id: new ObjectId('65f000000000000000000001') })).toMatchObject({
    context: { n: Long.MAX_VALUE },
    _meta: { gen: 2 },
  });

  const port = createRemotePort(connection);
  const seen: string[] = [];
  for await (const batch of port.scan('conversations'))
    for (const each of batch) seen.push('poison' in each ? 'poison' : each.record.id);
  expect(seen.filter((id) => id !== 'poison')).toEqual(expect.arrayContaining(['a', 'z', '65f000000000000000000001']));
  expect(seen.filter((id) => id === 'poison').length).toBeGreaterThanOrEqual(4);
  const read = await port.read('conversations', ['a', 'deep', '65f000000000000000000001']);
  expect((await port.read('conversations', ['bytes', 'a'])).get('bytes')).toEqual({
    poison: 'its bytes cannot be decoded',
  });
  expect(read.get('deep')).toEqual({ poison: expect.stringContaining('nested') as string });
  const adopted = read.get('65f000000000000000000001');
  expect(adopted && 'foreign' in adopted).toBe(false);
  expect(await conversations.deleteMany({ id: 'a' })).toMatchObject({ deletedCount: 1 });
});
