import { expect, test } from 'vitest';
import { isIntact } from '../../../../main/records/meta.ts';
import type { Ledger } from '../../../../main/store/ledger/file-ledger.ts';
import { createStaging } from '../../../../main/store/staging.ts';
import type { Vault } from '../../../../main/store/types.ts';
import { addLanes, lanesOf, noLanes } from '../../../../main/sync/lanes.ts';
import type { Change } from '../../../../shared/store/store.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openTestVault } from '../open-test-vault.ts';
import { adopt, chat, foreign, landed, memory, message, newState, pushAll, stateOf } from './ledger-bench.ts';

interface Bench {
  readonly root: string;
  readonly vault: Vault;
  readonly ledger: Ledger;
}

/** A vault that has met its team's database. */
async function connected(): Promise<Bench> {
  const root = tempFolder();
  const vault = await openTestVault(root);
  const ledger = vault.ledger();
  await ledger.commit({ steps: [], state: newState });
  return { root, vault, ledger };
}

const nothing = { moved: [], refused: [] };
const lines = async (vault: Vault): Promise<number> => (await vault.counts()).sync_bases;

test('a vault that never met a database has no lines, whatever happens in it', async () => {
  const vault = await openTestVault(tempFolder());
  const chats = vault.collection('conversations');
  await chats.insertOne({ id: 'a', title: 'A' });
  await chats.updateOne({ id: 'a' }, { $set: { title: 'B' } });
  await chats.deleteOne({ id: 'a' });
  await chats.insertOne({ id: 'b', title: 'B' });
  expect(await lines(vault)).toBe(0);
  expect(await vault.ledger().state()).toBeNull();
  expect(await vault.ledger().dirty('conversations', 10)).toEqual(['b']);
  await expect(vault.ledger().commit({ steps: [] })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('a version of the server is kept as it is, and nothing about it is dirty', async () => {
  const { vault, ledger } = await connected();
  const record = chat('a');
  const changes: Change[] = [];
  vault.watch((batch) => changes.push(...batch.changes));
  expect(await ledger.commit({ steps: [adopt('conversations', record)] })).toEqual(nothing);
  expect(await vault.collection('conversations').findOne({ id: 'a' })).toEqual(record);
  expect(await stateOf(ledger, 'conversations', 'a')).toMatchObject({ local: record, base: { rev: record._meta.rev } });
  expect(await ledger.countDirty()).toMatchObject({ conversations: 0, messages: 0 });
  expect(changes).toEqual([{ collection: 'conversations', type: 'insert', id: 'a' }]);
});

test('messages come before their conversation, or after', async () => {
  const { vault, ledger } = await connected();
  await ledger.commit({ steps: [adopt('messages', message('m1', 'c')), adopt('messages', message('m2', 'c'))] });
  await ledger.commit({ steps: [adopt('conversations', chat('c'))] });
  const found = await vault.collection('messages').find({ conversation_id: 'c' }, { sort: { id: 1 } });
  expect(found.map(({ id }) => id)).toEqual(['m1', 'm2']);
});

test('the first edit after a version that the team has keeps that version until the push has landed', async () => {
  const { root, vault, ledger } = await connected();
  const record = chat('a');
  await ledger.commit({ steps: [adopt('conversations', record)] });
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'One' } });
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'Two' } });
  const state = await stateOf(ledger, 'conversations', 'a');
  expect(state).toMatchObject({ local: { title: 'Two' }, base: { rev: record._meta.rev }, baseRecord: record });
  expect(await ledger.dirty('conversations', 10)).toEqual(['a']);

  await vault.close();
  const again = (await openTestVault(root)).ledger();
  expect(await stateOf(again, 'conversations', 'a')).toEqual(state);
  expect(await again.dirty('conversations', 10)).toEqual(['a']);
  expect(await again.commit({ steps: [landed('conversations', state.local!)] })).toEqual(nothing);
  expect(await again.dirty('conversations', 10)).toEqual([]);
  expect(await stateOf(again, 'conversations', 'a')).toMatchObject({ local: state.local, baseRecord: null });
});

test('a deletion leaves its tombstone; what comes back descends from it', async () => {
  const { vault, ledger } = await connected();
  const record = message('m', 'c');
  await ledger.commit({ steps: [adopt('messages', record)] });
  await vault.collection('messages').deleteOne({ id: 'm' }, { trashBatch: 'mine' });
  const gone = await stateOf(ledger, 'messages', 'm');
  expect(gone).toMatchObject({ local: { id: 'm', conversation_id: 'c', _meta: { del: true } }, baseRecord: record });
  expect(gone.local).not.toHaveProperty('content');
  expect(await ledger.dirty('messages', 10)).toEqual(['m']);
  await ledger.commit({ steps: [landed('messages', gone.local!)] });
  expect(await ledger.dirty('messages', 10)).toEqual([]);
  expect((await stateOf(ledger, 'messages', 'm')).local).toEqual(gone.local);

  await vault.restoreTrash('mine');
  const back = await stateOf(ledger, 'messages', 'm');
  expect(back.local).toMatchObject({ content: 'm' });
  expect(back.local!._meta.anc[0]).toBe(gone.local!._meta.rev);
  expect(back.baseRecord).toEqual(gone.local);
  expect(await ledger.dirty('messages', 10)).toEqual(['m']);
});

test('a record inserted anew under the id of a deleted one goes on after it', async () => {
  const { vault, ledger } = await connected();
  await ledger.commit({ steps: [adopt('conversations', chat('a'))] });
  await vault.collection('conversations').deleteOne({ id: 'a' });
  const tombstone = (await stateOf(ledger, 'conversations', 'a')).local!;
  await vault.collection('conversations').insertOne({ id: 'a', title: 'Anew' });
  const { local } = await stateOf(ledger, 'conversations', 'a');
  expect(local!._meta).toMatchObject({
    gen: tombstone._meta.gen + 1,
    anc: [tombstone._meta.rev, ...tombstone._meta.anc],
  });
});

test('what was never pushed leaves a tombstone that nobody needs to hear of', async () => {
  const { vault, ledger } = await connected();
  await vault.collection('conversations').insertOne({ id: 'a', title: 'A' });
  expect(await lines(vault)).toBe(0);
  expect(await ledger.dirty('conversations', 10)).toEqual(['a']);
  await vault.collection('conversations').deleteOne({ id: 'a' });
  expect(await ledger.dirty('conversations', 10)).toEqual([]);
  expect(await stateOf(ledger, 'conversations', 'a')).toMatchObject({ local: { _meta: { del: true } }, base: null });
});

test('imports, undone imports and edits by import mark what they change', async () => {
  const { vault, ledger } = await connected();
  await ledger.commit({ steps: [adopt('conversations', chat('a')), adopt('messages', message('m', 'a'))] });
  const staging = createStaging(vault.stagingRoot, 'batch');
  staging.write({ op: 'put', collection: 'conversations', record: { id: 'a', title: 'Imported' } });
  staging.write({ op: 'put', collection: 'conversations', record: { id: 'b', title: 'New' } });
  staging.write({ op: 'delete', collection: 'messages', id: 'm' });
  await vault.ingest(staging.finish(), { source: 'import' });
  expect(await ledger.dirty('conversations', 10)).toEqual(['a', 'b']);
  expect(await ledger.dirty('messages', 10)).toEqual(['m']);
  expect(await stateOf(ledger, 'conversations', 'a')).toMatchObject({
    local: { title: 'Imported' },
    baseRecord: { title: 'a' },
  });
});

test('a deletion by the team goes to the trash, out of every list, and can be brought back', async () => {
  const { vault, ledger } = await connected();
  const record = chat('a');
  await ledger.commit({ steps: [adopt('conversations', record)] });
  const tombstone = foreign('conversations', { id: 'a' }, record._meta, { deleted: true });
  expect(await ledger.commit({ steps: [adopt('conversations', tombstone, record._meta.rev)] })).toEqual(nothing);
  expect(await vault.collection('conversations').count()).toBe(0);
  expect(await stateOf(ledger, 'conversations', 'a')).toMatchObject({ local: tombstone, base: { del: true } });
  expect(await ledger.dirty('conversations', 10)).toEqual([]);
  await vault.restoreTrash(`team-${new Date().toISOString().slice(0, 10)}`);
  expect((await stateOf(ledger, 'conversations', 'a')).local).toMatchObject({ title: 'a' });
});

test('a version that is not the expected one any more stops the whole commit', async () => {
  const { vault, ledger } = await connected();
  const record = chat('a');
  await ledger.commit({ steps: [adopt('conversations', record)] });
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'Mine' } });
  const next = foreign('conversations', { id: 'a', title: 'Theirs' }, record._meta);
  const result = await ledger.commit({
    steps: [adopt('conversations', next, record._meta.rev), adopt('conversations', chat('b'))],
    state: { resume_token: 'later' },
  });
  expect(result).toEqual({ moved: [{ collection: 'conversations', id: 'a' }], refused: [] });
  expect(await vault.collection('conversations').find()).toMatchObject([{ title: 'Mine' }]);
  expect(await ledger.state()).toEqual(newState);
});

test('what the schema or a unique index refuses is named, and nothing is done', async () => {
  const { vault, ledger } = await connected();
  await vault.collection('conversations').insertOne({ id: 'mine', title: 'Mine', lookup_key: 'k' });
  const taken = foreign('conversations', { id: 'a', title: 'A', lookup_key: 'k' });
  const broken = { ...chat('b'), title: 7 };
  const hostile = memory('c', { scope: 'private' });
  const result = await ledger.commit({
    steps: [
      adopt('conversations', taken),
      adopt('conversations', broken),
      adopt('memories', hostile),
      adopt('conversations', chat('d')),
    ],
  });
  expect(result.refused).toMatchObject([
    { collection: 'conversations', id: 'a', kind: 'duplicate-key' },
    { collection: 'conversations', id: 'b', kind: 'invalid' },
    { collection: 'memories', id: 'c', kind: 'invalid' },
  ]);
  expect(await vault.collection('conversations').count()).toBe(1);
});

test('two records may swap a unique key in one commit', async () => {
  const { vault, ledger } = await connected();
  const [a, b] = ['a', 'b'].map((id) => foreign('conversations', { id, title: id, lookup_key: `k-${id}` }));
  await ledger.commit({ steps: [adopt('conversations', a!), adopt('conversations', b!)] });
  const a2 = foreign('conversations', { id: 'a', title: 'a', lookup_key: 'k-b' }, a!._meta);
  const b2 = foreign('conversations', { id: 'b', title: 'b', lookup_key: 'k-a' }, b!._meta);
  const steps = [adopt('conversations', a2, a!._meta.rev), adopt('conversations', b2, b!._meta.rev)];
  expect(await ledger.commit({ steps })).toEqual(nothing);
  expect(await vault.collection('conversations').findOne({ lookup_key: 'k-b' })).toMatchObject({ id: 'a' });
});

test('a merge is the vault’s own version after the server’s, and waits to be pushed', async () => {
  const { vault, ledger } = await connected();
  const record = chat('a');
  await ledger.commit({ steps: [adopt('conversations', record)] });
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { pinned: true } });
  const theirs = foreign('conversations', { id: 'a', title: 'Theirs' }, record._meta);
  const mine = (await stateOf(ledger, 'conversations', 'a')).local!;
  const { _meta, ...body } = theirs;
  await ledger.commit({
    steps: [
      {
        collection: 'conversations',
        id: 'a',
        expected: mine._meta.rev,
        local: { merged: { ...body, pinned: true }, parent: _meta },
        base: { rev: _meta.rev, gen: _meta.gen, anc: _meta.anc, hlc: _meta.hlc, day: '2026-02-21' },
        baseRecord: theirs,
      },
    ],
  });
  const state = await stateOf(ledger, 'conversations', 'a');
  expect(state).toMatchObject({
    local: { title: 'Theirs', pinned: true },
    base: { rev: _meta.rev },
    baseRecord: theirs,
  });
  expect(state.local!._meta).toMatchObject({ anc: [_meta.rev, record._meta.rev], by: { replica: ledger.replica } });
  expect(isIntact(state.local!)).toBe(true);
  expect(await ledger.dirty('conversations', 10)).toEqual(['a']);
});

test('the clock goes on after every stamp that it is shown', async () => {
  const { vault, ledger } = await connected();
  const ahead = { ...chat('a')._meta, hlc: `${(Date.now() + 3_600_000).toString(16).padStart(12, '0')}-0000-rother` };
  await ledger.commit({ steps: [{ ...adopt('conversations', { ...chat('a'), _meta: ahead }) }] });
  await vault.collection('conversations').insertOne({ id: 'b', title: 'B' });
  expect((await stateOf(ledger, 'conversations', 'b')).local!._meta.hlc > ahead.hlc).toBe(true);
});

test('private records and collections of the device are never given', async () => {
  const { vault, ledger } = await connected();
  await vault
    .collection('memories')
    .insertOne({ id: 'p', type: 'USER_FACT', text: 'P', confidence: 0.9, scope: 'private' });
  await vault.collection('memories').insertOne({ id: 't', type: 'USER_FACT', text: 'T', confidence: 0.9 });
  expect(ledger.collections).not.toContain('imports');
  expect(ledger.collections).not.toContain('sync_bases');
  expect(await ledger.dirty('memories', 10)).toEqual(['t']);
  expect(await ledger.count('memories')).toBe(1);
  expect(await stateOf(ledger, 'memories', 'p')).toMatchObject({ local: null, base: null, withheld: true });
  const given: string[] = [];
  for await (const records of ledger.scan('memories')) given.push(...records.map(({ id }) => id));
  expect(given).toEqual(['t']);
  const result = await ledger.commit({ steps: [adopt('memories', memory('p'))] });
  expect(result.moved).toEqual([{ collection: 'memories', id: 'p' }]);
});

test('a record that turns private is withdrawn from the team, and stays in the vault', async () => {
  const { vault, ledger } = await connected();
  const record = memory('a');
  await ledger.commit({ steps: [adopt('memories', record)] });
  await vault.collection('memories').updateOne({ id: 'a' }, { $set: { scope: 'private', text: 'Secret' } });
  const state = await stateOf(ledger, 'memories', 'a');
  expect(state).toMatchObject({ withheld: true, local: { _meta: { del: true } }, baseRecord: record });
  expect(JSON.stringify(state)).not.toContain('Secret');
  expect(await ledger.dirty('memories', 10)).toEqual(['a']);
  await ledger.commit({ steps: [landed('memories', state.local!)] });
  expect(await ledger.dirty('memories', 10)).toEqual([]);
  await vault.collection('memories').updateOne({ id: 'a' }, { $set: { text: 'Secret still' } });
  expect(await ledger.dirty('memories', 10)).toEqual([]);

  await vault.collection('memories').updateOne({ id: 'a' }, { $unset: { scope: '' } });
  const shared = await stateOf(ledger, 'memories', 'a');
  expect(shared.local!._meta.anc[0]).toBe(state.local!._meta.rev);
  expect(shared).toMatchObject({ local: { text: 'Secret still' }, baseRecord: state.local });
  expect(await ledger.dirty('memories', 10)).toEqual(['a']);
});

test('a record that comes back, and turns private before the team has heard of it, waits for nothing', async () => {
  const { vault, ledger } = await connected();
  const memories = vault.collection('memories');
  const mine = { id: 'a', type: 'USER_FACT', text: 'A', confidence: 0.9 } as const;
  await memories.insertOne(mine);
  await memories.deleteOne({ id: 'a' });
  await memories.insertOne(mine);
  expect(await ledger.dirty('memories', 10)).toEqual(['a']);
  await memories.updateOne({ id: 'a' }, { $set: { scope: 'private' } });
  expect(await ledger.dirty('memories', 10)).toEqual([]);
  await memories.updateOne({ id: 'a' }, { $set: { scope: 'team' } });
  expect(await ledger.dirty('memories', 10)).toEqual(['a']);
});

test('what the team makes of a withdrawn record is theirs', async () => {
  const { vault, ledger } = await connected();
  const record = memory('a');
  await ledger.commit({ steps: [adopt('memories', record)] });
  await vault.collection('memories').updateOne({ id: 'a' }, { $set: { scope: 'device' } });
  const theirs = memory('a', { text: 'Theirs' });
  const step = { ...landed('memories', theirs), base: { ...landed('memories', theirs).base!, aside: true as const } };
  expect(await ledger.commit({ steps: [step] })).toEqual(nothing);
  expect(await stateOf(ledger, 'memories', 'a')).toMatchObject({ local: null, withheld: true, base: { aside: true } });
  expect(await ledger.dirty('memories', 10)).toEqual([]);
  expect(await vault.collection('memories').findOne({ id: 'a' })).toMatchObject({ text: 'a', scope: 'device' });
});

test('gone: the record goes to the trash and nothing is remembered of it', async () => {
  const { vault, ledger } = await connected();
  const record = message('m', 'c');
  await ledger.commit({ steps: [adopt('messages', record)] });
  await ledger.commit({
    steps: [{ collection: 'messages', id: 'm', expected: record._meta.rev, local: { gone: true }, base: null }],
  });
  expect(await stateOf(ledger, 'messages', 'm')).toEqual({ local: null, base: null, baseRecord: null });
  expect(await vault.collection('messages').count()).toBe(0);
  expect(await ledger.dirty('messages', 10)).toEqual([]);
});

test('a version of another day takes the place of the one before it', async () => {
  const { root, vault, ledger } = await connected();
  const record = message('m', 'c');
  await ledger.commit({ steps: [adopt('messages', record)] });
  const moved = foreign(
    'messages',
    { id: 'm', conversation_id: 'd', role: 'user', content: 'x', created_at: '2026-03-01T00:00:00.000Z' },
    record._meta,
  );
  expect(await ledger.commit({ steps: [adopt('messages', moved, record._meta.rev)] })).toEqual(nothing);
  expect(await ledger.bases('messages', '2026-02-21')).toEqual([]);
  expect(await ledger.bases('messages', '2026-03-01')).toEqual([{ id: 'm', rev: moved._meta.rev }]);
  await vault.close();
  const again = await openTestVault(root);
  expect(await again.collection('messages').find()).toEqual([moved]);
  expect(await again.ledger().bases('messages', '2026-03-01')).toEqual([{ id: 'm', rev: moved._meta.rev }]);
  expect([...(await again.ledger().digest('messages', { by: 'month' })).keys()]).toEqual(['2026-03']);
});

test('digests are over the bases, kept up with each commit, and the same when read anew', async () => {
  const { root, vault, ledger } = await connected();
  const records = Array.from({ length: 40 }, (_, at) =>
    foreign('messages', {
      id: `m${at}`,
      conversation_id: `c${at % 3}`,
      role: 'user',
      content: 'x',
      created_at: `2026-0${1 + (at % 2)}-1${at % 5}T00:00:00.000Z`,
    }),
  );
  await ledger.commit({ steps: records.slice(0, 20).map((record) => adopt('messages', record)) });
  await ledger.digest('messages', { by: 'month' });
  await ledger.commit({ steps: records.slice(20).map((record) => adopt('messages', record)) });
  await vault.collection('messages').updateMany({}, { $set: { content: 'mine' } });
  const levels = [{ by: 'month' }, { month: '2026-02' }, { day: '2026-02-11' }] as const;
  const digests = async (of: Ledger) => Promise.all(levels.map((level) => of.digest('messages', level)));
  const kept = await digests(ledger);
  const ofMonth = records.filter(({ created_at }) => created_at.startsWith('2026-02'));
  const expected = ofMonth.reduce((sum, { id, _meta }) => addLanes(sum, lanesOf(id, _meta.rev)), noLanes);
  expect(kept[0]!.get('2026-02')).toEqual(expected);
  const { local } = await stateOf(ledger, 'messages', 'm1');
  await ledger.commit({ steps: [landed('messages', local!)] });
  const pushed = await digests(ledger);
  expect(pushed).not.toEqual(kept);
  await vault.close();
  expect(await digests((await openTestVault(root)).ledger())).toEqual(pushed);
});

test('another database: all is dirty again, and its state is its own', async () => {
  const { vault, ledger } = await connected();
  await vault.collection('conversations').insertOne({ id: 'a', title: 'A' });
  await pushAll(ledger);
  await ledger.commit({ steps: [], state: { resume_token: 'token of a' } });
  expect(await ledger.countDirty()).toMatchObject({ conversations: 0 });
  await ledger.commit({ steps: [], state: { ...newState, store_id: 'store-b' } });
  expect(await ledger.state()).toMatchObject({ store_id: 'store-b', resume_token: null });
  expect(await ledger.dirty('conversations', 10)).toEqual(['a']);
  expect(await stateOf(ledger, 'conversations', 'a')).toMatchObject({ base: null, baseRecord: null });
  expect((await ledger.digest('conversations', { by: 'month' })).size).toBe(0);
  await ledger.commit({ steps: [], state: { store_id: 'store-a' } });
  expect(await ledger.state()).toMatchObject({ store_id: 'store-a', resume_token: 'token of a' });
  expect(await ledger.dirty('conversations', 10)).toEqual([]);
});

test('a conflict is noted once, and goes to the team like any record', async () => {
  const { vault, ledger } = await connected();
  const conflict = {
    id: 'x',
    collection: 'conversations',
    record_id: 'a',
    reason: 'field-clash',
    base: null,
    mine: { title: 'M' },
    theirs: { title: 'T' },
    losing_rev: '2-x',
    winner_rev: '2-y',
    replica: 'r',
    at: '2026-02-21T09:00:00.000Z',
  };
  await ledger.commit({ steps: [], conflicts: [conflict, conflict] });
  await ledger.commit({ steps: [], conflicts: [conflict] });
  expect(await vault.collection('conflicts').find()).toMatchObject([{ id: 'x', state: 'open' }]);
  expect(await ledger.dirty('conflicts', 10)).toEqual(['x']);
  await vault.collection('conflicts').deleteOne({ id: 'x' });
  await ledger.commit({ steps: [], conflicts: [conflict] });
  expect(await vault.collection('conflicts').count()).toBe(0);
});

test('onChange tells of the vault’s own commits, not of the reconciler’s', async () => {
  const { vault, ledger } = await connected();
  let calls = 0;
  const stop = ledger.onChange(() => (calls += 1));
  await ledger.commit({ steps: [adopt('conversations', chat('a'))], state: { resume_token: 't' } });
  expect(calls).toBe(0);
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'x' } });
  expect(calls).toBe(1);
  stop();
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'y' } });
  expect(calls).toBe(1);
});
