import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../main/lib/clock.ts';
import { registry } from '../../shared/collections/registry.ts';
import type { Store } from '../../shared/store/store.ts';
import { tickingClock } from './store-contract.ts';

const at = (day: number): string => new Date(Date.UTC(2026, 0, day)).toISOString();

/** What seeds 000 and 004 ask of the collections of the memory: unique keys and query patterns. */
export function seedsContract(name: string, makeStore: (clock: Clock) => Promise<Store>): void {
  async function open(): Promise<Store> {
    const store = await makeStore(tickingClock());
    onTestFinished(() => store.close());
    return store;
  }
  const it = (title: string, body: () => Promise<void>): void => test(`${name}: ${title}`, body);
  const duplicate = { code: 'DUPLICATE_KEY' };

  it('000: a hub’s item, a run and a snapshot are there once', async () => {
    const store = await open();
    const hubs = store.collection('memory_hubs');
    const item = { hub_type: 'soft_identity', item_key: 'tone', payload: { tone: 'dry' } };
    await hubs.insertOne(item);
    await expect(hubs.insertOne(item)).rejects.toMatchObject(duplicate);
    await hubs.insertOne({ ...item, hub_type: 'operating_context' });
    await hubs.updateOne({ hub_type: 'soft_identity', item_key: 'tone' }, { $set: { payload: {} } }, { upsert: true });
    expect(await hubs.count()).toBe(2);
    const episodes = store.collection('episodic_memory');
    await episodes.insertOne({ run_id: 'r', query: 'Why?', status: 'running' });
    await expect(episodes.insertOne({ run_id: 'r', query: 'Why?', status: 'failed' })).rejects.toMatchObject(duplicate);
    const snapshots = store.collection('runtime_snapshots');
    await snapshots.insertOne({ snapshot_id: 's', active_runs: ['r'] });
    await expect(snapshots.insertOne({ snapshot_id: 's', active_runs: [] })).rejects.toMatchObject(duplicate);
  });

  it('000: making an index that is there already changes nothing', async () => {
    const hubs = (await open()).collection('memory_hubs');
    const first = await hubs.createIndex({ hub_type: 1, item_key: 1 }, { unique: true });
    expect(await hubs.createIndex({ hub_type: 1, item_key: 1 }, { unique: true })).toBe(first);
  });

  it('004: a profile is found by user and guild, is there once, and those that decay is overdue for are found', async () => {
    const profiles = (await open()).collection('profiles');
    const old = { user_id: '246030816692404234', guild_id: '1234567890123456789', version: '1.0' as const };
    await profiles.insertOne({ ...old, last_decay_at: at(1) });
    await expect(profiles.insertOne(old)).rejects.toMatchObject(duplicate);
    await expect(profiles.insertOne({ ...old, user_id: 'ada' })).rejects.toMatchObject({ code: 'BAD_RECORD' });
    await profiles.insertOne({ ...old, user_id: '2', last_decay_at: at(9) });
    expect(await profiles.findOne({ user_id: old.user_id, guild_id: old.guild_id })).toMatchObject(old);
    const overdue = await profiles.find({ guild_id: old.guild_id, last_decay_at: { $lt: at(5) } });
    expect(overdue.map(({ user_id }) => user_id)).toEqual([old.user_id]);
    await profiles.insertMany([
      { subject: 'USER:1', tenant: 'TENANT:1' },
      { subject: 'USER:1', tenant: 'TENANT:2' },
    ]);
    await expect(profiles.insertOne({ subject: 'USER:1', tenant: 'TENANT:2' })).rejects.toMatchObject(duplicate);
  });

  it('004: facts above a confidence are found, and one below 0.60 is not taken', async () => {
    const memories = (await open()).collection('memories');
    const fact = { type: 'USER_FACT' as const, subject: 'USER:1', tenant: 'TENANT:1' };
    await memories.insertMany(
      [0.6, 0.8, 0.95].map((confidence) => ({ ...fact, text: String(confidence), confidence })),
    );
    const sure = await memories.find({ ...fact, confidence: { $gte: 0.8 } }, { sort: { confidence: 1 } });
    expect(sure.map(({ text }) => text)).toEqual(['0.8', '0.95']);
    await expect(memories.insertOne({ ...fact, text: 'x', confidence: 0.5 })).rejects.toMatchObject({
      code: 'BAD_RECORD',
    });
  });

  it('004: the newest events of a subject in a tenant come first', async () => {
    const events = (await open()).collection('memory_events');
    const event = (number: number, subject_id: string) => ({
      replica: 'r1',
      event_sequence: number,
      event_type: 'MEMORY_ADDED' as const,
      subject_id,
      tenant_id: 'TENANT:1',
      invoker_subject_id: 'CHATBOT:abby_v2.1',
      entity_key: `memories/${number}`,
      operation: { action: 'add_fact' },
      result: { success: true, duration_ms: 42, affected_documents: 1, error: null },
      body_hash: 'a'.repeat(64),
      prev_hash: 'b'.repeat(64),
      hash: 'c'.repeat(64),
      created_at: at(number),
    });
    await events.insertMany([1, 2, 3, 4].map((number) => event(number, number === 2 ? 'USER:2' : 'USER:1')));
    const wanted = { subject_id: 'USER:1', tenant_id: 'TENANT:1' };
    const found = await events.find(wanted, { sort: { created_at: -1 }, limit: 2 });
    expect(found.map(({ event_sequence }) => event_sequence)).toEqual([4, 3]);
  });

  it('000: hubs are found by learner, snapshots and episodes newest first', async () => {
    const store = await open();
    const hub = { hub_type: 'learner_preferences', payload: {} };
    const learners = ['ada', 'bob', 'ada'].map((learner_id, at) => ({ ...hub, item_key: String(at), learner_id }));
    await store.collection('memory_hubs').insertMany(learners);
    const hers = await store.collection('memory_hubs').find({ learner_id: 'ada' }, { sort: { item_key: 1 } });
    expect(hers.map(({ item_key }) => item_key)).toEqual(['0', '2']);
    const snapshots = store.collection('runtime_snapshots');
    await snapshots.insertMany(
      [2, 3, 1].map((day) => ({ snapshot_id: String(day), active_runs: [], created_at: at(day) })),
    );
    const newest = await snapshots.find({}, { sort: { created_at: -1 }, limit: 2 });
    expect(newest.map(({ snapshot_id }) => snapshot_id)).toEqual(['3', '2']);
    const episodes = store.collection('episodic_memory');
    const node = { id: 'n1', label: 'Plan' };
    await episodes.insertOne({ run_id: 'a', query: 'Why?', status: 'running', nodes: [node], edges: [] });
    await episodes.insertOne({ run_id: 'b', query: 'How?', status: 'done' });
    await episodes.updateOne({ run_id: 'a' }, { $set: { status: 'done' } });
    const latest = await episodes.find({ status: 'done' }, { sort: { updated_at: -1 } });
    expect(latest.map(({ run_id }) => run_id)).toEqual(['a', 'b']);
    expect(latest[0]?.nodes).toMatchObject([node]);
  });

  it('000: what a time to live is over for is found by its time of making, and goes', async () => {
    const snapshots = (await open()).collection('runtime_snapshots');
    await snapshots.insertMany(
      [1, 20].map((day) => ({ snapshot_id: String(day), active_runs: [], created_at: at(day) })),
    );
    expect(await snapshots.deleteMany({ created_at: { $lt: at(10) } })).toMatchObject({ deletedCount: 1 });
    expect((await snapshots.find()).map(({ snapshot_id }) => snapshot_id)).toEqual(['20']);
    expect(registry.runtime_snapshots.retention).toEqual({ deleteAfterDays: 30, by: 'created_at' });
  });

  it('004: the most active profiles of a tenant come first, and a domain finds its people', async () => {
    const profiles = (await open()).collection('profiles');
    const domains = [{ domain: 'music production', confidence: 0.85, tools: ['FL Studio', 'Ableton'] }];
    await profiles.insertMany([
      { subject: 'USER:1', tenant: 'TENANT:1', last_active: at(1), domains },
      { subject: 'USER:2', tenant: 'TENANT:1', last_active: at(3) },
      { subject: 'USER:3', tenant: 'TENANT:2', last_active: at(9) },
    ]);
    const active = await profiles.find({ tenant: 'TENANT:1' }, { sort: { last_active: -1 } });
    expect(active.map(({ subject }) => subject)).toEqual(['USER:2', 'USER:1']);
    expect(await profiles.find({ 'domains.domain': 'music production' })).toMatchObject([
      { subject: 'USER:1', domains },
    ]);
  });

  it('004: only its three types are taken, with a confidence from 0.60 to 1.0 and at least one confirmation', async () => {
    const memories = (await open()).collection('memories');
    const fine = { type: 'USER_FACT' as const, text: 'Loves fettuccini', confidence: 0.85 };
    const refused = { code: 'BAD_RECORD' };
    for (const change of [
      { type: 'USER_GUESS' },
      { confidence: 0.5 },
      { confidence: 1.5 },
      { confirmation_count: 0 },
    ]) {
      await expect(memories.insertOne({ ...fine, ...change } as typeof fine)).rejects.toMatchObject(refused);
    }
    for (const type of ['USER_FACT', 'USER_PATTERN', 'SHARED_NARRATIVE'] as const) {
      for (const confidence of [0.6, 1]) await memories.insertOne({ ...fine, type, confidence });
    }
    await expect(memories.updateOne({ type: 'USER_FACT' }, { $set: { confidence: 2 } })).rejects.toMatchObject(refused);
    expect(await memories.count()).toBe(6);
  });
}
