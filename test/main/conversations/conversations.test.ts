import { expect, onTestFinished, test } from 'vitest';
import { createConversations } from '../../../main/conversations/conversations.ts';
import { localDay } from '../../../main/conversations/rows.ts';
import { openVault } from '../../../main/store/vault.ts';
import type { Vault } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const start = Date.UTC(2026, 1, 10, 12);
const dayMs = 24 * 60 * 60 * 1000;
const iso = (ms: number): string => new Date(ms).toISOString();

async function open() {
  const time = { now: start };
  const clock = { now: () => (time.now += 1000) };
  const vault = await openVault({ root: tempFolder(), mode: 'owner', create: true, clock });
  const conversations = createConversations({
    store: vault,
    restoreTrash: (batch) => vault.restoreTrash(batch),
    clock,
  });
  onTestFinished(async () => {
    conversations.close();
    await vault.close();
  });
  return { vault, conversations, time };
}

async function addConversation(vault: Vault, id: string, daysAgo: number, fields: object = {}): Promise<void> {
  const at = iso(start - daysAgo * dayMs);
  await vault.collection('conversations').insertOne({ id, title: id, created_at: at, updated_at: at, ...fields });
}

const active = { view: 'active', offset: 0, limit: 100 } as const;

test('the list is newest first by local day, pinned ahead, archived apart', async () => {
  const { vault, conversations } = await open();
  await addConversation(vault, 'old', 3);
  await addConversation(vault, 'new', 0);
  await addConversation(vault, 'kept', 9, { pinned: true });
  await addConversation(vault, 'also-new', 0.001);
  await addConversation(vault, 'away', 1, { archived: true });
  expect(await conversations.days({ view: 'active' })).toEqual([
    { day: 'pinned', count: 1 },
    { day: localDay(start), count: 2 },
    { day: localDay(start - 3 * dayMs), count: 1 },
  ]);
  const { total, rows } = await conversations.list(active);
  expect([total, rows.map(({ id }) => id)]).toEqual([4, ['kept', 'new', 'also-new', 'old']]);
  expect((await conversations.list({ ...active, view: 'archived' })).rows.map(({ id }) => id)).toEqual(['away']);
  expect((await conversations.list({ ...active, offset: 1, limit: 2 })).rows.map(({ id }) => id)).toEqual([
    'new',
    'also-new',
  ]);
});

test('the list follows every change: insert, update, delete, in small numbers and large', async () => {
  const { vault, conversations } = await open();
  const shown = async (): Promise<string> => (await conversations.list(active)).rows.map(({ id }) => id).join(' ');
  await addConversation(vault, 'a', 2);
  expect(await shown()).toBe('a');
  await addConversation(vault, 'b', 1);
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { updated_at: iso(start) } });
  expect(await shown()).toBe('a b');
  await vault.collection('conversations').deleteOne({ id: 'a' });
  expect(await shown()).toBe('b');
  const many = Array.from({ length: 300 }, (_, at) => ({ id: `m${at}`, created_at: iso(start - at * 1000) }));
  await vault.collection('conversations').insertMany(many);
  expect((await conversations.list(active)).total).toBe(301);
  await vault.collection('conversations').deleteMany({ id: { $ne: 'm7' } });
  expect(await shown()).toBe('m7');
});

test('tags filter the list and are counted, the most used first', async () => {
  const { vault, conversations } = await open();
  await addConversation(vault, 'a', 1, { tags: ['work', 'paris'] });
  await addConversation(vault, 'b', 2, { tags: ['paris'] });
  expect(await conversations.tags()).toEqual([
    { tag: 'paris', count: 2 },
    { tag: 'work', count: 1 },
  ]);
  expect((await conversations.list({ ...active, tag: 'work' })).rows.map(({ id }) => id)).toEqual(['a']);
  expect(await conversations.days({ view: 'active', tag: 'nothing' })).toEqual([]);
});

test('a new conversation takes messages, and they become its thread', async () => {
  const { conversations } = await open();
  const { id } = await conversations.create({ title: ' Notes ' });
  const first = await conversations.append({ conversation_id: id, text: 'One' });
  const second = await conversations.append({ conversation_id: id, text: 'Two' });
  const thread = await conversations.thread({ id, limit: 50 });
  expect(thread.messages.map(({ content }) => content)).toEqual(['One', 'Two']);
  expect(thread.conversation).toMatchObject({ title: 'Notes', current_leaf: second.id, source_app: null });
  expect(thread.messages.map(({ siblings }) => siblings)).toEqual([[first.id], [second.id]]);
});

test('a message moves its conversation to today, renaming and tagging do not', async () => {
  const { vault, conversations } = await open();
  await addConversation(vault, 'old', 30);
  const before = (await conversations.list(active)).rows[0]?.updated_at;
  const renamed = await conversations.update({ id: 'old', title: 'New name', tags: ['x ', 'x', ''], pinned: true });
  expect(renamed).toMatchObject({ title: 'New name', tags: ['x'], pinned: true, updated_at: before });
  await conversations.append({ conversation_id: 'old', text: 'Again' });
  expect((await conversations.list(active)).rows[0]?.day).toBe(localDay(start));
});

test('appending to a conversation that knows no parents keeps it one line', async () => {
  const { vault, conversations } = await open();
  await addConversation(vault, 'bot', 1);
  for (const [id, at] of [
    ['m1', 1],
    ['m2', 2],
  ] as const) {
    const created_at = iso(start - dayMs + at * 1000);
    await vault
      .collection('messages')
      .insertOne({ id, conversation_id: 'bot', role: 'user', content: id, created_at, updated_at: created_at });
  }
  await conversations.append({ conversation_id: 'bot', text: 'm3' });
  const { messages } = await conversations.thread({ id: 'bot', limit: 10 });
  expect(messages.map(({ content }) => content)).toEqual(['m1', 'm2', 'm3']);
});

test('choosing a message shows its branch from then on', async () => {
  const { vault, conversations } = await open();
  await addConversation(vault, 'c', 1);
  const add = (id: string, parent: string | null, second: number) =>
    vault.collection('messages').insertOne({
      id,
      conversation_id: 'c',
      role: 'user',
      content: id,
      parent_id: parent,
      created_at: iso(start + second * 1000),
      updated_at: iso(start + second * 1000),
    });
  await add('q', null, 0);
  await add('a1', 'q', 1);
  await add('a2', 'q', 2);
  await add('more', 'a1', 3);
  await add('last', 'a2', 4);
  expect(await conversations.chooseBranch({ id: 'c', message_id: 'a1' })).toEqual({ current_leaf: 'more' });
  const thread = await conversations.thread({ id: 'c', limit: 10 });
  expect(thread.messages.map(({ id }) => id)).toEqual(['q', 'a1', 'more']);
  const other = await conversations.thread({ id: 'c', around: 'a2', limit: 10 });
  expect(other.messages.map(({ id }) => id)).toEqual(['q', 'a2', 'last']);
  expect(other.conversation.current_leaf).toBe('last');
});

test('deleting takes the messages along, and undoing brings all of it back', async () => {
  const { vault, conversations } = await open();
  const { id } = await conversations.create({ title: 'Gone' });
  await conversations.append({ conversation_id: id, text: 'One' });
  const { id: stays } = await conversations.create({ title: 'Stays' });
  await conversations.append({ conversation_id: stays, text: 'Two' });
  const { deleted, undo } = await conversations.delete({ ids: [id, 'never-was'] });
  expect(deleted).toBe(1);
  expect(await vault.collection('messages').count({})).toBe(1);
  expect((await conversations.list(active)).rows.map((row) => row.title)).toEqual(['Stays']);
  expect(await conversations.undelete({ undo })).toEqual({ restored: 1 });
  expect((await conversations.thread({ id, limit: 5 })).messages.map(({ content }) => content)).toEqual(['One']);
});

test('one conversation is exported as a file of its own name', async () => {
  const { conversations } = await open();
  const { id } = await conversations.create({ title: 'Paris / plan' });
  await conversations.append({ conversation_id: id, text: 'Hello' });
  const markdown = await conversations.exportOne({ id, format: 'markdown' });
  expect(markdown).toMatchObject({ file_name: '2026-02-10 Paris plan.md', media_type: 'text/markdown' });
  expect(markdown.text).toContain('Hello');
  const { text } = await conversations.exportOne({ id, format: 'json' });
  expect(JSON.parse(text)).toMatchObject({ id, messages: [{ content: 'Hello' }] });
});

test('what is not there is named, with what to do', async () => {
  const { conversations } = await open();
  const { id } = await conversations.create({ title: 'Here' });
  const missing = { code: 'NOT_FOUND', remedy: expect.stringMatching(/\w/) as string };
  await expect(conversations.thread({ id: 'x', limit: 5 })).rejects.toMatchObject(missing);
  await expect(conversations.thread({ id, around: 'x', limit: 5 })).rejects.toMatchObject(missing);
  await expect(conversations.update({ id: 'x', pinned: true })).rejects.toMatchObject(missing);
  await expect(conversations.append({ conversation_id: 'x', text: 'y' })).rejects.toMatchObject(missing);
  await expect(conversations.chooseBranch({ id, message_id: 'x' })).rejects.toMatchObject(missing);
  await expect(conversations.delete({ ids: ['x'] })).rejects.toMatchObject(missing);
  await expect(conversations.undelete({ undo: 'x' })).rejects.toMatchObject(missing);
  await expect(conversations.exportOne({ id: 'x', format: 'json' })).rejects.toMatchObject(missing);
  await expect(conversations.update({ id, title: '  ' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});
