import { expect, onTestFinished, test } from 'vitest';
import { must } from '../../shared/assert.ts';
import type { Conversation } from '../../shared/collections/conversations.ts';
import type { ChangeBatch, Collection, Draft, Store } from '../../shared/store/store.ts';
import type { Clock } from '../../main/lib/clock.ts';

/** A clock that moves one second with each look. */
export function tickingClock(start = '2026-03-01T10:00:00.000Z'): Clock {
  let nowMs = Date.parse(start);
  return { now: () => (nowMs += 1000) };
}

/**
 * What every Store does, whatever is behind it: MongoDB's semantics as far as the interface goes. Written once, run on
 * each implementation.
 *
 * @param makeStore an empty store that takes its time from the clock
 */
export function storeContract(name: string, makeStore: (clock: Clock) => Promise<Store>): void {
  async function open(): Promise<Store> {
    const store = await makeStore(tickingClock());
    onTestFinished(() => store.close());
    return store;
  }
  async function conversations(...drafts: Draft<Conversation>[]): Promise<Collection<Conversation>> {
    const store = await open();
    const collection = store.collection('conversations');
    if (drafts.length > 0) await collection.insertMany(drafts);
    return collection;
  }
  const it = (title: string, body: () => Promise<void>): void => test(`${name}: ${title}`, body);

  async function titles(collection: Collection<Conversation>, ...find: Parameters<Collection<Conversation>['find']>) {
    return (await collection.find(...find)).map((record) => record.title);
  }

  // Inserting

  it('an insert mints an id and dates, fills defaults and can be read back whole', async () => {
    const collection = await conversations();
    const { acknowledged, insertedId } = await collection.insertOne({ title: 'Ants', workspace: '/w' });
    expect(acknowledged).toBe(true);
    const record = await collection.findOne({ id: insertedId });
    expect(record).toEqual({
      id: insertedId,
      title: 'Ants',
      kind: 'chat',
      workspace: '/w',
      tags: [],
      pinned: false,
      archived: false,
      created_at: expect.stringMatching(/^2026-03-01T10:00:\d\d\.000Z$/) as string,
      updated_at: record?.created_at,
      _meta: expect.objectContaining({ gen: 1, anc: [], sv: 1 }) as object,
    });
  });

  it('given ids and dates are kept, and _id is read as id', async () => {
    const collection = await conversations();
    const { insertedId } = await collection.insertOne({
      _id: 'mine',
      created_at: '2020-02-29T23:59:59.999Z',
      updated_at: '2021-01-01T00:00:00.000Z',
    });
    expect(insertedId).toBe('mine');
    expect(await collection.findOne({ _id: 'mine' })).toMatchObject({
      id: 'mine',
      created_at: '2020-02-29T23:59:59.999Z',
      updated_at: '2021-01-01T00:00:00.000Z',
    });
  });

  it('fields that the schema does not know are kept, and _meta of a draft is not believed', async () => {
    const collection = await conversations({ id: 'a', mood: { deep: ['blue', 1, null] }, _meta: { rev: '9-forged' } });
    const record = await collection.findOne({ id: 'a' });
    expect(record?.['mood']).toEqual({ deep: ['blue', 1, null] });
    expect(record?._meta.rev).toMatch(/^1-/);
  });

  it('insertMany keeps order and gives ids by place', async () => {
    const collection = await conversations();
    const result = await collection.insertMany([{ id: 'b' }, { id: 'a' }]);
    expect(result).toEqual({ acknowledged: true, insertedCount: 2, insertedIds: { 0: 'b', 1: 'a' } });
  });

  it('insertMany keeps nothing when one of them is bad', async () => {
    const collection = await conversations();
    await expect(collection.insertMany([{ id: 'a' }, { id: 'b', pinned: 'yes' as never }])).rejects.toMatchObject({
      code: 'BAD_RECORD',
    });
    await expect(collection.insertMany([{ id: 'a' }, { id: 'a' }])).rejects.toMatchObject({ code: 'DUPLICATE_KEY' });
    expect(await collection.count()).toBe(0);
  });

  it('a record that does not fit the schema is refused by the name of its field', async () => {
    const collection = await conversations();
    await expect(collection.insertOne({ title: 7 as never })).rejects.toMatchObject({
      code: 'BAD_RECORD',
      details: { field: expect.stringContaining('title') as string },
    });
  });

  for (const [what, value] of [
    ['a name starting with $', { $set: 1 }],
    ['a name with a dot', { 'a.b': 1 }],
    ['__proto__', JSON.parse('{"__proto__": {"admin": true}}')],
    ['constructor', { constructor: 1 }],
    ['half a character', { a: '\ud800' }],
    ['a number that is none', { a: Number.NaN }],
    ['infinity', { a: Number.POSITIVE_INFINITY }],
  ] as const) {
    it(`a record holding ${what} is refused`, async () => {
      const collection = await conversations();
      await expect(collection.insertOne({ context: value as never })).rejects.toMatchObject({ code: 'BAD_RECORD' });
      expect(await collection.count()).toBe(0);
    });
  }

  for (const id of ['', 'x'.repeat(1025), 'line\nbreak', 'nul\0', '\udc00', 7]) {
    it(`the id ${JSON.stringify(id).slice(0, 20)} is refused`, async () => {
      const collection = await conversations();
      await expect(collection.insertOne({ id })).rejects.toMatchObject({ code: 'BAD_ID' });
    });
  }

  it('any other text is an id, kept as it is', async () => {
    const ids = [
      '../x',
      'CON',
      'x'.repeat(300),
      'Abc',
      'abc',
      '🜁',
      'a/b\\c',
      '.',
      '..',
      '%2e',
      'a:b',
      'ünï',
      '__proto__',
    ];
    const collection = await conversations(...ids.map((id) => ({ id, title: `<${id}>` })));
    for (const id of ids) expect((await collection.findOne({ id }))?.title).toBe(`<${id}>`);
    expect(await collection.count()).toBe(ids.length);
  });

  it('a second record with an id that is taken is refused in MongoDB’s shape', async () => {
    const collection = await conversations({ id: 'a' });
    await expect(collection.insertOne({ id: 'a' })).rejects.toMatchObject({
      code: 'DUPLICATE_KEY',
      details: { code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 'a' } },
    });
  });

  it('a unique index of the registry holds, and only for records that have the field', async () => {
    const collection = await conversations({ id: 'a', lookup_key: 'k' }, { id: 'b' }, { id: 'c' });
    await expect(collection.insertOne({ lookup_key: 'k' })).rejects.toMatchObject({
      code: 'DUPLICATE_KEY',
      details: { code: 11000, keyPattern: { lookup_key: 1 }, keyValue: { lookup_key: 'k' } },
    });
    await expect(collection.updateOne({ id: 'b' }, { $set: { lookup_key: 'k' } })).rejects.toMatchObject({
      code: 'DUPLICATE_KEY',
    });
    await expect(collection.updateMany({}, { $set: { lookup_key: 'z' } })).rejects.toMatchObject({
      code: 'DUPLICATE_KEY',
    });
    expect(await collection.find({}, { sort: { id: 1 }, projection: { lookup_key: 1 } })).toEqual([
      { id: 'a', lookup_key: 'k' },
      { id: 'b' },
      { id: 'c' },
    ]);
  });

  it('a unique key is free again after its record gave it up', async () => {
    const collection = await conversations({ id: 'a', lookup_key: 'k' });
    await collection.updateOne({ id: 'a' }, { $unset: { lookup_key: '' } });
    await collection.insertOne({ id: 'b', lookup_key: 'k' });
    await collection.deleteOne({ id: 'b' });
    await collection.insertOne({ id: 'c', lookup_key: 'k' });
    expect(await collection.findOne({ lookup_key: 'k' })).toMatchObject({ id: 'c' });
  });

  it('createIndex names the index as MongoDB does and holds uniqueness from then on', async () => {
    const collection = await conversations({ id: 'a', context: { n: 1 } }, { id: 'b', context: { n: 2 } });
    expect(await collection.createIndex({ 'context.n': 1, kind: -1 }, { unique: true })).toBe('context.n_1_kind_-1');
    await expect(collection.insertOne({ context: { n: 2 } })).rejects.toMatchObject({
      code: 'DUPLICATE_KEY',
      details: { keyPattern: { 'context.n': 1, kind: -1 }, keyValue: { 'context.n': 2, kind: 'chat' } },
    });
    await expect(collection.createIndex({ kind: 1 }, { unique: true })).rejects.toMatchObject({
      code: 'DUPLICATE_KEY',
    });
    await collection.insertOne({ context: { n: 3 } });
    expect(await collection.count({ 'context.n': { $gte: 2 } })).toBe(2);
  });

  // Finding

  const animals: Draft<Conversation>[] = [
    { id: '1', title: 'ant', tags: ['small', 'red'], user_id: 'u1', context: { legs: 6, size: { mm: 4 } } },
    { id: '2', title: 'bear', tags: ['big'], user_id: 'u2', pinned: true, context: { legs: 4, size: { mm: 2500 } } },
    { id: '3', title: 'cat', user_id: 'u1', context: { legs: 4 } },
    { id: '4', title: 'dodo', archived: true, user_id: null, context: { legs: 2, size: null } },
  ];

  it('findOne gives null where nothing matches', async () => {
    expect(await (await conversations()).findOne({ id: 'no' })).toBeNull();
  });

  for (const [filter, expected] of [
    [{}, ['ant', 'bear', 'cat', 'dodo']],
    [{ title: 'cat' }, ['cat']],
    [{ user_id: 'u1', pinned: false }, ['ant', 'cat']],
    [{ tags: 'big' }, ['bear']],
    [{ tags: { $size: 0 } }, ['cat', 'dodo']],
    [{ 'context.legs': { $gt: 2, $lt: 6 } }, ['bear', 'cat']],
    [{ 'context.size.mm': { $exists: true } }, ['ant', 'bear']],
    [{ 'context.size': null }, ['cat', 'dodo']],
    [{ user_id: null }, ['dodo']],
    [{ $or: [{ title: 'ant' }, { archived: true }] }, ['ant', 'dodo']],
    [{ title: { $in: ['cat', 'dodo', 'emu'] } }, ['cat', 'dodo']],
    [{ title: { $nin: ['cat', 'dodo'] } }, ['ant', 'bear']],
    [{ title: { $regex: '^[ab]' } }, ['ant', 'bear']],
    [{ title: { $not: { $regex: '^[ab]' } } }, ['cat', 'dodo']],
    [{ id: { $gte: '3' } }, ['cat', 'dodo']],
    [{ _id: '2' }, ['bear']],
    [{ $nor: [{ 'context.legs': 4 }, { user_id: null }] }, ['ant']],
  ] as const) {
    it(`the filter ${JSON.stringify(filter)} finds ${expected.join(', ')}`, async () => {
      const collection = await conversations(...animals);
      expect(await titles(collection, filter, { sort: { id: 1 } })).toEqual(expected);
      expect(await collection.count(filter)).toBe(expected.length);
      const streamed: string[] = [];
      for await (const record of collection.stream(filter, { sort: { id: 1 } })) streamed.push(record.title);
      expect(streamed).toEqual(expected);
    });
  }

  it('a filter that cannot be read is refused, even on an empty collection', async () => {
    const collection = await conversations();
    await expect(collection.find({ title: { $frob: 1 } })).rejects.toMatchObject({ code: 'BAD_FILTER' });
    await expect(collection.count({ $frob: [] })).rejects.toMatchObject({ code: 'BAD_FILTER' });
    await expect(collection.deleteMany({ $and: 3 })).rejects.toMatchObject({ code: 'BAD_FILTER' });
  });

  it('skip and limit take a window of the sorted result, and limit 0 is no limit', async () => {
    const collection = await conversations(...animals);
    expect(await titles(collection, {}, { sort: { title: -1 }, skip: 1, limit: 2 })).toEqual(['cat', 'bear']);
    expect(await titles(collection, {}, { sort: { title: 1 }, limit: 0 })).toHaveLength(4);
    expect(await titles(collection, {}, { sort: { title: 1 }, skip: 9 })).toEqual([]);
    await expect(collection.find({}, { limit: -1 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(collection.find({}, { skip: 1.5 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('a sort by several fields, nested ones included, breaks ties by the next', async () => {
    const collection = await conversations(...animals);
    expect(await titles(collection, {}, { sort: { 'context.legs': -1, title: -1 } })).toEqual([
      'ant',
      'cat',
      'bear',
      'dodo',
    ]);
  });

  it('a sort puts types in MongoDB’s order', async () => {
    const values = ['b', 3, null, { a: 1 }, true, 'a', [9], -1];
    const collection = await conversations(...values.map((value, at) => ({ id: `${at}`, context: { value } })));
    const sorted = await collection.find({}, { sort: { 'context.value': 1 } });
    expect(sorted.map((record) => record.context?.['value'])).toEqual([null, -1, 3, [9], 'a', 'b', { a: 1 }, true]);
  });

  it('a projection includes or excludes, and id stays unless it is excluded', async () => {
    const collection = await conversations(...animals);
    expect(await collection.findOne({ id: '1' }, { projection: { title: 1 } })).toEqual({ id: '1', title: 'ant' });
    expect(await collection.findOne({ id: '1' }, { projection: { _id: 0, 'context.size': 1 } })).toEqual({
      context: { size: { mm: 4 } },
    });
    const rest = await collection.findOne({ id: '1' }, { projection: { context: 0, _meta: 0 } });
    expect(rest).toMatchObject({ id: '1', title: 'ant' });
    expect(rest).not.toHaveProperty('context');
    expect(rest).not.toHaveProperty('_meta');
    await expect(collection.find({}, { projection: { title: 1, kind: 0 } })).rejects.toMatchObject({
      code: 'BAD_FILTER',
    });
  });

  it('what a find gave can be changed without changing the store', async () => {
    const collection = await conversations(...animals);
    for (const options of [{}, { projection: { tags: 1 } as const }]) {
      const found = await collection.findOne({ id: '1' }, options);
      must(found?.tags, 'tags').push('mutated');
      expect((await collection.findOne({ id: '1' }, options))?.tags).toEqual(['small', 'red']);
    }
    expect(await collection.count({ tags: 'mutated' })).toBe(0);
  });

  // Updating

  it('an update changes the first match, bumps updated_at and the revision, and counts', async () => {
    const collection = await conversations(...animals);
    const before = await collection.findOne({ id: '2' });
    expect(
      await collection.updateOne({ title: 'bear' }, { $set: { 'context.size.mm': 9 }, $inc: { 'context.legs': 1 } }),
    ).toEqual({
      acknowledged: true,
      matchedCount: 1,
      modifiedCount: 1,
      upsertedCount: 0,
      upsertedId: null,
    });
    const after = await collection.findOne({ id: '2' });
    expect(after?.context).toEqual({ legs: 5, size: { mm: 9 } });
    expect(after?.created_at).toBe(before?.created_at);
    expect(Date.parse(after?.updated_at ?? '')).toBeGreaterThan(Date.parse(before?.updated_at ?? ''));
    expect(after?._meta).toMatchObject({ gen: 2, anc: [before?._meta.rev] });
  });

  it('an update that changes nothing matches but does not modify', async () => {
    const collection = await conversations(...animals);
    const before = await collection.findOne({ id: '1' });
    expect(await collection.updateOne({ id: '1' }, { $set: { title: 'ant', tags: ['small', 'red'] } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
    expect(await collection.findOne({ id: '1' })).toEqual(before);
  });

  it('an update may set updated_at itself', async () => {
    const collection = await conversations(...animals);
    await collection.updateOne({ id: '1' }, { $set: { title: 'x', updated_at: '2001-01-01T00:00:00.000Z' } });
    expect(await collection.findOne({ id: '1' })).toMatchObject({ title: 'x', updated_at: '2001-01-01T00:00:00.000Z' });
  });

  it('id and created_at never change', async () => {
    const collection = await conversations(...animals);
    for (const $set of [{ id: 'z' }, { _id: 'z' }, { created_at: '2001-01-01T00:00:00.000Z' }]) {
      await expect(collection.updateOne({ id: '1' }, { $set })).rejects.toMatchObject({ code: 'BAD_UPDATE' });
    }
    expect(await titles(collection, { id: '1' })).toEqual(['ant']);
  });

  it('an update whose outcome does not fit the schema is refused, and so is one that cannot be read', async () => {
    const collection = await conversations(...animals);
    await expect(collection.updateOne({ id: '1' }, { $set: { pinned: 'yes' } })).rejects.toMatchObject({
      code: 'BAD_RECORD',
    });
    await expect(collection.updateOne({ id: 'none' }, { title: 'replacement' })).rejects.toMatchObject({
      code: 'BAD_UPDATE',
    });
    await expect(collection.updateMany({ id: 'none' }, { $frob: { a: 1 } })).rejects.toMatchObject({
      code: 'BAD_UPDATE',
    });
    expect(await collection.findOne({ id: '1' })).toMatchObject({ pinned: false, title: 'ant' });
  });

  it('updateMany changes all matches or none', async () => {
    const collection = await conversations(...animals);
    expect(await collection.updateMany({ user_id: 'u1' }, { $addToSet: { tags: 'small' } })).toMatchObject({
      matchedCount: 2,
      modifiedCount: 1,
    });
    expect(await collection.count({ tags: 'small' })).toBe(2);
    // The second of them cannot be incremented.
    await collection.updateOne({ id: '4' }, { $set: { 'context.legs': 'two' } });
    await expect(collection.updateMany({}, { $inc: { 'context.legs': 1 } })).rejects.toMatchObject({
      code: 'BAD_UPDATE',
    });
    expect((await collection.findOne({ id: '1' }))?.context).toMatchObject({ legs: 6 });
  });

  it('an upsert inserts what the filter and the update say, once', async () => {
    const collection = await conversations();
    const upsert = () =>
      collection.updateOne(
        { lookup_key: 'slack:1', kind: 'bot' },
        { $set: { title: 'Bot' }, $setOnInsert: { pinned: true }, $push: { tags: 'new' } },
        { upsert: true },
      );
    const first = await upsert();
    expect(first).toMatchObject({ matchedCount: 0, modifiedCount: 0, upsertedCount: 1 });
    expect(await collection.findOne({ id: first.upsertedId })).toMatchObject({
      lookup_key: 'slack:1',
      kind: 'bot',
      title: 'Bot',
      pinned: true,
      tags: ['new'],
    });
    expect(await upsert()).toMatchObject({ matchedCount: 1, modifiedCount: 1, upsertedCount: 0, upsertedId: null });
    expect(await collection.count()).toBe(1);
    expect(await collection.updateOne({ id: 'chosen' }, { $set: { title: 'C' } }, { upsert: true })).toMatchObject({
      upsertedId: 'chosen',
    });
  });

  it('concurrent upserts of one key make one record', async () => {
    const collection = await conversations();
    const all = Array.from({ length: 10 }, (_, at) =>
      collection.updateOne({ lookup_key: 'k' }, { $addToSet: { tags: `t${at}` } }, { upsert: true }),
    );
    await Promise.all(all);
    expect(await collection.count()).toBe(1);
    expect((await collection.findOne({ lookup_key: 'k' }))?.tags).toHaveLength(10);
  });

  it('concurrent increments are all counted', async () => {
    const collection = await conversations({ id: 'a', context: { n: 0 } });
    await Promise.all(
      Array.from({ length: 20 }, () => collection.updateOne({ id: 'a' }, { $inc: { 'context.n': 1 } })),
    );
    expect((await collection.findOne({ id: 'a' }))?.context).toEqual({ n: 20 });
  });

  it('findOneAndUpdate gives the record before, or after where asked', async () => {
    const collection = await conversations(...animals);
    const update = { $inc: { 'context.legs': 10 } };
    const before = await collection.findOneAndUpdate({ 'context.legs': 4 }, update, { sort: { title: -1 } });
    expect(before).toMatchObject({ title: 'cat', context: { legs: 4 } });
    const after = await collection.findOneAndUpdate({ title: 'cat' }, update, {
      returnDocument: 'after',
      projection: { context: 1, _id: 0 },
    });
    expect(after).toEqual({ context: { legs: 24 } });
    expect(await collection.findOneAndUpdate({ title: 'none' }, update)).toBeNull();
    expect(
      await collection.findOneAndUpdate({ title: 'new' }, { $set: { pinned: true } }, { upsert: true }),
    ).toBeNull();
    expect(
      await collection.findOneAndUpdate(
        { title: 'newer' },
        { $set: { pinned: true } },
        { upsert: true, returnDocument: 'after' },
      ),
    ).toMatchObject({ title: 'newer', pinned: true });
    // Nothing to change is still a match.
    expect(
      await collection.findOneAndUpdate({ title: 'newer' }, { $set: { pinned: true } }, { returnDocument: 'after' }),
    ).toMatchObject({ title: 'newer' });
  });

  // Deleting

  it('deleteOne takes one, deleteMany all matches, and counts say so', async () => {
    const collection = await conversations(...animals);
    expect(await collection.deleteOne({ user_id: 'u1' })).toEqual({ acknowledged: true, deletedCount: 1 });
    expect(await collection.count({ user_id: 'u1' })).toBe(1);
    expect(await collection.deleteOne({ id: 'none' })).toEqual({ acknowledged: true, deletedCount: 0 });
    expect(await collection.deleteMany({ archived: false })).toEqual({ acknowledged: true, deletedCount: 2 });
    expect(await titles(collection)).toEqual(['dodo']);
    expect(await collection.deleteMany()).toEqual({ acknowledged: true, deletedCount: 1 });
    expect(await collection.find()).toEqual([]);
  });

  it('an id can be used again after its record was deleted', async () => {
    const collection = await conversations({ id: 'a', title: 'old' });
    await collection.deleteOne({ id: 'a' });
    await collection.insertOne({ id: 'a', title: 'new' });
    expect(await titles(collection, { id: 'a' })).toEqual(['new']);
  });

  // Log collections

  it('a log collection reads, updates, sorts and deletes like any other', async () => {
    const store = await open();
    const messages = store.collection('messages');
    const at = (day: number) => `2026-01-0${day}T12:00:00.000Z`;
    await messages.insertMany([
      { id: 'm1', conversation_id: 'c', role: 'user', content: 'one', created_at: at(1) },
      { id: 'm2', conversation_id: 'c', role: 'assistant', content: 'two', created_at: at(2), parent_id: 'm1' },
      { id: 'm3', conversation_id: 'd', role: 'user', content: [{ type: 'text', text: 'three' }], created_at: at(3) },
    ]);
    await messages.updateOne({ id: 'm1' }, { $set: { content: 'uno' } });
    expect(
      await messages.find({ conversation_id: 'c' }, { sort: { created_at: -1 }, projection: { content: 1 } }),
    ).toEqual([
      { id: 'm2', content: 'two' },
      { id: 'm1', content: 'uno' },
    ]);
    expect(await messages.count({ 'content.text': 'three' })).toBe(1);
    await expect(messages.updateOne({ id: 'm1' }, { $set: { conversation_id: 'd' } })).rejects.toMatchObject({
      code: 'BAD_UPDATE',
    });
    await expect(
      messages.insertOne({ id: 'm1', conversation_id: 'd', role: 'user', content: '' }),
    ).rejects.toMatchObject({ code: 'DUPLICATE_KEY' });
    expect(await messages.deleteMany({ conversation_id: 'c' })).toMatchObject({ deletedCount: 2 });
    expect((await messages.find()).map(({ id }) => id)).toEqual(['m3']);
  });

  // Watching and closing

  it('watch tells each commit once, with its source, until it is ended', async () => {
    const store = await open();
    const batches: ChangeBatch[] = [];
    const end = store.watch((batch) => void batches.push(batch));
    const collection = store.collection('conversations');
    await collection.insertMany([{ id: 'a' }, { id: 'b' }], { source: 'import' });
    await collection.updateOne({ id: 'a' }, { $set: { title: 'A' } });
    await collection.updateOne({ id: 'a' }, { $set: { title: 'A' } });
    await store.collection('messages').insertOne({ id: 'm', conversation_id: 'a', role: 'user', content: 'x' });
    await collection.deleteOne({ id: 'b' }, { source: 'remote' });
    end();
    await collection.deleteOne({ id: 'a' });
    expect(batches).toEqual([
      {
        source: 'import',
        changes: [
          { collection: 'conversations', type: 'insert', id: 'a' },
          { collection: 'conversations', type: 'insert', id: 'b' },
        ],
      },
      { source: 'local', changes: [{ collection: 'conversations', type: 'update', id: 'a' }] },
      { source: 'local', changes: [{ collection: 'messages', type: 'insert', id: 'm', stream: 'a' }] },
      { source: 'remote', changes: [{ collection: 'conversations', type: 'delete', id: 'b' }] },
    ]);
  });

  it('a collection that the registry does not have is an error', async () => {
    const store = await open();
    expect(() => store.collection('nonsense' as never)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_COLLECTION' }),
    );
    expect(() => store.collection('__proto__' as never)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_COLLECTION' }),
    );
  });

  it('a closed store refuses work, and closing twice is harmless', async () => {
    const store = await open();
    const collection = store.collection('conversations');
    const last = collection.insertOne({ id: 'a' });
    await store.close();
    await store.close();
    await expect(last).resolves.toMatchObject({ insertedId: 'a' });
    await expect(collection.find()).rejects.toMatchObject({ code: 'VAULT_CLOSED' });
    await expect(collection.insertOne({})).rejects.toMatchObject({ code: 'VAULT_CLOSED' });
  });
}
