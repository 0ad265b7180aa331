import { expect, test, vi } from 'vitest';
import { memoryHandlers } from '../../../main/app/memory-handlers.ts';
import { USUAL_REDACTION } from '../../../main/memory/redact.ts';
import type { Output } from '../../../shared/ipc/contract.ts';
import { memoryVault, person, there } from '../memory/memory-vault.ts';

const talk = 'Hello.\n\nI **live** in [Graz](https://graz.example), near the river. I prefer tea.';

/** The memory's methods over a vault with one conversation of one message. */
async function opened() {
  const { vault, clock, memory, verify } = await memoryVault();
  const { insertedId: conversation } = await vault.collection('conversations').insertOne({ title: 'Talk' });
  const say = async (content: string): Promise<string> => {
    const draft = { conversation_id: conversation, role: 'user' as const, content };
    return (await vault.collection('messages').insertOne(draft)).insertedId;
  };
  const message = await say(talk);
  const part = async () => ({
    service: memory,
    verify,
    extract: async () => ({ proposed: [], skipped: {} }),
    redaction: async () => USUAL_REDACTION,
  });
  const handlers = memoryHandlers({ memory: part, store: vault, source: 'app' });
  const add = async (text: string): Promise<string> =>
    (await handlers['memory.add']({ type: 'USER_FACT', text })).memory.id;
  return { vault, clock, memory, handlers, conversation, message, say, add, verify };
}

type State = Output<'memory.show'>;

test('evidence is linked with the sentence as it stands in the message', async () => {
  const { handlers, message } = await opened();
  const cited = [{ message_id: message, quote: 'I live in Graz, near the river.' }];
  const { memory } = await handlers['memory.add']({ type: 'USER_FACT', text: 'I live in Graz.', evidence: cited });
  const [evidence] = memory.evidence;
  expect(evidence?.quote).toBe('I **live** in [Graz](https://graz.example), near the river.');
  expect(talk.slice(...there(evidence?.range))).toBe(evidence?.quote);
});

test('a sentence that is not in the message is kept as it was given, and so is a message that is not here', async () => {
  const { handlers, message } = await opened();
  const evidence = [
    { message_id: message, quote: 'I live in Linz.' },
    { message_id: 'elsewhere', quote: 'Yes.' },
  ];
  const { memory } = await handlers['memory.add']({ type: 'USER_FACT', text: 'I live in Linz.', evidence });
  expect(memory.evidence.map(({ quote, range }) => [quote, range])).toEqual([
    ['I live in Linz.', undefined],
    ['Yes.', undefined],
  ]);
});

test('a conversation knows the sentences that became memory, also where evidence names the message alone', async () => {
  const { handlers, memory, conversation, message, say } = await opened();
  const other = await say('I have a cat.');
  const cited = [{ message_id: message, quote: 'I prefer tea.' }];
  const tea = await handlers['memory.add']({ type: 'USER_FACT', text: 'I prefer tea.', evidence: cited });
  const bare = { type: 'USER_FACT', text: 'There is a cat.', evidence: [{ message_id: other }] } as const;
  const cat = await memory.add(bare, person);
  await memory.add({ ...bare, text: 'Somebody plays chess.', evidence: [{ message_id: 'elsewhere' }] }, person);
  const links = await handlers['memory.of_conversation']({ id: conversation });
  expect(new Set(links.map(({ message_id, quote, memory: { id } }) => `${message_id} ${quote} ${id}`))).toEqual(
    new Set([`${message} I prefer tea. ${tea.memory.id}`, `${other} null ${cat.memory.id}`]),
  );
  expect(await handlers['memory.of_conversation']({ id: 'another' })).toEqual([]);
});

test('many are confirmed and pinned at once, each in the log, and it can be undone', async () => {
  const { handlers, add, verify } = await opened();
  const ids = [await add('Lives in Oslo'), await add('Owns a dog')];
  const shown = (): Promise<State[]> => Promise.all(ids.map((id) => handlers['memory.show']({ id })));
  const pinned = await handlers['memory.bulk']({ action: 'pin', ids: [...ids, 'nobody'], why: 'Sure' });
  expect(pinned.done).toEqual(ids);
  expect(pinned.refused).toEqual([{ id: 'nobody', message: 'There is no memory with the id nobody.' }]);
  expect((await shown()).map((each) => each.pinned)).toEqual([true, true]);
  expect(await handlers['memory.undo']({ events: pinned.undo })).toEqual({ undone: 2 });
  expect((await shown()).map((each) => each.pinned)).toEqual([false, false]);
  const log = await handlers['memory.log']({ id: ids[0] ?? '' });
  expect(log.map(({ operation, why }) => [operation.action, why])).toEqual([
    ['undo', null],
    ['pin', 'Sure'],
    ['add_fact', null],
  ]);
  expect((await verify()).ok).toBe(true);
});

test('many share a commit, and what was so before is done and has nothing to undo', async () => {
  const { handlers, add, vault, verify } = await opened();
  const ids: string[] = [];
  for (let at = 0; at < 60; at += 1) ids.push(await add(`Owns ${at} boats`));
  await handlers['memory.bulk']({ action: 'pin', ids: ids.slice(0, 5) });
  let commits = 0;
  const unwatch = vault.watch(() => (commits += 1));
  const { done, undo } = await handlers['memory.bulk']({ action: 'pin', ids });
  unwatch();
  expect({ commits, done: done.length, undo: undo.length }).toEqual({ commits: 3, done: 60, undo: 55 });
  expect(await handlers['memory.undo']({ events: undo })).toEqual({ undone: 55 });
  expect((await handlers['memory.bulk']({ action: 'forget', ids: [...ids, 'nobody'] })).refused).toHaveLength(1);
  expect((await handlers['memory.bulk']({ action: 'confirm', ids: ids.slice(0, 2) })).refused).toHaveLength(2);
  expect((await verify()).ok).toBe(true);
});

test('a merge is undone with all that it had taken away', async () => {
  const { handlers, add } = await opened();
  const ids = [await add('Lives in Oslo'), await add('Owns a dog')];
  const before = await Promise.all(ids.map((id) => handlers['memory.show']({ id })));
  const { undo } = await handlers['memory.bulk']({ action: 'merge', ids });
  await expect(handlers['memory.show']({ id: ids[1] ?? '' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await handlers['memory.undo']({ events: undo });
  const after = await Promise.all(ids.map((id) => handlers['memory.show']({ id })));
  const bare = ({ updated_at: _changed, ...rest }: State): object => rest;
  expect(after.map(bare)).toEqual(before.map(bare));
});

test('what was changed since is not undone, and nothing beside it', async () => {
  const { handlers, add } = await opened();
  const ids = [await add('Lives in Oslo'), await add('Owns a dog')];
  const { undo } = await handlers['memory.bulk']({ action: 'pin', ids });
  await handlers['memory.confirm']({ id: ids[1] ?? '' });
  await expect(handlers['memory.undo']({ events: undo })).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
  expect((await handlers['memory.show']({ id: ids[0] ?? '' })).pinned).toBe(true);
  await expect(handlers['memory.undo']({ events: ['no-event'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('forgetting many has no way back', async () => {
  const { handlers, add } = await opened();
  const id = await add('Lives in Oslo');
  expect(await handlers['memory.bulk']({ action: 'forget', ids: [id, id] })).toEqual({
    done: [id],
    refused: [],
    undo: [],
  });
  const [forgotten] = await handlers['memory.log']({ id });
  await expect(handlers['memory.undo']({ events: [there(forgotten).id] })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('the days of the log are counted', async () => {
  const { handlers, add, clock } = await opened();
  await add('Lives in Oslo');
  clock.forward(2);
  await add('Owns a dog');
  await add('Prefers tea');
  expect(await handlers['memory.log_days']({})).toEqual([
    { day: '2026-03-01', events: 1 },
    { day: '2026-03-03', events: 2 },
  ]);
});

test('preferences are set and taken out again; the rest of the profile stays', async () => {
  const { handlers } = await opened();
  await handlers['memory.constrain']({ learn_patterns: false });
  await handlers['memory.prefer']({ preferences: { detail_level: 'high', tone: 'dry' }, learning_level: 'advanced' });
  await handlers['memory.prefer']({ preferences: { tone: null } });
  expect(await handlers['memory.profile']({})).toMatchObject({
    preferences: { detail_level: 'high' },
    learning_level: 'advanced',
    constraints: { learn_patterns: false },
  });
});

test('an item of a hub is added, changed and removed, and each stands in the log', async () => {
  const { handlers } = await opened();
  const item = { hub_type: 'soft_identity', item_key: 'tone', payload: { value: 'dry' } };
  const hub = await handlers['memory.put_hub'](item);
  expect(hub).toMatchObject({ ...item, learner_id: null, scope: 'team' });
  await expect(handlers['memory.put_hub'](item)).rejects.toMatchObject({ code: 'DUPLICATE_KEY' });
  const changed = { ...item, id: hub.id, payload: { value: 'warm' }, scope: 'private' } as const;
  expect(await handlers['memory.put_hub'](changed)).toMatchObject({ payload: { value: 'warm' }, scope: 'private' });
  expect(await handlers['memory.hubs']({})).toHaveLength(1);
  await handlers['memory.remove_hub']({ id: hub.id, why: 'Old' });
  expect(await handlers['memory.hubs']({})).toEqual([]);
  const log = await handlers['memory.log']({ id: `memory_hubs/${hub.id}` });
  expect(log.map(({ operation }) => operation.action)).toEqual(['remove', 'replace', 'add']);
  await expect(handlers['memory.put_hub']({ ...item, id: 'nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('episodes and snapshots are listed newest first and shown with what is in them', async () => {
  const { handlers, vault, clock } = await opened();
  const nodes = ['plan', { id: 'search', status: 'completed' }];
  const edges = [['plan', 'search'] as [string, string]];
  const run = { run_id: 'r1', query: 'Tides?', status: 'completed', nodes, edges };
  const { insertedId: id } = await vault.collection('episodic_memory').insertOne(run);
  await vault.collection('runtime_snapshots').insertOne({ snapshot_id: 's1', active_runs: { r1: {}, r2: {} } });
  clock.forward(1);
  await vault.collection('episodic_memory').insertOne({ ...run, run_id: 'r2', nodes: [], edges: [] });
  expect((await handlers['memory.episodes']({})).map((each) => [each.run_id, each.nodes, each.edges])).toEqual([
    ['r2', 0, 0],
    ['r1', 2, 1],
  ]);
  expect(await handlers['memory.episode']({ id })).toMatchObject({ episode: { run_id: 'r1' }, nodes, edges });
  const [snapshot] = await handlers['memory.snapshots']({});
  expect(snapshot).toMatchObject({ snapshot_id: 's1', source: null, runs: 2 });
  expect((await handlers['memory.snapshot']({ id: there(snapshot).id })).active_runs).toEqual({ r1: {}, r2: {} });
});

test('what the app recalls is noted without holding up the answer', async () => {
  const { vault, handlers, add } = await opened();
  const id = await add('Likes trains.');
  const { picks } = await handlers['memory.recall']({ query: 'trains' });
  expect(picks.map((pick) => pick.id)).toEqual([id]);
  await vi.waitFor(async () => expect((await vault.collection('memories').findOne({ id }))?.recall_count).toBe(1), {
    timeout: 30_000,
  });
});
