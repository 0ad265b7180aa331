import { expect, test } from 'vitest';

import { extractAll } from '../../../main/memory/extract/extract.ts';
import { memoryVault, person, there } from './memory-vault.ts';

const fettuccini = { type: 'USER_FACT', text: 'Loves fettuccini', confidence: 0.85 } as const;

test('a memory that is added is there with its evidence, and the log says who, what and why in the same commit', async () => {
  const { vault, memory, clock } = await memoryVault();
  const told: string[][] = [];
  vault.watch(({ changes }) => told.push(changes.map(({ collection }) => collection).sort()));
  const evidence = [{ message_id: 'm1', quote: 'I love fettuccini.' }];
  const { memory: added } = await memory.add({ ...fettuccini, evidence }, { ...person, why: 'Said so' });
  expect(added).toMatchObject({
    ...fettuccini,
    current_confidence: 0.85,
    state: 'active',
    evidence,
    subject: 'USER:local',
  });
  expect(told).toEqual([['memories', 'memory_events']]);
  const [event] = await memory.log();
  expect(event).toMatchObject({
    event_type: 'MEMORY_ADDED',
    event_sequence: 1,
    entity_key: `memories/${added.id}`,
    subject_id: 'USER:local',
    tenant_id: 'TENANT:local',
    invoker_subject_id: 'USER:local',
    operation: { action: 'add_fact', memory_type: 'USER_FACT' },
    before: null,
    after: { id: added.id, text: 'Loves fettuccini', confidence: 0.85 },
    why: 'Said so',
    result: { success: true, affected_documents: 1, error: null },
    context: { source: 'test' },
    created_at: new Date(clock.now()).toISOString(),
  });
});

test('what is against 004’s rules is refused, and nothing is written', async () => {
  const { memory, vault } = await memoryVault();
  await expect(memory.add({ ...fettuccini, confidence: 0.5 }, person)).rejects.toMatchObject({ code: 'BAD_RECORD' });
  await expect(memory.add({ ...fettuccini, confidence: 1.5 }, person)).rejects.toMatchObject({ code: 'BAD_RECORD' });
  await expect(memory.add({ ...fettuccini, text: ' ' }, person)).rejects.toMatchObject({ code: 'BAD_RECORD' });
  expect(await vault.counts()).toMatchObject({ memories: 0, memory_events: 0 });
});

test('it fades, goes dormant below its floor, is never deleted by that, and wakes when it is restored', async () => {
  const { memory, clock } = await memoryVault();
  const { memory: added } = await memory.add(fettuccini, person);
  clock.forward(20);
  expect(await memory.applyDecay(person)).toMatchObject({ looked_at: 1, dormant: [], observed: 0 });
  clock.forward(20);
  expect((await memory.show(added.id)).state).toBe('dormant');
  expect(await memory.applyDecay(person)).toMatchObject({ dormant: [added.id] });
  expect(await memory.applyDecay(person)).toMatchObject({ dormant: [], woken: [] });
  expect((await memory.recall('fettuccini')).picks).toEqual([]);
  expect(await memory.restore(added.id, person)).toMatchObject({ state: 'active', confirmation_count: 2 });
  expect((await memory.recall('fettuccini')).picks).toMatchObject([{ id: added.id }]);
  expect((await memory.log()).map(({ event_type }) => event_type)).toEqual([
    'MEMORY_RESTORED',
    'DECAY_APPLIED',
    'MEMORY_ADDED',
  ]);
});

test('confirm, contradict, edit and pin change it and say so', async () => {
  const { memory, clock } = await memoryVault();
  const { memory: added } = await memory.add(fettuccini, person);
  clock.forward(1);
  expect(await memory.confirm(added.id, person)).toMatchObject({ confirmation_count: 2, confidence: 0.85 });
  const doubted = await memory.contradict(added.id, person, [{ message_id: 'm2' }]);
  expect(doubted).toMatchObject({ contradiction_count: 1, evidence: [{ message_id: 'm2', stance: 'contradicts' }] });
  expect(doubted.current_confidence).toBeLessThan(0.6);
  expect(await memory.confirm(added.id, person)).toMatchObject({ contradiction_count: 0 });
  expect(await memory.edit(added.id, { text: 'Loves linguine' }, person)).toMatchObject({ text: 'Loves linguine' });
  expect(await memory.edit(added.id, { pinned: true }, person)).toMatchObject({ pinned: true, fades_at: null });
  await expect(memory.edit(added.id, { confidence: 2 }, person)).rejects.toMatchObject({ code: 'BAD_RECORD' });
  expect((await memory.log()).map(({ operation }) => operation.action)).toEqual([
    'pin',
    'edit',
    'confirm',
    'contradict',
    'confirm',
    'add_fact',
  ]);
  const why = await memory.why(added.id);
  expect(why.steps.map(({ kind }) => kind)).toEqual(['base', 'evidence', 'confirmations', 'decay']);
});

test('a change that changes nothing leaves no event', async () => {
  const { memory } = await memoryVault();
  const { memory: added } = await memory.add(fettuccini, person);
  await memory.edit(added.id, { text: 'Loves fettuccini' }, person);
  expect(await memory.log()).toHaveLength(1);
});

test('what is known, or nearly, is not added twice unless the person says so; the opposite is pointed out', async () => {
  const { memory } = await memoryVault();
  const { memory: first } = await memory.add({ type: 'USER_FACT', text: 'Likes mushrooms' }, person);
  await expect(memory.add({ type: 'USER_FACT', text: 'likes mushrooms!' }, person)).rejects.toMatchObject({
    code: 'MEMORY_KNOWN',
    details: { duplicates: [{ id: first.id, likeness: 'exact', similarity: 1 }] },
  });
  expect((await memory.add({ type: 'USER_FACT', text: 'Likes mushrooms', anyway: true }, person)).memory.id).not.toBe(
    first.id,
  );
  const denied = await memory.add({ type: 'USER_FACT', text: 'Does not like mushrooms' }, person);
  expect(denied.contradicts.map(({ id }) => id)).toContain(first.id);
  // Somebody else may say the same of themselves.
  await memory.add({ type: 'USER_FACT', text: 'Likes mushrooms', subject: 'USER:2' }, person);
});

test('two additions of one text at once leave one', async () => {
  const { memory } = await memoryVault();
  const outcomes = await Promise.allSettled([memory.add(fettuccini, person), memory.add(fettuccini, person)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await memory.list()).toHaveLength(1);
});

test('a merge keeps one, with the evidence and confirmations of all', async () => {
  const { memory, vault } = await memoryVault();
  const add = async (text: string, id: string) =>
    (await memory.add({ type: 'USER_FACT', text, evidence: [{ message_id: id }], anyway: true }, person)).memory.id;
  const [a, b] = [await add('Lives in Oslo', 'm1'), await add('Lives in Oslo.', 'm2')];
  expect(await memory.merge([a, b], person)).toMatchObject({
    id: a,
    confirmation_count: 2,
    evidence: [{ message_id: 'm1' }, { message_id: 'm2' }],
  });
  expect(await memory.list()).toHaveLength(1);
  expect(await vault.collection('memories').findOne({ id: a })).toMatchObject({ merged_from: [b] });
  await expect(memory.merge([a], person)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(memory.merge([a, 'nobody'], person)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a forgotten memory leaves a tombstone without its words, in the log too, and does not come back by itself', async () => {
  const { memory, vault, verify } = await memoryVault();
  const { memory: added } = await memory.add(
    { type: 'USER_FACT', text: 'Lives in Quxville' },
    { ...person, why: 'Quxville' },
  );
  await memory.confirm(added.id, person);
  const forgotten = await memory.forget(added.id, person);
  expect(forgotten).toMatchObject({
    memory: { state: 'forgotten', text: '(forgotten)', evidence: [] },
    redacted_events: 2,
  });
  const all = JSON.stringify([
    await vault.collection('memories').find(),
    await vault.collection('memory_events').find(),
  ]);
  expect(all).not.toContain('Quxville');
  expect(await verify()).toMatchObject({ ok: true, events: 3, redacted: 2 });
  const proposals = extractAll([
    {
      id: 'm',
      conversation_id: 'c',
      role: 'user',
      text: 'I live in Quxville.',
      created_at: '2026-03-01T10:00:00.000Z',
    },
  ]);
  expect(await memory.propose(proposals, person)).toEqual({ proposed: [], skipped: { forgotten: 1 } });
  await expect(memory.add({ type: 'USER_FACT', text: 'lives in quxville' }, person)).rejects.toMatchObject({
    code: 'MEMORY_FORGOTTEN',
  });
  await expect(memory.confirm(added.id, person)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await memory.add({ type: 'USER_FACT', text: 'Lives in Quxville', anyway: true }, person);
});

test('proposals wait, privately, until they are accepted or turned down; what was turned down is not proposed again', async () => {
  const { memory } = await memoryVault();
  const said = (text: string) =>
    extractAll([{ id: 'm1', conversation_id: 'c', role: 'user', text, created_at: '2026-03-01T10:00:00.000Z' }]);
  const proposals = said('I live in Oslo. I prefer tea. Where is it warm?');
  const { proposed } = await memory.propose(proposals, { who: 'RULES:extractor' });
  expect(proposed.map(({ text, state, scope }) => [text, state, scope])).toEqual([
    ['Lives in Oslo', 'proposed', 'private'],
    ['Prefers tea', 'proposed', 'private'],
  ]);
  expect(await memory.list()).toEqual([]);
  expect((await memory.recall('tea Oslo')).picks).toEqual([]);
  const [oslo, tea] = [there(proposed[0]).id, there(proposed[1]).id];
  expect(await memory.accept(oslo, person)).toMatchObject({
    state: 'active',
    scope: 'team',
    evidence: [{ quote: 'I live in Oslo.' }],
  });
  expect(await memory.reject(tea, person)).toMatchObject({ state: 'rejected' });
  expect(await memory.propose(proposals, { who: 'RULES:extractor' })).toEqual({
    proposed: [],
    skipped: { known: 1, forgotten: 1 },
  });
  await expect(memory.accept(oslo, person)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  expect(await memory.restore(tea, person)).toMatchObject({ state: 'proposed' });
});

test('the profile’s constraints hold at the door, in recall and over time', async () => {
  const { memory, clock } = await memoryVault();
  const { memory: added } = await memory.add(fettuccini, person);
  await memory.constrain({ learn_patterns: false }, person);
  await expect(memory.add({ type: 'USER_PATTERN', text: 'Cooks late' }, person)).rejects.toMatchObject({
    code: 'MEMORY_OFF',
  });
  await memory.constrain({ memory_enabled: false }, person);
  await expect(memory.add({ type: 'USER_FACT', text: 'Cooks' }, person)).rejects.toMatchObject({ code: 'MEMORY_OFF' });
  expect(await memory.recall('fettuccini')).toMatchObject({ picks: [], withheld: { 'memory_enabled is off': 1 } });
  await memory.constrain({ memory_enabled: true, delete_after_days: 10 }, person);
  expect((await memory.applyDecay(person)).deleted).toEqual([]);
  clock.forward(11);
  expect((await memory.applyDecay(person)).deleted).toEqual([added.id]);
  expect(await memory.show(added.id)).toMatchObject({ state: 'forgotten' });
  await expect(memory.constrain({ delete_after_days: -1 }, person)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  expect((await memory.profile())?.['constraints']).toMatchObject({ delete_after_days: 10, learn_patterns: false });
});

const old = {
  id: 'p1',
  user_id: '246030816692404234',
  guild_id: '1234567890123456789',
  created_at: '2025-01-15T10:00:00.000Z',
  version: '1.0' as const,
  creative_profile: {
    memorable_facts: [
      { _id: 'f1', fact: 'Loves fettuccini', type: 'USER_FACT', confidence: 0.85, added_at: '2026-02-14T09:30:00Z' },
    ],
  },
};

test('a profile of version 1.0 is migrated when it is first read, in one commit, with a copy kept', async () => {
  const { memory, vault, verify } = await memoryVault();
  await vault.collection('profiles').insertOne(old);
  const whose = { subject: 'USER:246030816692404234', tenant: 'TENANT:1234567890123456789' };
  const profile = await memory.profile(whose.subject, whose.tenant);
  expect(profile).toMatchObject({
    ...whose,
    version: '2.0',
    before_migration: { version: '1.0', user_id: old.user_id },
  });
  expect(await memory.list(whose)).toMatchObject([{ text: 'Loves fettuccini', confidence: 0.85 }]);
  expect(await memory.profile(whose.subject, whose.tenant)).toEqual(profile);
  expect(await memory.log()).toHaveLength(2);
  expect((await verify()).ok).toBe(true);
});

test('a profile that cannot be migrated stays readable as it is', async () => {
  const { memory, vault } = await memoryVault();
  const broken = { ...old, creative_profile: { memorable_facts: [{ fact: 'x', type: 'USER_FACT', confidence: 7 }] } };
  await vault.collection('profiles').insertOne(broken);
  const read = await memory.profile('USER:246030816692404234', 'TENANT:1234567890123456789');
  expect(read).toMatchObject({ version: '1.0', creative_profile: broken.creative_profile });
  expect(await memory.log()).toEqual([]);
});

test('hubs, snapshots and episodes leave their trail too', async () => {
  const { memory, vault } = await memoryVault();
  const hub = { id: 'h', hub_type: 'soft_identity', item_key: 'tone', payload: { tone: 'dry' } };
  await memory.put('memory_hubs', hub, person);
  await memory.put('memory_hubs', { ...hub, payload: { tone: 'warm' } }, person);
  await expect(memory.put('memory_hubs', { ...hub, id: 'other' }, person)).rejects.toMatchObject({
    code: 'DUPLICATE_KEY',
  });
  await memory.put('episodic_memory', { id: 'e', run_id: 'r1', query: 'Why?', status: 'completed' }, person);
  await memory.remove('episodic_memory', 'e', person);
  expect((await memory.log()).map(({ entity_key, operation }) => [entity_key, operation.action])).toEqual([
    ['episodic_memory/e', 'remove'],
    ['episodic_memory/e', 'add'],
    ['memory_hubs/h', 'replace'],
    ['memory_hubs/h', 'add'],
  ]);
  expect(await vault.counts()).toMatchObject({ memory_hubs: 1, episodic_memory: 0 });
});

test('each profile says when its memories were last looked through, once a day', async () => {
  const { memory, clock, verify } = await memoryVault();
  await memory.applyDecay(person);
  expect(await memory.profile()).toBeNull();
  await memory.constrain({ learn_patterns: false }, person);
  const days: unknown[] = [];
  for (const forward of [0, 0.1, 1]) {
    clock.forward(forward);
    await memory.applyDecay(person);
    days.push((await memory.profile())?.['last_decay_at']);
  }
  expect(days).toEqual(['2026-03-01T10:00:00.000Z', '2026-03-01T10:00:00.000Z', '2026-03-02T12:24:00.000Z']);
  const noted = (await memory.log({ limit: 100 })).filter(({ operation }) => operation.action === 'decay');
  expect(noted).toHaveLength(2);
  expect(await verify()).toMatchObject({ ok: true });
});
