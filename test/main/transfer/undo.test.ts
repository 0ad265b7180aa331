import { expect, test } from 'vitest';
import { conversation, emptyNode, node, plainConversation } from '../../fixtures/exports/chatgpt.ts';
import { claudeConversation, claudeMessage } from '../../fixtures/exports/claude.ts';
import { testVault, type TestVault } from './test-vault.ts';

function grown(id: string) {
  return conversation(
    id,
    [
      emptyNode('root', null),
      node('q', 'root', 'How deep is a well?', { time: 1_700_000_001 }),
      node('a', 'q', 'As deep as it is.', { role: 'assistant', time: 1_700_000_002 }),
      node('q2', 'a', 'And a pond?', { time: 1_700_000_003 }),
    ],
    { title: 'Renamed there', update_time: 1_700_009_000 },
  );
}
function young(id: string) {
  return conversation(id, [
    emptyNode('root', null),
    node('q', 'root', 'How deep is a well?', { time: 1_700_000_001 }),
    node('a', 'q', 'As deep as it', { role: 'assistant', time: 1_700_000_002 }),
  ]);
}

/** All that a vault holds but receipts and bookkeeping. */
async function recordsOf({ vault }: TestVault): Promise<unknown> {
  const plain = (records: readonly (object & { readonly id: string; readonly _meta: unknown })[]) =>
    records.map(({ _meta, ...record }) => record).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    conversations: plain(await vault.collection('conversations').find({})),
    messages: plain(await vault.collection('messages').find({})),
    memories: plain(await vault.collection('memories').find({})),
  };
}

test('an import taken back leaves the vault as it was, and marks its receipt', async () => {
  const made = await testVault();
  await made.vault.collection('conversations').insertOne({ id: 'mine', title: 'Mine' });
  const before = await recordsOf(made);
  const receipt = await made.importFiles({
    'conversations.json': [claudeConversation('u1', [claudeMessage('m', 'human', 'hello')])],
    'memories.json': { conversations_memory: 'Rows a boat.' },
  });
  expect(await made.transfer.undo(receipt.id)).toEqual({
    id: receipt.id,
    removed_conversations: 1,
    removed_messages: 1,
    removed_memories: 1,
    reverted_conversations: 0,
    kept: [],
  });
  expect(await recordsOf(made)).toEqual(before);
  expect((await made.transfer.receipts())[0]).toMatchObject({ id: receipt.id, undone_at: '2026-11-20T12:01:00.000Z' });
});

test('an update taken back gives conversations and messages their earlier state', async () => {
  const made = await testVault();
  await made.importFiles({ 'conversations.json': [young('c1'), young('c2')] });
  const before = await recordsOf(made);
  const second = await made.importFiles({ 'conversations.json': [grown('c1'), grown('c3')] });
  expect(second).toMatchObject({ created: 1, updated: 1, messages: { created: 4, updated: 1 } });
  expect(await made.transfer.undo(second.id)).toMatchObject({
    removed_conversations: 1,
    removed_messages: 4,
    reverted_conversations: 1,
    kept: [],
  });
  expect(await recordsOf(made)).toEqual(before);
});

test('after an undo the same archive can be imported again', async () => {
  const { vault, transfer, importFiles } = await testVault();
  const files = { 'conversations.json': [young('c1')] };
  const first = await importFiles(files);
  await transfer.undo(first.id);
  expect(await importFiles(files)).toMatchObject({ created: 1, messages: { created: 2 } });
  expect(await vault.counts()).toMatchObject({ conversations: 1, messages: 2 });
});

test('a conversation in which the person wrote, or whose title they changed, stays whole and is named', async () => {
  const { vault, transfer, importFiles } = await testVault();
  const receipt = await importFiles({
    'conversations.json': ['c1', 'c2', 'c3', 'c4'].map((id) => plainConversation(id)),
  });
  const now = '2026-11-20T13:00:00.000Z';
  await vault
    .collection('messages')
    .insertOne({ conversation_id: 'c1', role: 'user', content: 'my own', created_at: now });
  await vault.collection('conversations').updateOne({ id: 'c2' }, { $set: { title: 'My title', pinned: true } });
  await vault
    .collection('messages')
    .updateOne({ conversation_id: 'c3', role: 'assistant' }, { $set: { content: 'my wording' } });
  await vault.collection('conversations').updateOne({ id: 'c4' }, { $set: { current_leaf: null } });
  const undone = await transfer.undo(receipt.id);
  expect(undone).toMatchObject({ removed_conversations: 1, removed_messages: 3 });
  expect(Object.fromEntries(undone.kept.map(({ source_id, reason }) => [source_id, reason]))).toEqual({
    c1: 'messages were written in it since the import',
    c2: 'you have changed its title and pinned since the import',
    c3: 'a message of it was changed since the import',
  });
  expect(await vault.counts()).toMatchObject({ conversations: 3, messages: 10 });
});

test('what a later import has updated is kept until that one is taken back', async () => {
  const { transfer, vault, importFiles } = await testVault();
  const first = await importFiles({ 'conversations.json': [young('c1')] });
  const second = await importFiles({ 'conversations.json': [grown('c1')] });
  expect((await transfer.undo(first.id)).kept).toEqual([
    { source_id: 'c1', reason: 'a later import added messages to it' },
  ]);
  expect(await transfer.undo(second.id)).toMatchObject({ reverted_conversations: 1, removed_messages: 1, kept: [] });
  expect(await vault.collection('conversations').findOne({ id: 'c1' })).toMatchObject({ title: 'Title of c1' });
});

test('a conversation that a later import has only renamed is kept until that one is taken back', async () => {
  const { transfer, vault, importFiles } = await testVault();
  const first = await importFiles({ 'conversations.json': [young('c1')] });
  const renamed = { ...young('c1'), title: 'Renamed there', update_time: 1_700_009_000 };
  expect(await importFiles({ 'conversations.json': [renamed] })).toMatchObject({
    updated: 1,
    messages: { created: 0 },
  });
  expect((await transfer.undo(first.id)).kept).toEqual([
    { source_id: 'c1', reason: 'a later import has updated it: take that one back first' },
  ]);
  expect(await vault.counts()).toMatchObject({ conversations: 1, messages: 2 });
});

test('taking back an update keeps what the person changed after it', async () => {
  const { transfer, vault, importFiles } = await testVault();
  await importFiles({ 'conversations.json': [young('c1')] });
  const second = await importFiles({ 'conversations.json': [grown('c1')] });
  await vault.collection('conversations').updateOne({ id: 'c1' }, { $set: { tags: ['deep'], pinned: true } });
  expect(await transfer.undo(second.id)).toMatchObject({ reverted_conversations: 1 });
  expect(await vault.collection('conversations').findOne({ id: 'c1' })).toMatchObject({
    title: 'Title of c1',
    tags: ['deep'],
    pinned: true,
  });
});

test('an answer of the person to an imported message keeps that message', async () => {
  const { transfer, vault, importFiles } = await testVault();
  await importFiles({ 'conversations.json': [young('c1')] });
  const second = await importFiles({ 'conversations.json': [grown('c1')] });
  const pond = await vault.collection('messages').findOne({ 'source.source_id': 'q2' });
  await vault.collection('messages').insertOne({
    conversation_id: 'c1',
    role: 'user',
    content: 'mine',
    parent_id: pond?.id ?? null,
    created_at: '2026-11-20T13:00:00.000Z',
  });
  expect((await transfer.undo(second.id)).kept).toEqual([
    { source_id: 'c1', reason: 'messages were written in it since the import' },
  ]);
  expect(await vault.collection('messages').count({ conversation_id: 'c1' })).toBe(4);
});

test('an unknown import and one that was taken back already are errors', async () => {
  const { transfer, importFiles } = await testVault();
  await expect(transfer.undo('nothing')).rejects.toMatchObject({ code: 'IMPORT_NOT_FOUND' });
  const receipt = await importFiles({ 'conversations.json': [young('c1')] });
  await transfer.undo(receipt.id);
  await expect(transfer.undo(receipt.id)).rejects.toMatchObject({ code: 'IMPORT_UNDONE' });
});
