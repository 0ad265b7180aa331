import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../main/lib/clock.ts';
import { auditedCollections, withoutMeta } from '../../main/memory/audited-writes.ts';
import { genesis } from '../../main/memory/log/event.ts';
import { eventText } from '../../main/memory/log/event-text.ts';
import { replay } from '../../main/memory/log/replay.ts';
import { createMemory } from '../../main/memory/memory.ts';
import type { MemoryService } from '../../main/memory/types.ts';
import type { Committed, Committing } from '../../shared/store/commit.ts';
import type { Store } from '../../shared/store/store.ts';

const person = { who: 'USER:local', source: 'test' };
const START = Date.parse('2026-01-10T10:00:00.000Z');
const DAY_MS = 86_400_000;

interface Opened {
  readonly store: Store & Committing;
  readonly memory: MemoryService;
  readonly forward: (days: number) => void;
}

/** Seed 004 as the memory keeps it, on every store that commits several records at once. */
export function memoryContract(name: string, makeStore: (clock: Clock) => Promise<Store & Committing>): void {
  async function open(): Promise<Opened> {
    let nowMs = START;
    const clock = { now: () => nowMs };
    const store = await makeStore(clock);
    const memory = createMemory({ store, clock, replica: 'r1' });
    onTestFinished(async () => {
      memory.close();
      await store.close();
    });
    return { store, memory, forward: (days) => void (nowMs += days * DAY_MS) };
  }
  const it = (title: string, body: (opened: Opened) => Promise<void>): void =>
    test(`${name}: ${title}`, async () => body(await open()));

  it('004’s example: a fact with 0.85 is taken, one with 0.50 or 1.5 is refused and leaves no event', async (opened) => {
    const { memory, store } = opened;
    const fact = { type: 'USER_FACT', text: 'Loves fettuccini' } as const;
    for (const confidence of [0.5, 1.5]) {
      await expect(memory.add({ ...fact, confidence }, person)).rejects.toMatchObject({ code: 'BAD_RECORD' });
    }
    expect(await store.collection('memory_events').count()).toBe(0);
    const { memory: added } = await memory.add({ ...fact, confidence: 0.85 }, person);
    expect(added).toMatchObject({ confidence: 0.85, current_confidence: 0.85, state: 'active' });
    expect(await store.collection('memory_events').find()).toMatchObject([
      {
        event_type: 'MEMORY_ADDED',
        operation: { action: 'add_fact', memory_type: 'USER_FACT' },
        result: { success: true },
      },
    ]);
  });

  it('004’s windows: what nothing confirms lasts 30, 14 and 7 days by its type, and then sleeps', async (opened) => {
    const { memory, forward } = opened;
    const lasting = [
      ['SHARED_NARRATIVE', 7, 0.6],
      ['USER_PATTERN', 14, 0.75],
      ['USER_FACT', 30, 0.8],
    ] as const;
    // With the least confidence that each may be added with: what is surer lasts longer.
    for (const [type, , confidence] of lasting) await memory.add({ type, text: `A ${type}`, confidence }, person);
    const awake = async (): Promise<string[]> => (await memory.list({ state: 'active' })).map(({ type }) => type);
    let day = 0;
    for (const [at, [type, window]] of lasting.entries()) {
      forward(window - day);
      expect(await awake()).toContain(type);
      forward(1);
      day = window + 1;
      expect((await awake()).length).toBe(2 - at);
      expect((await memory.applyDecay({ who: 'JOB:decay' })).dormant).toHaveLength(1);
    }
  });

  it('each change and its event are one: the events are a chain, and replaying them gives what there is', async (opened) => {
    const { memory, store, forward } = opened;
    const ids: string[] = [];
    for (const text of ['Lives in Oslo', 'Plays the violin', 'Is vegan', 'Owns a boat', 'Hates flying']) {
      ids.push((await memory.add({ type: 'USER_FACT', text }, person)).memory.id);
    }
    const [oslo = '', violin = '', vegan = '', boat = '', flying = ''] = ids;
    await memory.confirm(oslo, person);
    forward(1);
    await memory.edit(violin, { text: 'Plays the viola' }, person);
    await memory.merge([vegan, boat], person);
    await memory.forget(flying, person);
    await memory.constrain({ share_with: ['discord_adapter'] }, person);
    await memory.put('memory_hubs', { hub_type: 'soft_identity', item_key: 'tone', payload: { tone: 'dry' } }, person);
    const events = await store.collection('memory_events').find({}, { sort: { event_sequence: 1 } });
    let before = genesis('r1').hash;
    for (const [at, event] of events.entries()) {
      expect(event).toMatchObject({ event_sequence: at + 1, prev_hash: before, hash: eventText(event).chain });
      before = event.hash;
    }
    const there: Record<string, unknown> = {};
    for (const collection of auditedCollections) {
      for (const record of await store.collection(collection).find())
        there[`${collection}/${record.id}`] = withoutMeta(record as Committed);
    }
    expect(Object.fromEntries(replay(events))).toEqual(there);
    expect(await memory.unlogged()).toEqual([]);
  });

  it('of two that change one memory at once, both are heard or one is refused; no change is without its event', async (opened) => {
    const { memory, store } = opened;
    const { memory: added } = await memory.add({ type: 'USER_FACT', text: 'Lives in Oslo' }, person);
    const other = createMemory({ store, clock: { now: () => START }, replica: 'r2' });
    onTestFinished(() => other.close());
    await Promise.allSettled([memory.confirm(added.id, person), other.edit(added.id, { pinned: true }, person)]);
    const record = await store.collection('memories').findOne({ id: added.id });
    const confirmations = (record?.confirmation_count ?? 1) - 1;
    const pins = record?.pinned === true ? 1 : 0;
    expect(await store.collection('memory_events').count()).toBe(1 + confirmations + pins);
    expect(confirmations + pins).toBeGreaterThan(0);
  });
}
