import { expect, onTestFinished, test } from 'vitest';
import { must } from '../../shared/assert.ts';
import type { CollectionName } from '../../shared/collections/registry.ts';
import { bodyOf, type StoredRecord } from '../../main/records/stored-record.ts';
import { baseOf } from '../../main/sync/base.ts';
import { lanesOf } from '../../main/sync/lanes.ts';
import type { CommitResult, LocalPort, LocalState, SyncCommit, SyncState, SyncStep } from '../../main/sync/ports.ts';
import { memory, versionMaker } from '../main/sync/versions.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A port on an empty vault, and what a person does there. */
export interface LocalSubject {
  readonly port: LocalPort;
  insert(collection: CollectionName, draft: Fields & { readonly id: string }): Promise<void>;
  update(collection: CollectionName, id: string, fields: Fields): Promise<void>;
  remove(collection: CollectionName, id: string): Promise<void>;
  /** As its owner sees it; null where there is none. */
  find(collection: CollectionName, id: string): Promise<StoredRecord | null>;
  /** Closes the vault and opens it again. */
  reopen(): Promise<LocalSubject>;
  close?(): Promise<void>;
}

const C = 'memories';
const STATE: SyncState = {
  store_id: 'store-one',
  epoch: 1,
  resume_token: null,
  poll_cursor: null,
  last_synced_at: null,
  last_full_sync_at: null,
  last_verified_at: null,
  quarantine: [],
  decision: null,
};
const FINE: CommitResult = { moved: [], refused: [] };

/** What every LocalPort does, whatever is behind it. */
export function localPortContract(name: string, makeSubject: () => Promise<LocalSubject>): void {
  const it = (title: string, body: (subject: LocalSubject) => Promise<void>): void =>
    test(`${name}: ${title}`, async () => {
      const subject = await makeSubject();
      onTestFinished(async () => subject.close?.());
      expect(await subject.port.commit({ steps: [], state: STATE })).toEqual(FINE);
      await body(subject);
    });
  const there = versionMaker('there', { now: () => Date.now() });

  async function stateOf({ port }: LocalSubject, id: string, collection: CollectionName = C): Promise<LocalState> {
    return must((await port.read(collection, [id])).get(id), 'an answer for each id');
  }
  async function localOf(subject: LocalSubject, id: string, collection: CollectionName = C): Promise<StoredRecord> {
    return must((await stateOf(subject, id, collection)).local, 'the local version');
  }
  const dirtyIds = ({ port }: LocalSubject, collection: CollectionName = C): Promise<readonly string[]> =>
    port.dirty(collection, 100);
  const take = (version: StoredRecord, expected: string | null, collection: CollectionName = C): SyncStep => ({
    collection,
    id: version.id,
    expected,
    local: { version },
    base: baseOf(version),
  });
  async function done({ port }: LocalSubject, ...steps: readonly SyncStep[]): Promise<void> {
    expect(await port.commit({ steps })).toEqual(FINE);
  }
  /** A record that the server has too. */
  async function synced(subject: LocalSubject, id: string, fields: Fields = memory('ants')): Promise<StoredRecord> {
    await subject.insert(C, { id, ...fields });
    const record = await localOf(subject, id);
    await done(subject, { collection: C, id, base: baseOf(record), baseRecord: record });
    return record;
  }
  const based = async ({ port }: LocalSubject, collection: CollectionName = C): Promise<number> =>
    [...(await port.digest(collection, { by: 'month' })).values()].reduce((sum, { n }) => sum + n, 0);

  test(`${name}: before the first contact there is no state`, async () => {
    const subject = await makeSubject();
    onTestFinished(async () => subject.close?.());
    expect(await subject.port.state()).toBeNull();
    expect(subject.port.collections).toEqual(expect.arrayContaining(['conversations', 'messages', C, 'conflicts']));
    expect(subject.port.collections).not.toContain('imports');
    expect(subject.port.replica).not.toBe('');
  });

  it('state is changed in part, and outlives the process', async (subject) => {
    const poisoned = {
      collection: C,
      id: 'm1',
      rev: null,
      side: 'local',
      reason: 'r',
      first_seen: '2026-01-01T00:00:00.000Z',
      tries: 1,
      next_try: '2026-01-01T01:00:00.000Z',
    } as const;
    await subject.port.commit({ steps: [], state: { resume_token: 't1', quarantine: [poisoned] } });
    const wanted = { ...STATE, resume_token: 't1', quarantine: [poisoned] };
    expect(await subject.port.state()).toEqual(wanted);
    const again = await subject.reopen();
    expect(await again.port.state()).toEqual(wanted);
    await again.close?.();
  });

  // What is dirty

  it('a new record is dirty until the base is its version', async (subject) => {
    await subject.insert(C, { id: 'm1', ...memory('ants') });
    expect(await dirtyIds(subject)).toEqual(['m1']);
    expect(await subject.port.countDirty()).toMatchObject({ [C]: 1 });
    const { local, base, baseRecord } = await stateOf(subject, 'm1');
    expect([base, baseRecord]).toEqual([null, null]);
    expect(local).toMatchObject({ id: 'm1', text: 'ants', _meta: { gen: 1, by: { replica: subject.port.replica } } });
    const record = must(local, 'the record');
    await done(subject, { collection: C, id: 'm1', expected: record._meta.rev, base: baseOf(record) });
    expect(await dirtyIds(subject)).toEqual([]);
    expect((await subject.port.countDirty())[C] ?? 0).toBe(0);
    expect(await stateOf(subject, 'm1')).toEqual({ local: record, base: baseOf(record), baseRecord: null });
  });

  it('a reading of so many bytes ends where they are reached, and never before the first', async (subject) => {
    for (const id of ['a', 'b', 'c']) await subject.insert(C, { id, ...memory('x'.repeat(10_000)) });
    const ids = ['a', 'b', 'c'];
    expect([...(await subject.port.read(C, ids, 25_000)).keys()]).toEqual(['a', 'b']);
    expect([...(await subject.port.read(C, ids, 1)).keys()]).toEqual(['a']);
    expect([...(await subject.port.read(C, ids, 1_000_000)).keys()]).toEqual(ids);
  });

  it('a base alone is kept where the version is the expected one, and its content is known at the next edit', async (subject) => {
    await subject.insert(C, { id: 'a', ...memory('one') });
    const local = await localOf(subject, 'a');
    const step: SyncStep = { collection: C, id: 'a', expected: local._meta.rev, base: baseOf(local) };
    await subject.update(C, 'a', { text: 'two' });
    expect((await subject.port.commit({ steps: [step] })).moved).toEqual([{ collection: C, id: 'a' }]);
    expect((await stateOf(subject, 'a')).base).toBeNull();
    const next = await localOf(subject, 'a');
    const again: SyncStep = { collection: C, id: 'a', expected: next._meta.rev, base: baseOf(next) };
    expect(await subject.port.commit({ steps: [again] })).toEqual(FINE);
    await subject.update(C, 'a', { text: 'three' });
    expect(await stateOf(subject, 'a')).toMatchObject({ base: { rev: next._meta.rev }, baseRecord: next });
  });

  it('bases of a month are listed together', async (subject) => {
    const at = (day: string, id: string) => there.version(C, id, { ...memory(id), created_at: `${day}T12:00:00.000Z` });
    const records = [at('2026-01-31', 'a'), at('2026-02-01', 'b'), at('2026-02-28', 'c'), at('2026-03-01', 'd')];
    await subject.port.commit({ steps: records.map((record) => take(record, null)) });
    const ids = async (period: string) => (await subject.port.bases(C, period)).map(({ id }) => id).sort();
    expect([await ids('2026-02'), await ids('2026-02-28')]).toEqual([['b', 'c'], ['c']]);
  });

  it('ids that never were are answered too', async (subject) => {
    expect(await stateOf(subject, 'nobody')).toEqual({ local: null, base: null, baseRecord: null });
  });

  it('dirty records come oldest change first, up to the limit, without those that are left out', async (subject) => {
    for (const id of ['b', 'a', 'c']) await subject.insert(C, { id, ...memory(id) });
    await subject.update(C, 'b', { text: 'again' });
    expect(await dirtyIds(subject)).toEqual(['a', 'c', 'b']);
    expect(await subject.port.dirty(C, 2)).toEqual(['a', 'c']);
    expect(await subject.port.dirty(C, 1, new Set(['a']))).toEqual(['c']);
  });

  it('an edit keeps the whole version that the server has, until the push has landed', async (subject) => {
    const record = await synced(subject, 'm1');
    await subject.update(C, 'm1', { text: 'bees' });
    await subject.update(C, 'm1', { text: 'wasps' });
    const again = await subject.reopen();
    const { local, base, baseRecord } = await stateOf(again, 'm1');
    expect(local).toMatchObject({ text: 'wasps' });
    expect(base).toEqual(baseOf(record));
    expect(baseRecord).toEqual(record);
    const pushed = must(local, 'the local version');
    await done(again, { collection: C, id: 'm1', base: baseOf(pushed), baseRecord: pushed });
    expect(await stateOf(again, 'm1')).toEqual({ local: pushed, base: baseOf(pushed), baseRecord: null });
    await again.close?.();
  });

  it('a base that the vault has edited beyond is kept whole', async (subject) => {
    await subject.insert(C, { id: 'm1', ...memory('ants') });
    const pushed = await localOf(subject, 'm1');
    await subject.update(C, 'm1', { text: 'bees' });
    await done(subject, { collection: C, id: 'm1', base: baseOf(pushed), baseRecord: pushed });
    expect(await stateOf(subject, 'm1')).toMatchObject({ local: { text: 'bees' }, baseRecord: pushed });
    expect(await dirtyIds(subject)).toEqual(['m1']);
  });

  it('a forgotten base makes the record dirty again', async (subject) => {
    await synced(subject, 'm1');
    await done(subject, { collection: C, id: 'm1', base: null });
    expect(await dirtyIds(subject)).toEqual(['m1']);
    expect((await stateOf(subject, 'm1')).base).toBeNull();
    expect(await based(subject)).toBe(0);
  });

  it('a deleted record is a dirty tombstone, unless it never left', async (subject) => {
    const record = await synced(subject, 'm1');
    await subject.insert(C, { id: 'm2', ...memory('never left') });
    await subject.remove(C, 'm1');
    await subject.remove(C, 'm2');
    expect(await dirtyIds(subject)).toEqual(['m1']);
    const { local, baseRecord } = await stateOf(subject, 'm1');
    expect(local?._meta).toMatchObject({ del: true, gen: 2, anc: [record._meta.rev] });
    expect(local).not.toHaveProperty('text');
    expect(local?.created_at).toBe(record.created_at);
    expect(baseRecord).toEqual(record);
    const tombstone = must(local, 'the tombstone');
    await done(subject, { collection: C, id: 'm1', base: baseOf(tombstone) });
    expect(await dirtyIds(subject)).toEqual([]);
    expect((await stateOf(subject, 'm1')).local).toEqual(tombstone);
  });

  // What a commit does

  it('a version from the server is kept verbatim', async (subject) => {
    const version = there.version(C, 'm1', { ...memory('theirs'), from_the_future: { a: [1] } });
    await done(subject, take(version, null));
    expect(await subject.find(C, 'm1')).toEqual(version);
    const again = await subject.reopen();
    expect(await stateOf(again, 'm1')).toEqual({ local: version, base: baseOf(version), baseRecord: null });
    expect(await dirtyIds(again)).toEqual([]);
    const next = there.version(C, 'm1', memory('theirs, later'), version._meta);
    await done(again, take(next, version._meta.rev));
    expect(await again.find(C, 'm1')).toEqual(next);
    await again.close?.();
  });

  it('a tombstone from the server takes the record away, and it can come back', async (subject) => {
    const version = there.version(C, 'm1', memory('theirs'));
    await done(subject, take(version, null));
    const gone = there.tombstone(C, version);
    await done(subject, take(gone, version._meta.rev));
    expect(await subject.find(C, 'm1')).toBeNull();
    expect((await stateOf(subject, 'm1')).local).toEqual(gone);
    const back = there.version(C, 'm1', memory('back'), gone._meta);
    await done(subject, take(back, gone._meta.rev));
    expect(await subject.find(C, 'm1')).toEqual(back);
    const unseen = there.tombstone(C, there.version(C, 'm2', memory('never here')));
    await done(subject, take(unseen, null));
    expect(await stateOf(subject, 'm2')).toEqual({ local: unseen, base: baseOf(unseen), baseRecord: null });
  });

  it('a merged record is stamped here, upon its parent and later than all that was shown', async (subject) => {
    await synced(subject, 'm1');
    await subject.update(C, 'm1', { text: 'mine' });
    const mine = await localOf(subject, 'm1');
    const theirs = versionMaker('there', { now: () => Date.now() + 3_600_000 }).version(C, 'm1', memory('theirs'));
    const merged = { ...bodyOf(mine), text: 'both', tenant: 't' };
    await done(subject, {
      collection: C,
      id: 'm1',
      expected: mine._meta.rev,
      local: { merged, parent: theirs._meta },
      base: baseOf(theirs),
      baseRecord: theirs,
    });
    const { local, base, baseRecord } = await stateOf(subject, 'm1');
    expect(bodyOf(must(local, 'the merged version'))).toEqual(merged);
    expect(local?._meta).toMatchObject({
      gen: theirs._meta.gen + 1,
      anc: [theirs._meta.rev],
      by: { replica: subject.port.replica },
    });
    expect(must(local, 'the merged version')._meta.hlc > theirs._meta.hlc).toBe(true);
    expect([base, baseRecord]).toEqual([baseOf(theirs), theirs]);
    expect(await dirtyIds(subject)).toEqual(['m1']);
  });

  it('a deletion is stamped here upon its parent', async (subject) => {
    const record = await synced(subject, 'm1');
    const theirs = there.version(C, 'm1', memory('theirs'), record._meta);
    await done(subject, {
      collection: C,
      id: 'm1',
      expected: record._meta.rev,
      local: { deleted: true, parent: theirs._meta },
      base: baseOf(theirs),
      baseRecord: theirs,
    });
    expect(await subject.find(C, 'm1')).toBeNull();
    expect((await localOf(subject, 'm1'))._meta).toMatchObject({
      del: true,
      gen: 3,
      anc: [theirs._meta.rev, record._meta.rev],
    });
    expect(await dirtyIds(subject)).toEqual(['m1']);
  });

  it('what is gone leaves neither a record nor a tombstone nor work', async (subject) => {
    const record = await synced(subject, 'm1');
    await done(subject, { collection: C, id: 'm1', expected: record._meta.rev, local: { gone: true }, base: null });
    expect(await subject.find(C, 'm1')).toBeNull();
    expect(await stateOf(subject, 'm1')).toEqual({ local: null, base: null, baseRecord: null });
    const second = await synced(subject, 'm2');
    await subject.remove(C, 'm2');
    const tombstone = await localOf(subject, 'm2');
    expect(tombstone._meta.anc).toEqual([second._meta.rev]);
    await done(subject, { collection: C, id: 'm2', expected: tombstone._meta.rev, local: { gone: true }, base: null });
    expect(await stateOf(subject, 'm2')).toEqual({ local: null, base: null, baseRecord: null });
    expect(await dirtyIds(subject)).toEqual([]);
    expect(await based(subject)).toBe(0);
  });

  it('where one version has moved, nothing of the commit is done', async (subject) => {
    const record = await synced(subject, 'm1');
    await subject.update(C, 'm1', { text: 'moved' });
    const version = there.version(C, 'm2', memory('theirs'));
    const next = there.version(C, 'm1', memory('theirs'), record._meta);
    const commit: SyncCommit = {
      steps: [take(version, null), take(next, record._meta.rev)],
      state: { resume_token: 't9' },
    };
    expect(await subject.port.commit(commit)).toEqual({ moved: [{ collection: C, id: 'm1' }], refused: [] });
    expect(await subject.find(C, 'm2')).toBeNull();
    expect(await subject.port.state()).toEqual(STATE);
    expect(await subject.find(C, 'm1')).toMatchObject({ text: 'moved' });
    expect((await subject.port.commit({ steps: [take(next, null)] })).moved).toEqual([{ collection: C, id: 'm1' }]);
    expect((await subject.port.commit({ steps: [take(version, 'some rev')] })).moved).toEqual([
      { collection: C, id: 'm2' },
    ]);
  });

  it('what the vault cannot take is refused, and nothing of the commit is done', async (subject) => {
    const chat = (id: string): Fields => ({
      id,
      title: id,
      kind: 'bot',
      tags: [],
      pinned: false,
      archived: false,
      lookup_key: 'slack:U1:C1',
    });
    await subject.insert('conversations', { id: 'c1', ...chat('c1') });
    const clashing = there.version('conversations', 'c2', chat('c2'));
    const fine = there.version(C, 'm1', memory('theirs'));
    const result = await subject.port.commit({ steps: [take(fine, null), take(clashing, null, 'conversations')] });
    expect(result).toEqual({
      moved: [],
      refused: [{ collection: 'conversations', id: 'c2', kind: 'duplicate-key', reason: expect.any(String) as string }],
    });
    expect(await subject.find(C, 'm1')).toBeNull();
    expect(await subject.find('conversations', 'c2')).toBeNull();
    const aside = { ...baseOf(clashing), aside: true as const };
    await done(subject, take(fine, null), { collection: 'conversations', id: 'c2', base: aside });
    expect(await stateOf(subject, 'c2', 'conversations')).toEqual({ local: null, base: aside, baseRecord: null });
    expect(await dirtyIds(subject, 'conversations')).toEqual(['c1']);
    expect(await based(subject, 'conversations')).toBe(1);
  });

  it('conflicts are new records, once', async (subject) => {
    const at = '2026-03-01T10:00:00.000Z';
    const conflict = {
      id: 'k1',
      collection: C,
      record_id: 'm1',
      reason: 'field-clash',
      base: null,
      mine: { text: 'a' },
      theirs: { text: 'b' },
      fields: ['text'],
      losing_rev: '1-a',
      winner_rev: '1-b',
      replica: subject.port.replica,
      at,
      state: 'open',
      created_at: at,
      updated_at: at,
    };
    expect(await subject.port.commit({ steps: [], conflicts: [conflict] })).toEqual(FINE);
    const kept = await subject.find('conflicts', 'k1');
    expect(kept).toMatchObject(conflict);
    expect(await subject.port.commit({ steps: [], conflicts: [{ ...conflict, fields: [] }] })).toEqual(FINE);
    expect(await subject.find('conflicts', 'k1')).toEqual(kept);
    expect(await dirtyIds(subject, 'conflicts')).toEqual(['k1']);
  });

  it('records of a log take versions, edits and tombstones too', async (subject) => {
    const said = (content: string): Fields => ({ conversation_id: 'c1', role: 'user', content });
    const first = there.version('messages', 's1', said('hello'));
    await done(subject, take(first, null, 'messages'));
    expect(await subject.find('messages', 's1')).toEqual(first);
    await subject.update('messages', 's1', { content: 'hello there' });
    const { local, baseRecord } = await stateOf(subject, 's1', 'messages');
    expect(baseRecord).toEqual(first);
    const next = there.version('messages', 's1', said('hi'), first._meta);
    await done(subject, take(next, must(local, 'the edit')._meta.rev, 'messages'));
    expect(await subject.find('messages', 's1')).toEqual(next);
    const gone = there.tombstone('messages', next);
    await done(subject, take(gone, next._meta.rev, 'messages'));
    expect(await subject.find('messages', 's1')).toBeNull();
    expect((await stateOf(subject, 's1', 'messages')).local).toEqual(gone);
  });

  it('a version may have been created at another time than the one it replaces', async (subject) => {
    const record = await synced(subject, 'm1');
    const moved = there.version(C, 'm1', { ...memory('theirs'), created_at: '2025-06-01T00:00:00.000Z' }, record._meta);
    await done(subject, take(moved, record._meta.rev));
    const again = await subject.reopen();
    expect(await again.find(C, 'm1')).toEqual(moved);
    expect(await again.port.bases(C, '2025-06-01')).toEqual([{ id: 'm1', rev: moved._meta.rev }]);
    expect(await based(again)).toBe(1);
    await again.close?.();
  });

  // What never leaves

  it('a private record is not given', async (subject) => {
    await subject.insert(C, { id: 'm1', ...memory('secret', { scope: 'private' }) });
    await subject.insert(C, { id: 'm2', ...memory('open') });
    expect(await dirtyIds(subject)).toEqual(['m2']);
    expect(await stateOf(subject, 'm1')).toEqual({ local: null, base: null, baseRecord: null, withheld: true });
    expect(await subject.port.count(C)).toBe(1);
    const scanned: string[] = [];
    for await (const part of subject.port.scan(C)) scanned.push(...part.map(({ id }) => id));
    expect(scanned).toEqual(['m2']);
    await subject.remove(C, 'm1');
    expect(await dirtyIds(subject)).toEqual(['m2']);
  });

  it('a version from the server never takes the place of a private record', async (subject) => {
    await subject.insert(C, { id: 'm1', ...memory('secret', { scope: 'private' }) });
    const theirs = there.version(C, 'm1', memory('theirs'));
    expect(await subject.port.commit({ steps: [take(theirs, null)] })).toEqual({
      moved: [{ collection: C, id: 'm1' }],
      refused: [],
    });
    expect(await subject.find(C, 'm1')).toMatchObject({ text: 'secret' });
  });

  it('a record that becomes private is withdrawn by a tombstone, and given again when it is open again', async (subject) => {
    const record = await synced(subject, 'm1');
    await subject.update(C, 'm1', { text: 'secret now', scope: 'private' });
    const { local, base, withheld } = await stateOf(subject, 'm1');
    expect(withheld).toBe(true);
    expect(base).toEqual(baseOf(record));
    expect(local?._meta).toMatchObject({ del: true, anc: [record._meta.rev] });
    expect(JSON.stringify(local)).not.toContain('secret');
    expect(await dirtyIds(subject)).toEqual(['m1']);
    const tombstone = must(local, 'the tombstone');
    await done(subject, { collection: C, id: 'm1', base: baseOf(tombstone) });
    expect(await dirtyIds(subject)).toEqual([]);
    expect(await subject.find(C, 'm1')).toMatchObject({ text: 'secret now' });
    await subject.update(C, 'm1', { scope: 'team' });
    expect(await dirtyIds(subject)).toEqual(['m1']);
    const open = await stateOf(subject, 'm1');
    expect(open).toMatchObject({ local: { text: 'secret now' }, base: { rev: tombstone._meta.rev } });
    expect(open.withheld).toBeUndefined();
  });

  it('what the team has made of a private record since is set aside', async (subject) => {
    const record = await synced(subject, 'm1');
    await subject.update(C, 'm1', { text: 'secret now', scope: 'private' });
    const theirs = there.version(C, 'm1', memory('theirs'), record._meta);
    await done(subject, { collection: C, id: 'm1', base: { ...baseOf(theirs), aside: true } });
    expect(await dirtyIds(subject)).toEqual([]);
    expect(await subject.find(C, 'm1')).toMatchObject({ text: 'secret now' });
    expect(await stateOf(subject, 'm1')).toMatchObject({
      withheld: true,
      base: { rev: theirs._meta.rev, aside: true },
    });
  });

  // Digests and listeners

  it('digests count bases by day, and unsent edits make no noise', async (subject) => {
    const created_at = '2026-01-06T12:00:00.000Z';
    const records = ['a', 'b'].map((id) => there.version(C, id, { ...memory(id), created_at }));
    await done(subject, ...records.map((record) => take(record, null)));
    await subject.insert(C, { id: 'unsent', ...memory('unsent'), created_at });
    const days = await subject.port.digest(C, { month: '2026-01' });
    expect([...days.keys()]).toEqual(['2026-01-06']);
    const sums = records.map(({ id, _meta }) => lanesOf(id, _meta.rev));
    const wanted = [0, 1, 2, 3, 4].map((at) => sums.reduce((sum, lanes) => sum + (lanes[at] ?? 0), 0));
    expect(days.get('2026-01-06')).toEqual({ n: 2, sums: wanted });
    await subject.update(C, 'a', { text: 'unsent edit' });
    const again = await subject.reopen();
    expect(await again.port.digest(C, { month: '2026-01' })).toEqual(days);
    expect([...(await again.port.digest(C, { by: 'month' })).keys()]).toEqual(['2026-01']);
    const parts = await again.port.digest(C, { day: '2026-01-06' });
    expect([...parts.values()].reduce((sum, { n }) => sum + n, 0)).toBe(2);
    const listed = await Promise.all([...parts.keys()].map((part) => again.port.bases(C, '2026-01-06', Number(part))));
    expect(
      listed
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['a', 'b']);
    expect((await again.port.bases(C, '2026-01-06')).map(({ id }) => id).sort()).toEqual(['a', 'b']);
    await again.close?.();
  });

  it('a scan gives what is alive by id', async (subject) => {
    for (const id of ['b', 'c', 'a']) await subject.insert(C, { id, ...memory(id) });
    await subject.remove(C, 'c');
    const scanned: StoredRecord[] = [];
    for await (const part of subject.port.scan(C)) scanned.push(...part);
    expect(scanned.map(({ id, text }) => [id, text])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(await subject.port.count(C)).toBe(2);
  });

  it('listeners hear of a person’s edits, not of the reconciler’s commits', async (subject) => {
    let heard = 0;
    const end = subject.port.onChange(() => (heard += 1));
    await done(subject, take(there.version(C, 'm1', memory('theirs')), null));
    expect(heard).toBe(0);
    await subject.insert(C, { id: 'm2', ...memory('mine') });
    expect(heard).toBeGreaterThan(0);
    end();
    const before = heard;
    await subject.insert(C, { id: 'm3', ...memory('mine') });
    expect(heard).toBe(before);
  });
}
