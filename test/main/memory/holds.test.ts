import { expect, onTestFinished, test } from 'vitest';
import { createMemory } from '../../../main/memory/memory.ts';
import { type RedactionChoice, USUAL_REDACTION } from '../../../main/memory/redact.ts';
import type { MemoryService } from '../../../main/memory/types.ts';
import type { Vault } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from '../store/open-test-vault.ts';
import { newState, pushAll } from '../store/ledger/ledger-bench.ts';
import { type HandClock, handClock, person, there } from './memory-vault.ts';

interface Bench {
  readonly vault: Vault;
  readonly clock: HandClock;
  readonly memory: MemoryService;
  redaction: RedactionChoice;
  /** Ids of memories, and how many events, that wait to be sent. */
  waiting(): Promise<{ readonly memories: readonly string[]; readonly events: number }>;
}

async function opened(): Promise<Bench> {
  const clock = handClock();
  const vault = await openTestVault(tempFolder(), { clock });
  const ledger = vault.ledger();
  await ledger.commit({ steps: [], state: newState });
  const bench: Bench = {
    vault,
    clock,
    redaction: USUAL_REDACTION,
    memory: createMemory({ store: vault, clock, replica: ledger.replica, redaction: () => bench.redaction }),
    async waiting() {
      const events = await ledger.dirty('memory_events', 100);
      return { memories: await ledger.dirty('memories', 100), events: events.length };
    },
  };
  onTestFinished(() => bench.memory.close());
  return bench;
}

async function addTo(
  { memory }: Bench,
  text: string,
  type: 'USER_FACT' | 'USER_PATTERN' = 'USER_FACT',
): Promise<string> {
  return (await memory.add({ type, text }, person)).memory.id;
}

test('each constraint that forbids giving keeps memories from the team, and what was said of them', async () => {
  const bench = await opened();
  const { memory } = bench;
  const [fact, pattern] = [await addTo(bench, 'Likes tea'), await addTo(bench, 'Reads late', 'USER_PATTERN')];
  expect(await bench.waiting()).toEqual({ memories: [fact, pattern], events: 2 });
  await memory.constrain({ learn_patterns: false }, person);
  // The event of the profile's change goes; it tells of no memory.
  expect(await bench.waiting()).toEqual({ memories: [fact], events: 2 });
  await memory.constrain({ memory_enabled: false }, person);
  expect((await bench.waiting()).memories).toEqual([]);
  await memory.constrain({ memory_enabled: true, learn_patterns: true, anonymize_dates: true }, person);
  expect((await bench.waiting()).memories).toEqual([]);
  expect(there(await bench.vault.collection('memories').findOne({ id: fact })).held).toContain('anonymize_dates');
  await memory.constrain({ anonymize_dates: false }, person);
  expect([...(await bench.waiting()).memories].sort()).toEqual([fact, pattern].sort());
  expect(there(await bench.vault.collection('memories').findOne({ id: fact })).held).toBeUndefined();
});

test('a memory that the team has is taken back, with its events, and the vault keeps both', async () => {
  const bench = await opened();
  const id = await addTo(bench, 'Likes tea');
  await pushAll(bench.vault.ledger());
  await bench.memory.edit(id, { scope: 'device' }, person);
  const ledger = bench.vault.ledger();
  const ids = await ledger.dirty('memory_events', 10);
  expect(ids).toHaveLength(1);
  for (const [name, waiting] of [
    ['memories', [id]],
    ['memory_events', ids],
  ] as const) {
    for (const { local, withheld } of (await ledger.read(name, waiting)).values()) {
      expect(withheld).toBe(true);
      expect(local?._meta.del).toBe(true);
      expect(JSON.stringify(local)).not.toContain('tea');
    }
  }
  expect(await bench.memory.show(id)).toMatchObject({ text: 'Likes tea', scope: 'device' });
  expect(await bench.memory.log({ id })).toHaveLength(2);
});

test('a memory with personal data that the person keeps from the team is not sent; others are', async () => {
  const bench = await opened();
  bench.redaction = { ...USUAL_REDACTION, sync: ['email', 'badge'], own: [{ name: 'badge', pattern: 'B-\\d{4}' }] };
  const [plain] = [
    await addTo(bench, 'Likes tea'),
    await addTo(bench, 'Is ann@example.org'),
    await addTo(bench, 'Has B-1234'),
  ];
  expect((await bench.waiting()).memories).toEqual([plain]);
  bench.redaction = USUAL_REDACTION;
  expect(await bench.memory.reviewHolds(person)).toBe(2);
  expect((await bench.waiting()).memories).toHaveLength(3);
  expect(await bench.memory.reviewHolds(person)).toBe(0);
});

test('what was held is forgotten without the team hearing of it', async () => {
  const bench = await opened();
  await bench.memory.constrain({ anonymize_dates: true }, person);
  const before = (await bench.waiting()).events;
  const id = await addTo(bench, 'Likes tea');
  await bench.memory.forget(id, person);
  expect(await bench.waiting()).toEqual({ memories: [], events: before });
});

test('an export gives each what they may have, without days and personal data where these are kept back', async () => {
  const bench = await opened();
  const { memory } = bench;
  await addTo(bench, 'Born 3 March 1990, ann@example.org');
  const secret = await addTo(bench, 'Has a secret');
  await memory.edit(secret, { scope: 'private' }, person);
  const forProgram = { audience: { kind: 'program', name: 'helper' } } as const;
  expect(await memory.export(forProgram)).toMatchObject({
    memories: 0,
    withheld: { 'share_with does not name helper': 1, 'its scope is private': 1 },
  });
  expect((await memory.export()).memories).toBe(2);
  await memory.constrain({ share_with: ['helper'], anonymize_dates: true }, person);
  bench.redaction = { ...USUAL_REDACTION, exports: ['email'] };
  const { document, memories } = await memory.export(forProgram);
  expect(memories).toBe(1);
  expect(document).toMatchObject({
    version: '1.1',
    creative_profile: { memorable_facts: [{ fact: 'Born March 1990, [email]', added_at: '2026-03' }] },
  });
  expect(JSON.stringify(document)).not.toMatch(/secret|2026-03-01|held|_meta/);
  await memory.constrain({ delete_after_days: 5 }, person);
  bench.clock.forward(6);
  expect(await memory.export(forProgram)).toMatchObject({ memories: 0, withheld: { 'delete_after_days is over': 2 } });
  await memory.constrain({ memory_enabled: false }, person);
  expect(await memory.export()).toMatchObject({ memories: 0, withheld: { 'memory_enabled is off': 2 } });
});
