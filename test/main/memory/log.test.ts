import fc from 'fast-check';
import { expect, test } from 'vitest';

import { auditedCollections, withoutMeta } from '../../../main/memory/audited-writes.ts';
import { replay } from '../../../main/memory/log/replay.ts';
import { createUnlogged } from '../../../main/memory/log/unlogged.ts';
import { type LogFileBytes, verifyInSlices, verifyLog } from '../../../main/memory/log/verify.ts';
import type { MemoryEvent } from '../../../shared/collections/memory_events.ts';
import type { Committed } from '../../../shared/store/commit.ts';
import { type MemoryVault, memoryVault, person, REPLICA, there } from './memory-vault.ts';

/** A vault with a log of some days and all kinds of events. */
async function eventful(): Promise<MemoryVault & { readonly ids: readonly string[] }> {
  const opened = await memoryVault();
  const { memory, clock } = opened;
  const ids: string[] = [];
  for (const text of ['Lives in Oslo', 'Plays the violin', 'Hates flying – “always”', 'Is vegan', 'Owns a boat']) {
    ids.push(
      (await memory.add({ type: 'USER_FACT', text, evidence: [{ message_id: `m${ids.length}` }] }, person)).memory.id,
    );
    clock.forward(0.4);
  }
  await memory.confirm(there(ids[0]), { ...person, why: 'Said again' });
  await memory.edit(there(ids[1]), { text: 'Plays the viola' }, person);
  clock.forward(1);
  await memory.forget(there(ids[2]), person);
  await memory.merge([there(ids[3]), there(ids[4])], person);
  await memory.constrain({ share_with: ['bot'] }, person);
  await memory.put('memory_hubs', { hub_type: 'soft_identity', item_key: 'tone', payload: { tone: 'dry' } }, person);
  return { ...opened, ids };
}

/** Everything that the log keeps track of, as the store has it. */
async function current({ vault }: MemoryVault): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const name of auditedCollections) {
    for (const record of await vault.collection(name).find())
      all[`${name}/${record.id}`] = withoutMeta(record as Committed);
  }
  return all;
}

async function replayed({ vault }: MemoryVault): Promise<Record<string, unknown>> {
  return Object.fromEntries(replay((await vault.collection('memory_events').find()) as MemoryEvent[]));
}

test('an untouched log verifies, over several days and with content taken out', async () => {
  const log = await eventful();
  const { ok, events, redacted, first_broken, chains } = await log.verify();
  expect({ ok, events, redacted, first_broken }).toEqual({ ok: true, events: 12, redacted: 1, first_broken: null });
  expect(chains).toMatchObject([{ replica: REPLICA, events: 12 }]);
  expect((await log.files()).length).toBeGreaterThan(2);
});

test('verified in slices it says the same, and others have their turn in between', async () => {
  const [file] = fileOf(linesOf(await (await eventful()).files()));
  const files = Array.from({ length: 5 }, () => there(file));
  let turns = 0;
  const slices = { pause: async () => void (turns += 1) };
  expect(await verifyInSlices(files, REPLICA, slices)).toEqual(verifyLog(files, REPLICA));
  const lines = linesOf(files).length;
  expect(await verifyInSlices(fileOf(linesOf(files)), REPLICA, slices)).toMatchObject({ ok: true });
  expect(turns).toBe(Math.floor(lines / 16));
});

test('of 10,000 changes of a byte, each is found, and in the line where it was made', async () => {
  const { memory, clock, files: read } = await memoryVault();
  const { memory: added } = await memory.add({ type: 'USER_FACT', text: 'Owns a “boat”' }, person);
  clock.forward(1);
  await memory.confirm(added.id, { ...person, why: 'Said again' });
  await memory.forget(added.id, person);
  const files = await read();
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  fc.assert(
    fc.property(fc.nat(total - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
      const { mutated, path, line } = mutate(files, place, change);
      const { ok, first_broken } = verifyLog(mutated, REPLICA);
      expect({ ok, path: first_broken?.path, line: first_broken?.line }).toEqual({ ok: false, path, line });
    }),
    { numRuns: 10_000 },
  );
});

function mutate(files: readonly LogFileBytes[], place: number, change: number) {
  let from = 0;
  for (const [at, { path, bytes }] of files.entries()) {
    if (place < from + bytes.length) {
      const copy = Uint8Array.from(bytes);
      const inside = place - from;
      copy[inside] = there(copy[inside]) ^ change;
      const line = bytes.subarray(0, inside).filter((byte) => byte === 0x0a).length + 1;
      return { mutated: files.with(at, { path, bytes: copy }), path, line };
    }
    from += bytes.length;
  }
  throw new Error('outside');
}

/** Lines of all files, to take apart and put together again. */
const linesOf = (files: readonly LogFileBytes[]) =>
  files.flatMap(({ path, bytes }) =>
    new TextDecoder()
      .decode(bytes)
      .trimEnd()
      .split('\n')
      .map((text) => ({ path, text })),
  );
const fileOf = (lines: readonly { readonly text: string }[]): LogFileBytes[] => [
  { path: 'log', bytes: new TextEncoder().encode(lines.map(({ text }) => `${text}\n`).join('')) },
];

test('an event that was taken out, doubled, or moved to another number is found', async () => {
  const lines = linesOf(await (await eventful()).files());
  expect(verifyLog(fileOf(lines), REPLICA).ok).toBe(true);
  const withoutFifth = verifyLog(fileOf(lines.toSpliced(5, 1)), REPLICA);
  expect(withoutFifth).toMatchObject({
    ok: false,
    first_broken: { reason: expect.stringMatching(/missing/) as string },
  });
  const first = there(lines[0]);
  expect(verifyLog(fileOf(lines.slice(1)), REPLICA)).toMatchObject({ ok: false, first_broken: { event_sequence: 2 } });
  // The same line once more is the same event.
  expect(verifyLog(fileOf([...lines, first]), REPLICA).ok).toBe(true);
});

test('the own chain has to be whole; of another copy’s, what is private there may be missing here', async () => {
  const lines = linesOf(await (await eventful()).files()).filter(({ text }) => !text.includes('"event_sequence":2,'));
  expect(verifyLog(fileOf(lines), REPLICA).ok).toBe(false);
  expect(verifyLog(fileOf(lines), 'r-other').ok).toBe(true);
});

test('content that is gone without anything being forgotten is found', async () => {
  const { vault, verify, ids } = await eventful();
  const key = `memories/${there(ids[0])}`;
  const event = there(await vault.collection('memory_events').findOne({ entity_key: key }));
  const { _meta, before: _b, after: _a, why: _w, salt: _s, ...bare } = event;
  await vault.commit([
    { op: 'replace', collection: 'memory_events', id: event.id, record: { ...bare, redacted: true } },
  ]);
  expect(await verify()).toMatchObject({
    ok: false,
    first_broken: { id: event.id, reason: 'its content is gone, and nothing says that it was forgotten' },
  });
});

test('the chain goes on after a restart', async () => {
  const { vault, clock, verify } = await eventful();
  const { createMemory } = await import('../../../main/memory/memory.ts');
  const again = createMemory({ store: vault, clock, replica: REPLICA });
  await again.add({ type: 'USER_FACT', text: 'Drives a van' }, person);
  again.close();
  expect(await verify()).toMatchObject({ ok: true, events: 13 });
});

test('replaying the log gives what there is', async () => {
  const log = await eventful();
  expect(await replayed(log)).toEqual(await current(log));
  expect(await log.memory.unlogged()).toEqual([]);
});

test('what an import or another program changed is noted by the daily job, and the replay is right again', async () => {
  const log = await eventful();
  const { vault, memory, ids } = log;
  await vault.collection('memories').insertOne({ id: 'imported', type: 'USER_FACT', text: 'Rows', confidence: 0.8 });
  await vault.collection('memories').updateOne({ id: there(ids[0]) }, { $set: { domain: 'homes' } });
  await vault.collection('memories').deleteOne({ id: there(ids[1]) });
  expect((await memory.unlogged()).sort()).toEqual(
    [`memories/${there(ids[0])}`, `memories/${there(ids[1])}`, 'memories/imported'].sort(),
  );
  expect((await memory.applyDecay({ who: 'JOB:decay' })).observed).toBe(3);
  expect(await memory.unlogged()).toEqual([]);
  expect(await replayed(log)).toEqual(await current(log));
  expect((await log.verify()).ok).toBe(true);
});

test('any day can be looked at, two can be compared, and one memory made again what it was', async () => {
  const { memory, clock, ids } = await eventful();
  const viola = there(ids[1]);
  expect((await memory.asOf('2026-02-28')).length).toBe(0);
  expect(await memory.asOf('2026-03-02', viola)).toMatchObject([{ state: { text: 'Plays the violin' } }]);
  expect(await memory.asOf('2026-03-10', viola)).toMatchObject([{ state: { text: 'Plays the viola' } }]);
  const differences = await memory.compareDays('2026-03-02', '2026-03-10');
  expect(differences.find(({ entity_key }) => entity_key === `memories/${viola}`)).toMatchObject({
    kind: 'changed',
    fields: ['text'],
  });
  expect(
    differences.filter(({ kind }) => kind === 'added').map(({ entity_key }) => entity_key.split('/')[0]),
  ).toContain('profiles');
  clock.forward(30);
  expect(await memory.restore(viola, person, '2026-03-02')).toMatchObject({ text: 'Plays the violin' });
  await expect(memory.restore(there(ids[2]), person, '2026-03-02')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await memory.restore(there(ids[4]), person, '2026-03-03')).toMatchObject({ text: 'Owns a boat' });
  await expect(memory.asOf('yesterday')).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('after two years the log is sealed: old events go, the chain verifies, and the states that only they knew stay', async () => {
  const log = await eventful();
  const { memory, clock, verify, ids } = log;
  expect(await memory.sealOld({ who: 'JOB:retention' })).toBe(false);
  clock.forward(400);
  await memory.confirm(there(ids[0]), person);
  clock.forward(400);
  const before = await current(log);
  expect(await memory.sealOld({ who: 'JOB:retention' })).toBe(true);
  expect(await current(log)).toEqual(before);
  expect(await replayed(log)).toEqual(before);
  const sealed = await verify();
  expect(sealed).toMatchObject({ ok: true, first_broken: null });
  expect(sealed.events).toBeLessThan(12);
  const events = await memory.log({ limit: 100 });
  expect(events.filter(({ created_at }) => created_at < '2026-12-01')).toEqual([]);
  expect(events.find(({ event_type }) => event_type === 'LOG_SEALED')?.after).toMatchObject({
    from_sequence: 1,
    to_sequence: 12,
    events: 12,
  });
  expect(await memory.asOf('2026-04-01', there(ids[1]))).toMatchObject([{ state: { text: 'Plays the viola' } }]);
  clock.forward(800);
  expect(await memory.sealOld({ who: 'JOB:retention' })).toBe(true);
  expect(await replayed(log)).toEqual(before);
  expect((await verify()).ok).toBe(true);
});

test('once the files are tidied up after a seal, the old events’ words are gone from the disk and the chain still verifies', async () => {
  const log = await eventful();
  const { memory, clock, vault, files } = log;
  const hasWords = async (words: string): Promise<boolean> =>
    (await files()).some(({ bytes }) => Buffer.from(bytes).includes(words));
  expect(await hasWords('Plays the violin')).toBe(true);
  clock.forward(800);
  expect(await memory.sealOld({ who: 'JOB:retention' })).toBe(true);
  await vault.compact();
  expect(await hasWords('Plays the violin')).toBe(false);
  expect(await hasWords('Plays the viola')).toBe(true);
  expect(await log.verify()).toMatchObject({ ok: true, first_broken: null });
  expect(await replayed(log)).toEqual(await current(log));
  await memory.add({ type: 'USER_FACT', text: 'Drives a van' }, person);
  expect(await log.verify()).toMatchObject({ ok: true });
});

const deeds = [
  'confirm',
  'contradict',
  'pin',
  'forget',
  'decay',
  'merge',
  'edit',
  'wait',
  'import',
  'foreign edit',
  'foreign delete',
  'propose',
  'migrate',
  'seal',
  'restore',
] as const;

type Step =
  | { readonly do: 'add'; readonly text: string }
  | {
      readonly do: (typeof deeds)[number];
      readonly at: number;
    };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('add' as const), text: fc.string({ minLength: 1, maxLength: 12 }) }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom(...deeds),
      at: fc.nat(9),
    }),
  },
);

const imported = (at: number) => ({ type: 'USER_FACT' as const, text: `Has thing ${at}`, confidence: 0.8 });
const discordProfile = {
  guild_id: '7',
  version: '1.0' as const,
  creative_profile: {
    memorable_facts: [
      { fact: 'Loves fettuccini', type: 'USER_FACT', confidence: 0.85, added_at: '2025-01-14T09:30:00.000Z' },
    ],
  },
};

async function doStep({ memory, clock, vault }: MemoryVault, step: Step, ids: string[]): Promise<void> {
  if (step.do === 'add') {
    ids.push((await memory.add({ type: 'USER_FACT', text: step.text, anyway: true }, person)).memory.id);
    return;
  }
  const id = ids[step.at % Math.max(1, ids.length)] ?? 'none';
  const other = ids[(step.at + 1) % Math.max(1, ids.length)] ?? 'none';
  const memories = vault.collection('memories');
  if (step.do === 'wait') clock.forward(step.at * 90);
  else if (step.do === 'decay') await memory.applyDecay({ who: 'JOB:decay' });
  else if (step.do === 'pin') await memory.edit(id, { pinned: true }, person);
  else if (step.do === 'edit') await memory.edit(id, { text: `Edited ${step.at}` }, person);
  else if (step.do === 'merge') await memory.merge([id, other], person);
  else if (step.do === 'seal') await memory.sealOld({ who: 'JOB:retention' });
  else if (step.do === 'restore') await memory.restore(id, person, new Date(clock.now()).toISOString().slice(0, 10));
  else if (step.do === 'import') ids.push((await memories.insertOne(imported(step.at))).insertedId);
  else if (step.do === 'foreign edit') await memories.updateOne({ id }, { $set: { domain: `d${step.at}` } });
  else if (step.do === 'foreign delete') await memories.deleteOne({ id });
  else if (step.do === 'migrate') {
    await vault.collection('profiles').insertOne({ ...discordProfile, user_id: String(step.at) });
    await memory.profile(`USER:${step.at}`, 'TENANT:7');
  } else if (step.do === 'propose') {
    const { type, text, confidence } = imported(step.at);
    const evidence = [{ message_id: `m${step.at}`, quote: text }];
    ids.push(
      ...(await memory.propose([{ type, text, confidence, evidence, rule: 'r' }], person)).proposed.map(
        (each) => each.id,
      ),
    );
  } else await memory[step.do](id, person);
}

test('whatever is done, replaying the log gives what there is, and the log verifies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
      const log = await memoryVault();
      const ids: string[] = [];
      // Steps that are refused (nothing to change, forgotten, merged away) change nothing.
      for (const step of steps) await doStep(log, step, ids).catch(() => undefined);
      // What other programs did is noted by the daily job.
      await log.memory.applyDecay({ who: 'JOB:decay' });
      expect(await replayed(log)).toEqual(await current(log));
      expect(await log.memory.unlogged()).toEqual([]);
      // What was compared bit by bit is what comparing all gives.
      const fresh = createUnlogged(log.vault);
      expect(await fresh.check()).toEqual([]);
      fresh.close();
      expect((await log.verify()).ok).toBe(true);
      await log.vault.close();
    }),
    { numRuns: 12 },
  );
});
