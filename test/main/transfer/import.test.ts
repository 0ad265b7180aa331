import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textOfContent } from '../../../shared/collections/content.ts';
import { createTransfer } from '../../../main/transfer/create-transfer.ts';
import { conversation, emptyNode, node, plainConversation } from '../../fixtures/exports/chatgpt.ts';
import { claudeConversation, claudeMessage } from '../../fixtures/exports/claude.ts';
import { makeZip } from '../../fixtures/exports/make-zip.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { archiveAt, testVault, workerUrl } from './test-vault.ts';

/** A later export of the same conversation: one more turn, another title. */
function later(id: string, more: Record<string, unknown> = {}) {
  return conversation(
    id,
    [
      emptyNode('root', null),
      node('system', 'root', '', {
        role: 'system',
        time: null,
        metadata: { is_visually_hidden_from_conversation: true },
      }),
      node('q', 'system', 'How deep is a well?', { time: 1_700_000_001 }),
      node('a', 'q', 'As deep as it needs to be.', { role: 'assistant', time: 1_700_000_002 }),
      node('q2', 'a', 'And a pond?', { time: 1_700_000_003 }),
    ],
    { title: 'Renamed there', update_time: 1_700_009_000, ...more },
  );
}

test('a dry run counts what an import does, and writes nothing, with and without a vault', async () => {
  const folder = tempFolder();
  const zip = await makeZip(join(folder, 'export.zip'), {
    'conversations.json': [plainConversation('c1'), plainConversation('c2')],
  });
  const { vault, transfer } = await testVault(folder);
  const preview = await transfer.preview(archiveAt(zip));
  expect(preview.plan).toMatchObject({
    app: 'chatgpt',
    format_version: 'single',
    file_name: 'export.zip',
    seen: 2,
    created: 2,
    messages: { seen: 6, created: 6 },
  });
  expect(preview.rows).toHaveLength(2);
  expect(preview.rows[0]).toEqual({
    source_id: 'c1',
    title: 'Title of c1',
    created_at: '2023-11-14T22:13:20.123Z',
    action: 'create',
    note: '',
    messages: 3,
    new_messages: 3,
  });
  expect(await vault.counts()).toMatchObject({ conversations: 0, messages: 0, imports: 0 });
  expect(readdirSync(vault.stagingRoot)).toEqual([]);
  const without = createTransfer({ vault: null, workerUrl, clock: { now: () => 0 } });
  expect((await without.preview(archiveAt(zip))).plan).toEqual(preview.plan);
  await expect(without.run(archiveAt(zip))).rejects.toMatchObject({ code: 'VAULT_MISSING' });
});

test('the records say where they came from, and the tree is kept', async () => {
  const { vault, importFiles } = await testVault();
  const receipt = await importFiles({
    'conversations.json': [
      conversation(
        'c1',
        [
          emptyNode('root', null),
          node('q', 'root', 'one?', { time: 1_700_000_001 }),
          node('a1', 'q', 'first answer', { role: 'assistant', time: 1_700_000_002 }),
          node('a2', 'q', 'second answer', { role: 'assistant', time: 1_700_000_003 }),
        ],
        { current_node: 'a1' },
      ),
    ],
  });
  const stored = await vault.collection('conversations').findOne({ id: 'c1' });
  expect(stored).toMatchObject({
    title: 'Title of c1',
    provider: 'chatgpt',
    source: {
      app: 'chatgpt',
      format_version: 'single',
      source_id: 'c1',
      import_id: receipt.id,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
  const messages = await vault.collection('messages').find({ conversation_id: 'c1' }, { sort: { created_at: 1 } });
  const idOf = (sourceId: string): string | undefined =>
    messages.find((message) => message.source?.source_id === sourceId)?.id;
  expect(
    messages.map((message) => [message.source?.source_id, message.parent_id, textOfContent(message.content)]),
  ).toEqual([
    ['q', null, 'one?'],
    ['a1', idOf('q'), 'first answer'],
    ['a2', idOf('q'), 'second answer'],
  ]);
  expect(stored?.current_leaf).toBe(idOf('a1'));
});

test('the same node ids in two conversations are two messages', async () => {
  const { vault, importFiles } = await testVault();
  await importFiles({ 'conversations.json': [plainConversation('c1'), plainConversation('c2')] });
  expect(await vault.counts()).toMatchObject({ conversations: 2, messages: 6 });
});

test('the same archive twice creates nothing, and gives a receipt', async () => {
  const { vault, transfer, importFiles } = await testVault();
  const files = { 'conversations.json': [plainConversation('c1'), plainConversation('c2')] };
  const first = await importFiles(files);
  const before = await vault.collection('messages').find({});
  const second = await importFiles(files);
  expect(second).toMatchObject({
    seen: 2,
    created: 0,
    updated: 0,
    skipped: 2,
    failed: [],
    messages: { seen: 6, created: 0, updated: 0, skipped: 6 },
  });
  expect(await vault.collection('messages').find({})).toEqual(before);
  expect((await transfer.receipts()).map(({ id }) => id)).toEqual([second.id, first.id]);
});

test('a newer archive adds its messages and takes over title and chosen branch', async () => {
  const { vault, importFiles } = await testVault();
  await importFiles({ 'conversations.json': [plainConversation('c1')] });
  const receipt = await importFiles({ 'conversations.json': [later('c1', { is_archived: true })] });
  expect(receipt).toMatchObject({
    seen: 1,
    created: 0,
    updated: 1,
    skipped: 0,
    messages: { seen: 4, created: 1, updated: 0, skipped: 3 },
  });
  const stored = await vault.collection('conversations').findOne({ id: 'c1' });
  const leaf = await vault.collection('messages').findOne({ id: stored?.current_leaf ?? '' });
  expect(stored).toMatchObject({ title: 'Renamed there', archived: true, updated_at: '2023-11-15T00:43:20.000Z' });
  expect(leaf?.content).toEqual([{ type: 'text', text: 'And a pond?' }]);
});

test('what the person has changed is not overwritten by a newer archive', async () => {
  const { vault, importFiles } = await testVault();
  await importFiles({ 'conversations.json': [plainConversation('c1')] });
  const question = await vault.collection('messages').findOne({ 'source.source_id': 'q' });
  const mine = { title: 'Mine', pinned: true, tags: ['deep'], current_leaf: question?.id };
  await vault.collection('conversations').updateOne({ id: 'c1' }, { $set: mine });
  await vault.collection('messages').updateOne({ id: question?.id }, { $set: { content: 'my wording' } });
  const changed = later('c1');
  changed.mapping['q'] = node('q', 'system', 'Their new wording', { time: 1_700_000_001 });
  expect(await importFiles({ 'conversations.json': [changed] })).toMatchObject({
    updated: 1,
    messages: { created: 1, updated: 0 },
  });
  expect(await vault.collection('conversations').findOne({ id: 'c1' })).toMatchObject(mine);
  expect(await vault.collection('messages').findOne({ id: question?.id })).toMatchObject({ content: 'my wording' });
  const thirdTime = await importFiles({
    'conversations.json': [{ ...changed, update_time: 1_700_010_000, title: 'Theirs again' }],
  });
  expect(thirdTime.messages).toMatchObject({ created: 0, updated: 0 });
  expect(await vault.collection('conversations').findOne({ id: 'c1' })).toMatchObject(mine);
});

test('a message that was finished since the last export is replaced', async () => {
  const { vault, importFiles } = await testVault();
  const half = plainConversation('c1', 'How deep?', 'As dee');
  await importFiles({ 'conversations.json': [half] });
  const whole = { ...plainConversation('c1', 'How deep?', 'As deep as can be.'), update_time: 1_700_009_000 };
  expect(await importFiles({ 'conversations.json': [whole] })).toMatchObject({
    updated: 1,
    messages: { created: 0, updated: 1, skipped: 2 },
  });
  const answer = await vault.collection('messages').findOne({ 'source.source_id': 'a' });
  expect(answer?.content).toEqual([{ type: 'text', text: 'As deep as can be.' }]);
});

test('an older archive never overwrites newer data, but adds what is missing', async () => {
  const { vault, importFiles } = await testVault();
  await importFiles({ 'conversations.json': [later('c1')] });
  const older = conversation(
    'c1',
    [
      emptyNode('root', null),
      node('q', 'root', 'An older wording', { time: 1_700_000_001 }),
      node('lost', 'q', 'A lost answer', { role: 'assistant', time: 1_700_000_002 }),
    ],
    { title: 'Old title', update_time: 1_700_000_100 },
  );
  expect(await importFiles({ 'conversations.json': [older] })).toMatchObject({
    updated: 1,
    messages: { created: 1, updated: 0, skipped: 1 },
  });
  expect(await vault.collection('conversations').findOne({ id: 'c1' })).toMatchObject({ title: 'Renamed there' });
  expect(await importFiles({ 'conversations.json': [{ ...plainConversation('c1'), title: 'Old' }] })).toMatchObject({
    updated: 0,
    skipped: 1,
  });
});

test('a conversation that stands twice in an archive is counted each time and kept once, in its newer version', async () => {
  const { vault, importFiles } = await testVault();
  const files = {
    'a/conversations-000.json': [plainConversation('c1'), plainConversation('c2'), later('c3')],
    'a/conversations-001.json': [later('c1'), plainConversation('c2'), plainConversation('c3')],
  };
  const receipt = await importFiles(files);
  expect(receipt).toMatchObject({
    seen: 6,
    created: 3,
    updated: 1,
    skipped: 2,
    messages: { seen: 20, created: 11, updated: 0, skipped: 9 },
  });
  expect(await vault.counts()).toMatchObject({ conversations: 3, messages: 11 });
  expect(
    (await vault.collection('conversations').find({ title: 'Renamed there' })).map(({ id }) => id).toSorted(),
  ).toEqual(['c1', 'c3']);
  expect(await importFiles(files)).toMatchObject({ seen: 6, created: 0, updated: 0, skipped: 6 });
});

test('an id that belongs to somebody else’s record is not taken, and unfit ids are mapped', async () => {
  const { vault, importFiles } = await testVault();
  await vault.collection('conversations').insertOne({ id: 'c1', title: 'Written here' });
  const files = {
    'conversations.json': [plainConversation('c1'), plainConversation('../c2'), plainConversation('C3')],
  };
  expect(await importFiles(files)).toMatchObject({ created: 3, failed: [] });
  expect(await vault.collection('conversations').findOne({ id: 'c1' })).toMatchObject({ title: 'Written here' });
  const imported = await vault.collection('conversations').find({ 'source.app': 'chatgpt' });
  expect(new Set(imported.map((record) => record.source?.source_id))).toEqual(new Set(['../c2', 'C3', 'c1']));
  expect(imported.every(({ id }) => /^[0-9a-f-]{36}$/.test(id))).toBe(true);
  expect(await importFiles(files)).toMatchObject({ created: 0, skipped: 3 });
});

test('two programs may use the same id', async () => {
  const { vault, importFiles } = await testVault();
  await importFiles({ 'conversations.json': [plainConversation('same')] });
  await importFiles({ 'conversations.json': [claudeConversation('same', [claudeMessage('m', 'human', 'hello')])] });
  const both = await vault.collection('conversations').find({ 'source.source_id': 'same' });
  expect(new Set(both.map(({ provider }) => provider))).toEqual(new Set(['chatgpt', 'claude']));
});

test('a Claude export is imported with its memories, and a tree corrects the line of an earlier export', async () => {
  const { vault, importFiles } = await testVault();
  const line = [
    claudeMessage('a', 'human', 'one?'),
    claudeMessage('b', 'assistant', 'first'),
    claudeMessage('c', 'assistant', 'second'),
  ];
  const first = await importFiles({
    'conversations.json': [claudeConversation('u1', line)],
    'memories.json': [
      { conversations_memory: 'Rows a boat.', project_memories: { p1: 'Builds it.' }, account_uuid: 'acc' },
    ],
    'projects.json': [{ uuid: 'p1', name: 'Boat', docs: [] }],
    'users.json': [{ uuid: 'acc', full_name: 'Nobody' }],
  });
  expect(first).toMatchObject({
    app: 'claude',
    format_version: 'linear',
    created: 1,
    memories: { created: 2, updated: 0, skipped: 0 },
  });
  expect(first.left_out?.map(({ file }) => file)).toEqual(['projects.json', 'users.json']);
  expect(await vault.collection('memories').find({}, { sort: { text: 1 } })).toMatchObject([
    {
      type: 'SHARED_NARRATIVE',
      text: 'Builds it.',
      confidence: 0.6,
      source: { app: 'claude', source_id: 'acc/projects/p1' },
    },
    { type: 'SHARED_NARRATIVE', text: 'Rows a boat.', confidence: 0.6 },
  ]);
  const parents = ['0', 'a', 'a'];
  const tree = line.map((message, index) => ({ ...message, parent_message_uuid: parents[index] }));
  const second = await importFiles({
    'conversations.json': [claudeConversation('u1', tree, { current_leaf_message_uuid: 'b' })],
    'memories.json': [
      { conversations_memory: 'Rows two boats.', project_memories: { p1: 'Builds it.' }, account_uuid: 'acc' },
    ],
  });
  expect(second).toMatchObject({
    updated: 1,
    messages: { created: 0, updated: 1 },
    memories: { created: 0, updated: 1, skipped: 1 },
  });
  const messages = await vault.collection('messages').find({ conversation_id: 'u1' });
  const parentOf = (sourceId: string): unknown =>
    messages.find((message) => message.source?.source_id === sourceId)?.parent_id;
  expect(parentOf('c')).toBe(parentOf('b'));
});

test('a memory document goes in with its dates and counts, and the vault’s own export brings nothing twice', async () => {
  const { vault, importFiles } = await testVault();
  const document = {
    user_id: 'local',
    creative_profile: {
      memorable_facts: [
        {
          _id: { $oid: '507f1f77bcf86cd799439011' },
          fact: 'Loves fettuccini',
          type: 'USER_FACT',
          confidence: 0.85,
          added_at: { $date: '2025-01-14T09:30:00Z' },
          confirmation_count: 2,
          source_hash: 'abc',
        },
        { fact: '  ' },
        'no object',
      ],
      patterns: [{ pattern: 'Prefers steps', confidence: 7, observation_count: 3, pinned: true }],
      narratives: [],
      preferences: { detail_level: 'medium' },
    },
    version: '1.1',
  };
  const first = await importFiles({ 'memory.json': document });
  expect(first).toMatchObject({ app: 'memory-document', seen: 0, memories: { created: 2, updated: 0, skipped: 0 } });
  expect(first.left_out).toEqual([{ file: 'memory.json', reason: 'its preferences are not taken over' }]);
  const [loves, prefers] = await vault.collection('memories').find({}, { sort: { text: 1 } });
  expect(loves).toMatchObject({
    type: 'USER_FACT',
    text: 'Loves fettuccini',
    confidence: 0.85,
    added_at: '2025-01-14T09:30:00.000Z',
    confirmation_count: 2,
    extra: { source_hash: 'abc' },
  });
  expect(prefers).toMatchObject({ type: 'USER_PATTERN', confidence: 0.6, observation_count: 3, pinned: true });
  expect((await importFiles({ 'memory.json': document })).memories).toEqual({ created: 0, updated: 0, skipped: 2 });
  const own = {
    user_id: 'other',
    creative_profile: {
      memorable_facts: [
        { _id: loves?.id, fact: 'Loves fettuccini' },
        { _id: 'm-elsewhere', fact: 'Plays chess' },
      ],
    },
  };
  expect((await importFiles({ 'memory.json': own })).memories).toEqual({ created: 1, updated: 0, skipped: 1 });
});

test('hostile names, texts and trees are imported without harm', async () => {
  const { vault, importFiles } = await testVault();
  const hostile = `[{"id":"h1","title":"lone \\ud83d half","create_time":null,"__proto__":{"polluted":1},"mapping":{
    "__proto__":{"id":"__proto__","parent":null,"children":["b"],"message":{"content":{"parts":["proto text"]},"create_time":null}},
    "b":{"id":"b","parent":"b","children":["b"],"message":{"content":{"parts":["self \\udc00 parent"]},"metadata":{"$set":{"a.b":1}}}},
    "c":{"parent":"d","message":{"content":{"parts":["cycle one"]}}},
    "d":{"parent":"c","message":{"content":{"parts":["cycle two"]}}}},"current_node":"nowhere"}]`;
  const receipt = await importFiles({ 'conversations.json': hostile });
  expect(receipt).toMatchObject({ created: 1, failed: [], messages: { created: 4 } });
  const texts = (await vault.collection('messages').find({ conversation_id: 'h1' })).map(({ content }) =>
    textOfContent(content),
  );
  expect(texts.toSorted()).toEqual(['cycle one', 'cycle two', 'proto text', 'self \ufffd parent']);
  expect(await vault.collection('conversations').findOne({ id: 'h1' })).toMatchObject({
    title: 'lone \ufffd half',
    extra: { '%5F_proto__': { polluted: 1 } },
  });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('a very long text arrives whole, and a message too large for any record fails by itself', async () => {
  const { vault, importFiles } = await testVault();
  const long = `start ${'well '.repeat(600_000)} end`;
  const files = {
    'conversations.json': [
      plainConversation('long', long),
      plainConversation('huge', 'x'.repeat(9_000_000)),
      plainConversation('c1'),
    ],
  };
  const receipt = await importFiles(files);
  expect(receipt).toMatchObject({
    seen: 3,
    created: 2,
    failed: [{ source_id: 'huge', reason: expect.stringContaining('larger than 7 MB') }],
  });
  const message = await vault.collection('messages').findOne({ conversation_id: 'long', 'source.source_id': 'q' });
  const parts = typeof message?.content === 'string' ? [] : (message?.content ?? []);
  expect(parts.map((part) => (part.type === 'text' ? part.text : '')).join('')).toBe(long);
});

test('a refused archive leaves nothing behind', async () => {
  const { vault, transfer } = await testVault();
  const path = join(tempFolder(), 'export.json');
  writeFileSync(path, JSON.stringify([plainConversation('c1'), plainConversation('c2')]).slice(0, -40));
  await expect(transfer.run(archiveAt(path))).rejects.toMatchObject({ code: 'ARCHIVE_UNREADABLE' });
  expect(await vault.counts()).toMatchObject({ conversations: 0, messages: 0, imports: 0 });
  expect(existsSync(vault.stagingRoot) && readdirSync(vault.stagingRoot)).toEqual([]);
});

test('progress moves on and ends full', async () => {
  const { transfer } = await testVault();
  const zip = await makeZip(join(tempFolder(), 'export.zip'), {
    'conversations.json': Array.from({ length: 200 }, (_, index) => plainConversation(`c${index}`)),
  });
  const seen: { phase: string; done: number; total: number }[] = [];
  await transfer.run(archiveAt(zip), { onProgress: (progress) => seen.push(progress) });
  for (const phase of ['staging', 'writing']) {
    const steps = seen.filter((progress) => progress.phase === phase);
    expect(steps.at(-1)?.done).toBe(steps.at(-1)?.total);
    expect(steps.map(({ done }) => done)).toEqual(steps.map(({ done }) => done).toSorted((a, b) => a - b));
  }
});
