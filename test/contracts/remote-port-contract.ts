import { expect, onTestFinished, test } from 'vitest';
import { must } from '../../shared/assert.ts';
import type { CollectionName } from '../../shared/collections/registry.ts';
import { isIntact } from '../../main/records/meta.ts';
import { bodyOf, type StoredRecord } from '../../main/records/stored-record.ts';
import { addLanes, bucketOf, lanesOf, noLanes, sameLanes } from '../../main/sync/lanes.ts';
import type {
  Expectation,
  Lanes,
  Push,
  RemoteEvents,
  RemoteHello,
  RemotePort,
  RemoteVersion,
} from '../../main/sync/ports.ts';
import { memory, versionMaker } from '../main/sync/versions.ts';

/** A port on an empty team database, and what other programs do there. */
export interface RemoteSubject {
  readonly port: RemotePort;
  readonly streams: boolean;
  /** Inserts or replaces a whole document; `id` becomes `_id`. */
  readonly foreignPut: (
    collection: CollectionName,
    doc: Readonly<Record<string, unknown>> & { id: string },
  ) => Promise<void>;
  /** `$set` of some fields; `_meta` stays as it is. */
  readonly foreignEdit: (
    collection: CollectionName,
    id: string,
    fields: Readonly<Record<string, unknown>>,
  ) => Promise<void>;
  readonly foreignRemove: (collection: CollectionName, id: string) => Promise<void>;
  /** A document that JSON cannot hold; absent where there is no such thing. */
  readonly foreignPoison?: (collection: CollectionName, id: string) => Promise<void>;
  /** A token that cannot be resumed. */
  readonly lostToken: string;
  readonly close?: () => Promise<void>;
}

const STORE: NonNullable<RemoteHello['store']> = {
  store_id: 'store-one',
  epoch: 1,
  protocol: { min: 1, cur: 1 },
  collections: { memories: { sv: 1, min_reader: 1, min_writer: 1 } },
};
const ABSENT: Expectation = { kind: 'absent' };
const C = 'memories';

/** All of what comes page by page. */
export async function listed(pages: AsyncIterable<readonly string[]>): Promise<string[]> {
  const all: string[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

/** What every RemotePort does, whatever is behind it. */
export function remotePortContract(name: string, makeSubject: () => Promise<RemoteSubject>): void {
  const it = (title: string, body: (subject: RemoteSubject) => Promise<void>): void =>
    test(`${name}: ${title}`, async () => {
      const subject = await makeSubject();
      onTestFinished(async () => {
        await subject.port.close();
        await subject.close?.();
      });
      await body(subject);
    });
  const maker = versionMaker('r1');
  const rev = (record: StoredRecord, base: StoredRecord | null = record): Expectation => ({
    kind: 'rev',
    rev: record._meta.rev,
    base,
  });
  async function put(port: RemotePort, record: StoredRecord, collection: CollectionName = C): Promise<StoredRecord> {
    expect(await port.push(collection, [{ record, expect: ABSENT }])).toEqual([]);
    return record;
  }
  async function readOne(port: RemotePort, id: string, collection: CollectionName = C): Promise<RemoteVersion> {
    const found = must((await port.read(collection, [id])).get(id), 'the document');
    if (!('record' in found)) throw new Error(`unreadable: ${found.poison}`);
    return found;
  }

  // Identity

  it('a new database has no identity; the first claim makes it, and later ones get that', async ({ port, streams }) => {
    const hello = await port.hello();
    expect(hello).toMatchObject({ store: null, streams });
    expect(Math.abs(hello.clock_offset_ms)).toBeLessThan(60_000);
    expect(await port.claim(STORE)).toEqual(STORE);
    expect(await port.claim({ ...STORE, store_id: 'store-two' })).toEqual(STORE);
    expect((await port.hello()).store).toEqual(STORE);
  });

  // Push and read

  it('what is pushed is read as it was, and what is not there is not in the answer', async ({ port }) => {
    const record = await put(port, maker.version(C, 'm1', memory('ants')));
    const read = await port.read(C, ['m1', 'nobody']);
    expect([...read.keys()]).toEqual(['m1']);
    expect(await readOne(port, 'm1')).toMatchObject({ record });
    expect((await readOne(port, 'm1')).foreign).toBeUndefined();
    expect(await port.revs(C, ['m1', 'nobody'])).toEqual(new Map([['m1', record._meta.rev]]));
  });

  it('a push that expects nothing leaves what is there', async ({ port }) => {
    const record = await put(port, maker.version(C, 'm1', memory('ants')));
    expect(await port.push(C, [{ record: maker.version(C, 'm1', memory('bees')), expect: ABSENT }])).toEqual([]);
    expect((await readOne(port, 'm1')).record).toEqual(record);
  });

  it('a push that expects a rev replaces that one only, fields that are gone included', async ({ port }) => {
    const first = await put(port, maker.version(C, 'm1', memory('ants', { domain: 'nature' })));
    const second = maker.version(C, 'm1', memory('bees'), first._meta);
    await port.push(C, [{ record: second, expect: rev(first) }]);
    expect((await readOne(port, 'm1')).record).toEqual(second);
    const third = maker.version(C, 'm1', memory('wasps'), first._meta);
    expect(await port.push(C, [{ record: third, expect: rev(first) }])).toEqual([]);
    expect((await readOne(port, 'm1')).record).toEqual(second);
    expect(await port.push(C, [{ record: third, expect: rev(second, null) }])).toEqual([]);
    expect((await readOne(port, 'm1')).record).toEqual(third);
  });

  it('pushes of a batch stand for themselves', async ({ port }) => {
    const old = await put(port, maker.version(C, 'm2', memory('old')));
    const batch = ['m1', 'm2', 'm3'].map((id): Push => ({
      record: maker.version(C, id, memory(`new ${id}`)),
      expect: ABSENT,
    }));
    expect(await port.push(C, batch)).toEqual([]);
    const revs = await port.revs(C, ['m1', 'm2', 'm3']);
    expect(revs).toEqual(
      new Map([
        ['m1', batch[0]?.record._meta.rev],
        ['m2', old._meta.rev],
        ['m3', batch[2]?.record._meta.rev],
      ]),
    );
  });

  it('the same push twice is the same as once', async ({ port }) => {
    const first = await put(port, maker.version(C, 'm1', memory('ants')));
    const push: Push = { record: maker.version(C, 'm1', memory('bees'), first._meta), expect: rev(first) };
    await port.push(C, [push]);
    await port.push(C, [push]);
    expect((await readOne(port, 'm1')).record).toEqual(push.record);
  });

  it('a tombstone takes the record’s place, and is counted by digests alone', async ({ port }) => {
    const first = await put(port, maker.version(C, 'm1', memory('ants')));
    await put(port, maker.version(C, 'm2', memory('bees')));
    const gone = maker.tombstone(C, first);
    await port.push(C, [{ record: gone, expect: rev(first) }]);
    expect((await readOne(port, 'm1')).record).toEqual(gone);
    expect(await port.count(C)).toBe(1);
    expect([...(await port.digest(C, { by: 'month' })).values()].map(({ n }) => n)).toEqual([2]);
  });

  it('a unique key that another document has is refused, and the rest of the batch lands', async ({ port }) => {
    const chat = (id: string, key: string): StoredRecord =>
      maker.version('conversations', id, {
        title: id,
        kind: 'bot',
        tags: [],
        pinned: false,
        archived: false,
        lookup_key: key,
      });
    await put(port, chat('c1', 'slack:U1:C1'), 'conversations');
    const refusals = await port.push('conversations', [
      { record: chat('c2', 'slack:U1:C1'), expect: ABSENT },
      { record: chat('c3', 'slack:U1:C2'), expect: ABSENT },
    ]);
    expect(refusals).toEqual([{ id: 'c2', kind: 'duplicate-key', reason: expect.any(String) as string }]);
    expect([...(await port.revs('conversations', ['c1', 'c2', 'c3'])).keys()].sort()).toEqual(['c1', 'c3']);
  });

  it('what JSON can say comes back as it was said', async ({ port }) => {
    const extra = {
      text: 'ünïcode 🐜 \u0000 \u2028 "quotes" \\',
      numbers: [0, 1, -1, 0.1, 1e21, 1e-7, 2 ** 31, 2 ** 53, -(2 ** 53), 4_294_967_296, 1.7976931348623157e308],
      empty: { object: {}, array: [], text: '', nothing: null, no: false },
      nested: [[[{ deep: [null, [true]] }]]],
      looks: {
        like: '$operator',
        date: '2026-01-01T00:00:00.000Z',
        oid: '507f1f77bcf86cd799439011',
        long: '9007199254740993',
      },
      ' key with spaces ': 1,
      '0': 'numeric key',
      ключ: 'кириллица',
    };
    const record = await put(port, maker.version(C, 'm1', memory('$text: {$set: 1}', { extra, tenant: '$tenant' })));
    const found = await readOne(port, 'm1');
    expect(found.record).toEqual(record);
    expect(found.foreign).toBeUndefined();
    expect(isIntact(found.record)).toBe(true);
  });

  it('ids are text, whatever they look like', async ({ port }) => {
    const ids = ['507f1f77bcf86cd799439011', '42', 'slack:U1/C1', 'ünï', ' ', '$where', 'a.b', 'x'.repeat(900)];
    for (const id of ids) await put(port, maker.version(C, id, memory(id)));
    expect([...(await port.read(C, ids)).keys()].sort()).toEqual([...ids].sort());
  });

  // Other programs

  it('another program’s document is a version of its own, the same each time, and adoption makes it stand', async ({
    port,
    foreignPut,
  }) => {
    await foreignPut(C, {
      id: 'f1',
      ...memory('theirs'),
      created_at: '2026-02-03T04:05:06.000Z',
      updated_at: '2026-02-03T04:05:06.000Z',
    });
    const found = await readOne(port, 'f1');
    expect(found.foreign).toEqual({ former: null });
    expect(found.record).toMatchObject({
      id: 'f1',
      text: 'theirs',
      _meta: { gen: 1, anc: [], by: { external: true } },
    });
    expect((await readOne(port, 'f1')).record).toEqual(found.record);
    await port.adopt(C, [found]);
    const adopted = await readOne(port, 'f1');
    expect(adopted.foreign).toBeUndefined();
    expect(adopted.record).toEqual(found.record);
    expect(await port.revs(C, ['f1'])).toEqual(new Map([['f1', found.record._meta.rev]]));
  });

  it('a document without dates can be read and adopted', async ({ port, foreignPut }) => {
    await foreignPut(C, { id: 'f1', ...memory('no dates') });
    const found = await readOne(port, 'f1');
    expect(found.record.created_at).toMatch(/^\d{4}-\d\d-\d\dT/);
    await port.adopt(C, [found]);
    expect(await readOne(port, 'f1')).toMatchObject({ record: found.record });
    expect((await readOne(port, 'f1')).foreign).toBeUndefined();
  });

  it('an edit by another program that left _meta alone is a version built on the one before', async ({
    port,
    foreignEdit,
  }) => {
    const first = await put(port, maker.version(C, 'm1', memory('ants')));
    await foreignEdit(C, 'm1', { text: 'edited elsewhere' });
    const found = await readOne(port, 'm1');
    expect(found.foreign).toEqual({ former: first._meta });
    expect(found.record).toMatchObject({ text: 'edited elsewhere', _meta: { gen: 2, anc: [first._meta.rev] } });
    await port.adopt(C, [found]);
    expect((await readOne(port, 'm1')).foreign).toBeUndefined();
    expect((await readOne(port, 'm1')).record).toEqual(found.record);
  });

  it('adoption leaves a document that has changed since it was read', async ({ port, foreignPut, foreignEdit }) => {
    await foreignPut(C, { id: 'f1', ...memory('theirs'), created_at: '2026-02-03T04:05:06.000Z' });
    const found = await readOne(port, 'f1');
    await foreignEdit(C, 'f1', { text: 'theirs again' });
    await port.adopt(C, [found]);
    expect(await readOne(port, 'f1')).toMatchObject({ record: { text: 'theirs again' }, foreign: { former: null } });
  });

  it('another program’s edit is not overwritten by a push that knows the content before it', async ({
    port,
    foreignEdit,
  }) => {
    const first = await put(port, maker.version(C, 'm1', memory('ants')));
    await foreignEdit(C, 'm1', { domain: 'nature' });
    const push = { record: maker.version(C, 'm1', memory('bees'), first._meta), expect: rev(first) };
    expect(await port.push(C, [push])).toEqual([]);
    const stands = await readOne(port, 'm1');
    expect(stands.record).toMatchObject({ text: 'ants', domain: 'nature' });
    const merged = maker.version(C, 'm1', memory('bees', { domain: 'nature' }), stands.record._meta);
    expect(await port.push(C, [{ record: merged, expect: { kind: 'seen', version: stands } }])).toEqual([]);
    expect((await readOne(port, 'm1')).record).toEqual(merged);
    await port.push(C, [{ record: push.record, expect: { kind: 'seen', version: stands } }]);
    expect((await readOne(port, 'm1')).record).toEqual(merged);
  });

  it('documents without _meta are listed until they are adopted', async ({ port, foreignPut }) => {
    await put(port, maker.version(C, 'm1', memory('ants')));
    for (const id of ['f1', 'f2', 'f3']) await foreignPut(C, { id, ...memory(id) });
    const foreign = async (): Promise<string[]> => (await listed(port.listForeign(C))).sort();
    expect(await foreign()).toEqual(['f1', 'f2', 'f3']);
    await port.adopt(C, [await readOne(port, 'f2')]);
    expect(await foreign()).toEqual(['f1', 'f3']);
    expect(await port.count(C)).toBe(4);
  });

  it('however many documents without _meta cannot be read, those that can are listed', async ({ port, foreignPut }) => {
    const ids = Array.from({ length: 1_200 }, (_, at) => `f${at}`);
    await Promise.all(ids.map((id) => foreignPut(C, { id, type: 'none' })));
    await foreignPut(C, { id: 'good', ...memory('ants') });
    expect(new Set(await listed(port.listForeign(C)))).toEqual(new Set([...ids, 'good']));
  });

  it('a document without _meta is listed once, also where others are adopted meanwhile', async ({
    port,
    foreignPut,
  }) => {
    const ids = Array.from({ length: 1_200 }, (_, at) => `f${at}`);
    await Promise.all(ids.map((id) => foreignPut(C, { id, ...memory(id) })));
    const heard: string[] = [];
    for await (const page of port.listForeign(C)) {
      heard.push(...page);
      // As the reconciler does: what it has heard of is ours by the time that it asks for more.
      const found = [...(await port.read(C, page)).values()];
      await port.adopt(
        C,
        found.filter((version): version is RemoteVersion => 'record' in version),
      );
    }
    expect(heard.sort()).toEqual(ids.sort());
    expect(await listed(port.listForeign(C))).toEqual([]);
  });

  it('reading some ends by size, and says what is left; what is absent ends up nowhere', async ({ port }) => {
    const ids = Array.from({ length: 40 }, (_, at) => `m${at}`);
    // More than a server gives in one answer.
    const text = 'x'.repeat(500_000);
    await port.push(
      C,
      ids.map((id): Push => ({ record: maker.version(C, id, memory(text)), expect: { kind: 'absent' } })),
    );
    const seen: string[] = [];
    let rest: readonly string[] = [...ids, 'absent'];
    let parts = 0;
    for (; rest.length > 0; parts += 1) {
      const some = await port.readSome(C, rest, 1_000_000);
      expect(some.found.size).toBeGreaterThan(0);
      expect(some.rest).toEqual(rest.filter((id) => some.rest.includes(id)));
      seen.push(...some.found.keys());
      rest = some.rest.filter((id) => id !== 'absent' || some.rest.length > 1);
    }
    expect(seen.sort()).toEqual(ids.sort());
    expect(parts).toBeGreaterThan(1);
    expect(await port.readSome(C, ['absent'], 1)).toEqual({ found: new Map(), rest: [] });
    expect((await port.read(C, ids)).size).toBe(40);
  });

  it('a document that cannot be read harms no other', async ({ port, foreignPoison }) => {
    if (foreignPoison === undefined) return;
    await put(port, maker.version(C, 'm1', memory('ants')));
    await foreignPoison(C, 'bad');
    const read = await port.read(C, ['m1', 'bad']);
    expect(read.get('m1')).toMatchObject({ record: { text: 'ants' } });
    expect(read.get('bad')).toEqual({ poison: expect.any(String) as string });
    const scanned: unknown[] = [];
    for await (const part of port.scan(C)) scanned.push(...part);
    expect(scanned).toHaveLength(2);
  });

  // Digests

  const days = [
    '2026-01-05T23:59:59.999Z',
    '2026-01-06T00:00:00.000Z',
    '2026-01-06T12:00:00.000Z',
    '2026-02-01T00:30:00.000+01:00',
  ];
  async function spread(port: RemotePort): Promise<StoredRecord[]> {
    const records = days.flatMap((created_at, day) =>
      [0, 1, 2].map((n) => maker.version(C, `d${day}-${n}`, { ...memory('x'), created_at })),
    );
    await port.push(
      C,
      records.map((record): Push => ({ record, expect: ABSENT })),
    );
    return records;
  }
  const sumOf = (records: readonly StoredRecord[]): Lanes =>
    records.reduce((sum, { id, _meta }) => addLanes(sum, lanesOf(id, _meta.rev)), noLanes);
  function expectSums(
    found: ReadonlyMap<string, Lanes>,
    wanted: Readonly<Record<string, readonly StoredRecord[]>>,
  ): void {
    expect([...found.keys()].sort()).toEqual(Object.keys(wanted).sort());
    for (const [key, records] of Object.entries(wanted)) {
      expect(sameLanes(must(found.get(key), key), sumOf(records))).toBe(true);
    }
  }

  it('digests sum what stands there by month, by day in UTC, and by part of a day', async ({ port }) => {
    expect((await port.digest(C, { by: 'month' })).size).toBe(0);
    const records = await spread(port);
    expectSums(await port.digest(C, { by: 'month' }), { '2026-01': records });
    expectSums(await port.digest(C, { month: '2026-01' }), {
      '2026-01-05': records.slice(0, 3),
      '2026-01-06': records.slice(3, 9),
      '2026-01-31': records.slice(9),
    });
    const parts: Record<string, StoredRecord[]> = {};
    for (const record of records.slice(3, 9)) {
      (parts[String(bucketOf(lanesOf(record.id, record._meta.rev)))] ??= []).push(record);
    }
    expectSums(await port.digest(C, { day: '2026-01-06' }), parts);
    expect((await port.digest(C, { month: '2025-12' })).size).toBe(0);
  });

  it('a digest follows a replacement', async ({ port }) => {
    const [first] = await spread(port);
    const next = maker.version(
      C,
      must(first, 'a record').id,
      { ...bodyOf(must(first, 'a record')), text: 'y' },
      first?._meta,
    );
    await port.push(C, [{ record: next, expect: rev(must(first, 'a record')) }]);
    const listed = await port.list(C, '2026-01-05');
    expect(listed).toContainEqual({ id: next.id, rev: next._meta.rev });
    expect(listed).toHaveLength(3);
    const day = must((await port.digest(C, { month: '2026-01' })).get('2026-01-05'), 'the day');
    expect(
      sameLanes(
        day,
        listed.reduce((sum, { id, rev: r }) => addLanes(sum, lanesOf(id, r)), noLanes),
      ),
    ).toBe(true);
  });

  it('a day’s versions are listed, whole or one part of them', async ({ port }) => {
    const records = (await spread(port)).slice(3, 9);
    const refs = records.map(({ id, _meta }) => ({ id, rev: _meta.rev }));
    const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
    expect([...(await port.list(C, '2026-01-06'))].sort(byId)).toEqual(refs.sort(byId));
    const part = bucketOf(lanesOf(must(refs[0], 'a ref').id, must(refs[0], 'a ref').rev));
    expect([...(await port.list(C, '2026-01-06', part))].sort(byId)).toEqual(
      refs.filter(({ id, rev: r }) => bucketOf(lanesOf(id, r)) === part),
    );
  });

  it('a month’s versions are listed together', async ({ port }) => {
    const at = (day: string, id: string) => maker.version(C, id, { ...memory(id), created_at: `${day}T12:00:00.000Z` });
    const records = [at('2026-01-31', 'a'), at('2026-02-01', 'b'), at('2026-02-28', 'c'), at('2026-03-01', 'd')];
    for (const record of records) await put(port, record);
    expect((await port.list(C, '2026-02')).map(({ id }) => id).sort()).toEqual(['b', 'c']);
  });

  it('totals are the sums of all days, and say whether a document waits to be adopted', async ({
    port,
    foreignPut,
  }) => {
    const records = ['a', 'b', 'c'].map((id) => maker.version(C, id, memory(id)));
    for (const record of records) await put(port, record);
    let sum = noLanes;
    for (const { id, _meta } of records) sum = addLanes(sum, lanesOf(id, _meta.rev));
    const nothing = { lanes: noLanes, hasForeign: false };
    expect(await port.totals([C, 'messages'])).toEqual(
      new Map([
        [C, { lanes: sum, hasForeign: false }],
        ['messages', nothing],
      ]),
    );
    await foreignPut(C, { id: 'theirs', ...memory('theirs') });
    expect((await port.totals([C])).get(C)).toEqual({ lanes: sum, hasForeign: true });
    expect(await port.totals([])).toEqual(new Map());
  });

  it('of the time before a scope those are listed that are pinned, awake, a user’s or written here, with their messages', async ({
    port,
  }) => {
    const [old, now] = ['2025-01-10T00:00:00.000Z', '2026-02-10T00:00:00.000Z'];
    const chat = (id: string, created_at: string, fields = {}) =>
      put(port, maker.version('conversations', id, { kind: 'chat', title: id, tags: [], pinned: false, archived: false, created_at, updated_at: created_at, ...fields }), 'conversations'); // prettier-ignore
    const message = (id: string, conversation_id: string, created_at: string) =>
      put(port, maker.version('messages', id, { conversation_id, role: 'user', content: id, created_at, updated_at: created_at }), 'messages'); // prettier-ignore
    await chat('asleep', old);
    await chat('pinned', old, { pinned: true });
    await chat('anns', old, { user_id: 'ann' });
    await chat('renamed', old, { updated_at: now });
    await chat('awake', old);
    await chat('new', now);
    for (const id of ['asleep', 'pinned', 'anns', 'renamed', 'awake']) await message(`${id}-1`, id, old);
    await message('awake-2', 'awake', now);
    const scope = { from: '2026-02-01', pinned: true, users: ['ann'], replica: 'nobody' };
    const ids = async (collection: 'conversations' | 'messages', change = {}) =>
      (await port.listKept(collection, { ...scope, ...change })).map(({ id }) => id).sort();
    expect(await ids('conversations')).toEqual(['anns', 'awake', 'pinned', 'renamed']);
    expect(await ids('messages')).toEqual(['anns-1', 'awake-1', 'pinned-1', 'renamed-1']);
    expect(await ids('messages', { pinned: false, users: [] })).toEqual(['awake-1', 'renamed-1']);
    expect(await ids('conversations', { replica: 'r1' })).toHaveLength(5);
    expect((await port.listKept('memories', scope)).length).toBe(0);
  });

  it('a scan gives every version by id, tombstones and other programs’ documents included', async ({
    port,
    foreignPut,
  }) => {
    const first = await put(port, maker.version(C, 'b', memory('b')));
    await put(port, maker.version(C, 'c', memory('c')));
    await port.push(C, [{ record: maker.tombstone(C, first), expect: rev(first) }]);
    await foreignPut(C, { id: 'a', ...memory('a') });
    const found: string[] = [];
    for await (const part of port.scan(C))
      found.push(...part.map((one) => ('record' in one ? one.record.id : 'poison')));
    expect(found).toEqual(['a', 'b', 'c']);
  });

  // Hints

  async function nextOf(events: AsyncIterator<RemoteEvents>): Promise<RemoteEvents> {
    const { value, done } = await events.next();
    if (done === true) throw new Error('the stream ended');
    return value as RemoteEvents;
  }
  async function untilChanged(events: AsyncIterator<RemoteEvents>, ids: readonly string[]): Promise<string> {
    const missing = new Set(ids);
    for (;;) {
      const event = await nextOf(events);
      if (event.kind === 'lost') throw new Error(event.reason);
      if (event.kind === 'changed') for (const { id } of event.refs) missing.delete(id);
      if (missing.size === 0) return event.token;
    }
  }

  it('a stream from now on begins with its place, tells of changes, and goes on after a token', async ({
    port,
    streams,
    foreignPut,
    foreignRemove,
  }) => {
    if (!streams) return;
    const ended = new AbortController();
    const events = port.watch(null, ended.signal)[Symbol.asyncIterator]();
    const start = await nextOf(events);
    expect(start).toEqual({ kind: 'idle', token: expect.any(String) as string });
    await put(port, maker.version(C, 'm1', memory('ants')));
    await foreignPut('conversations', { id: 'c1', title: 'theirs' });
    const token = await untilChanged(events, ['m1', 'c1']);
    const more = events.next();
    ended.abort();
    await more.catch(() => undefined);
    await foreignRemove(C, 'm1');
    const again = new AbortController();
    const later = port.watch(token, again.signal)[Symbol.asyncIterator]();
    const event = await firstChange(later);
    expect(event.refs).toMatchObject([{ collection: C, id: 'm1' }]);
    again.abort();
    await later.next().catch(() => undefined);
  });

  async function firstChange(events: AsyncIterator<RemoteEvents>): Promise<RemoteEvents & { kind: 'changed' }> {
    for (;;) {
      const event = await nextOf(events);
      if (event.kind === 'changed') return event;
      if (event.kind === 'lost') throw new Error(event.reason);
    }
  }

  it('history is told up to this moment, in-place edits included, and is null where it is lost', async ({
    port,
    streams,
    foreignEdit,
    lostToken,
  }) => {
    if (!streams) return;
    const ended = new AbortController();
    const events = port.watch(null, ended.signal)[Symbol.asyncIterator]();
    const start = await nextOf(events);
    if (start.kind === 'lost') throw new Error(start.reason);
    expect(await port.history(start.token)).toEqual([]);
    const record = await put(port, maker.version(C, 'a', memory('one')));
    await foreignEdit(C, 'a', { text: 'one!' });
    const refs = (await port.history(start.token)) ?? [];
    expect(refs.map(({ collection, id }) => `${collection}/${id}`)).toEqual([`${C}/a`, `${C}/a`]);
    expect(refs[0]?.rev).toBe(record._meta.rev);
    expect(await port.history(lostToken)).toBeNull();
    ended.abort();
  });

  it('a stream says when its token’s history is lost', async ({ port, streams, lostToken }) => {
    if (!streams) return;
    const ended = new AbortController();
    const events = port.watch(lostToken, ended.signal)[Symbol.asyncIterator]();
    expect(await nextOf(events)).toEqual({ kind: 'lost', reason: expect.any(String) as string });
    ended.abort();
  });

  it('polling begins now, and misses none of the pushes after', async ({ port }) => {
    await put(port, maker.version(C, 'before', memory('before')));
    const start = await port.poll(null);
    expect(start).toMatchObject({ refs: [], more: false });
    const ids = Array.from({ length: 7 }, (_, n) => `p${n}`);
    await port.push(
      C,
      ids.map((id): Push => ({ record: maker.version(C, id, memory(id)), expect: ABSENT })),
    );
    const seen = new Map<string, string | undefined>();
    let { cursor } = start;
    for (let more = true; more;) {
      const page = await port.poll(cursor);
      for (const { collection, id, rev: known } of page.refs) if (collection === C) seen.set(id, known);
      ({ cursor, more } = page);
    }
    expect(ids.filter((id) => !seen.has(id))).toEqual([]);
    const revs = await port.revs(C, ids);
    for (const [id, known] of seen) if (known !== undefined && revs.has(id)) expect(known).toBe(revs.get(id));
    const again = await port.poll(cursor);
    expect(again.more).toBe(false);
  });
}
