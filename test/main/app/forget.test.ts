import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { openMemory } from '../../../main/app/open-memory.ts';
import { workerFiles } from '../../../main/app/worker-files.ts';
import { silentLog } from '../../../main/lib/log.ts';
import type { MemoryService } from '../../../main/memory/types.ts';
import { createSearch } from '../../../main/search/search.ts';
import { nodeFs } from '../../../main/store/node-fs.ts';
import { runDoctor } from '../../../main/store/doctor/doctor.ts';
import { createTimeSlices } from '../../../main/store/time-slices.ts';
import type { Vault } from '../../../main/store/types.ts';
import { createLastGood } from '../../../main/store/watch/last-good.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { handClock, person, there } from '../memory/memory-vault.ts';
import { openTestVault } from '../store/open-test-vault.ts';
import { newState, pushAll } from '../store/ledger/ledger-bench.ts';
import { CANARY, filesWithCanary } from './forget-bench.ts';

const WHOSE = { subject: 'USER:1', tenant: 'TENANT:1' };
/** With all that files may write in more ways than one. */
const TEXT = `Lives in "Zürich"/Ωmega, ${CANARY}`;
const SENTENCE = `Well, I do live in Zürich, by the ${CANARY}.`;
const DAY = '2026/03/01';

function write(root: string, path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), bytes);
}

function fact(text: string, added_at: string): object {
  return { fact: text, type: 'USER_FACT', confidence: 0.9, added_at };
}

/** A profile of 004 whose one fact becomes the memory. Its document as it was stays in the profile. */
async function migratedMemory(vault: Vault, memory: MemoryService): Promise<string> {
  const at = '2026-03-01T09:00:00.000Z';
  await vault.collection('profiles').insertOne({
    id: 'p1',
    user_id: '1',
    guild_id: '1',
    created_at: at,
    version: '1.0',
    creative_profile: { memorable_facts: [fact(TEXT, at)] },
  });
  await memory.profile(WHOSE.subject, WHOSE.tenant);
  return there((await memory.list(WHOSE))[0]).id;
}

function conflictAbout(id: string): Record<string, unknown> {
  const side = { text: `${TEXT} (theirs)` };
  const at = '2026-03-01T09:00:00.000Z';
  const revs = { losing_rev: '2-a', winner_rev: '2-b' };
  const whole = { base: side, mine: side, theirs: side, fields: ['text'], ...revs, replica: 'r', at };
  return { id: 'c1', collection: 'memories', record_id: id, reason: 'field-clash', ...whole };
}

/** What an open app keeps; the test does not wait for it to come by. */
async function keepLastGood(vault: Vault): Promise<void> {
  await vault.settleFiles();
  const good = createLastGood({ fs: nodeFs, root: vault.root, slices: createTimeSlices() });
  for (const collection of ['memories', 'memory_events'] as const) {
    const files = [...vault.files([collection])].map(({ path }) => {
      const bytes = readFileSync(join(vault.root, path));
      return [path.slice(`data/${collection}/`.length), { bytes: bytes.length, crc: crc32(bytes) }] as const;
    });
    await good.keep(collection, DAY, new Map(files));
  }
}

/** What was set aside, discarded, and deleted from the log: by hand, byte by byte. */
function leaveTraces(root: string, id: string): void {
  const story = (origin: string): string =>
    JSON.stringify({ origin, reason: 'not JSON', at: '2026-03-01T09:00:00.000Z' });
  write(root, '_quarantine/q1.bin', Buffer.from(`\ufeff{"text": ${JSON.stringify(TEXT)}`, 'utf16le'));
  write(root, '_quarantine/q1.json', story(`data/memories/${DAY}/${id}.json`));
  write(root, '_quarantine/q2.bin', `{"s":7,"o":[{"text":${JSON.stringify(TEXT)},"id":"else"`);
  write(root, '_quarantine/q2.json', story('_wal/0000000001.log from byte 20'));
  const escaped = JSON.stringify(TEXT).replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  write(root, '_trash/quarantine-x/quarantine/q3.bin', `torn {"text":${escaped.replaceAll('/', '\\/')}`);
  write(root, '_trash/quarantine-x/quarantine/q3.json', story(`data/memories/${DAY}/${id}.json`));
  const event = { id: 'old', replica: 'r', after: { text: TEXT }, created_at: '2024-01-01T00:00:00.000Z' };
  write(root, `_trash/sealed/memory_events/${DAY}/r.ndjson`, `${JSON.stringify(event)}\n{"torn ${SENTENCE}`);
}

test('nothing of what was forgotten is left in any byte of the vault, and it was in all of these places', async () => {
  const clock = handClock();
  const root = tempFolder();
  const first = await openTestVault(root, { clock });
  await first.collection('memories').createIndex({ text: 1 });
  await first.close();
  const vault = await openTestVault(root, { clock });
  await vault.ledger().commit({ steps: [], state: newState });
  const search = createSearch({ vault, workerUrl: workerFiles.search, clock, log: silentLog });
  onTestFinished(() => search.close());
  const memory = openMemory(vault, clock, (keys) => search.purge(keys));

  const id = await migratedMemory(vault, memory.service);
  const merged = (await memory.service.add({ ...WHOSE, type: 'USER_FACT', text: `${TEXT}, too`, anyway: true }, person))
    .memory.id;
  await memory.service.merge([id, merged], person);
  const quote = { message_id: 'm1', quote: SENTENCE };
  await memory.service.confirm(id, person, [quote]);
  const same = (
    await memory.service.add({ ...WHOSE, type: 'USER_PATTERN', text: TEXT.toUpperCase(), anyway: true }, person)
  ).memory.id;
  const other = (await memory.service.add({ type: 'USER_FACT', text: 'Has two cats', evidence: [quote] }, person))
    .memory.id;
  const { proposed } = await memory.service.propose(
    [{ type: 'USER_FACT', text: 'Owns a boat', confidence: 0.8, rule: 'own', evidence: [quote] }],
    person,
  );
  await vault.collection('conflicts').insertOne(conflictAbout(id));
  await pushAll(vault.ledger());
  await keepLastGood(vault);
  leaveTraces(root, id);
  await vault.rebuild();
  await search.settled();
  // The team has the version before, which is kept for a merge; the last of all is in the vault's log alone.
  await memory.service.edit(id, { domain: 'home', why: undefined } as never, {
    ...person,
    why: `Because of ${CANARY}`,
  });
  await vault.settleFiles();
  await memory.service.edit(id, { pinned: true }, person);

  const places = filesWithCanary(root).map((path) => path.replaceAll(/[0-9a-f-]{36}|\d{10}/g, '*'));
  for (const place of [
    `data/memories/${DAY}/*.json`,
    `data/memory_events/${DAY}/`,
    `data/profiles/${DAY}/p1.json`,
    'data/conflicts/',
    'data/sync_bases/',
    'data/memories/_index.json',
    '_good/memories/',
    '_good/memory_events/',
    '_trash/*/memories/',
    '_trash/quarantine-x/quarantine/q3.bin',
    '_trash/sealed/memory_events/',
    '_quarantine/q1.bin',
    '_quarantine/q2.bin',
    '_wal/',
    '_search/index.sqlite',
  ])
    expect(
      places.filter((path) => path.startsWith(place)),
      place,
    ).not.toEqual([]);

  const forgotten = await memory.service.forget(id, person);
  expect(forgotten).toMatchObject({
    also_forgotten: [same],
    still_says: [],
    pending: null,
    purged: expect.anything() as object,
  });
  for (const found of Object.values(there(forgotten.purged))) expect(found).toBeGreaterThan(0);
  expect(filesWithCanary(root)).toEqual([]);

  expect(await memory.verify()).toMatchObject({ ok: true, first_broken: null });
  expect(await memory.service.show(other)).toMatchObject({ text: 'Has two cats', evidence: [{ message_id: 'm1' }] });
  expect(await memory.service.show(there(proposed[0]).id)).toMatchObject({
    state: 'proposed',
    evidence: [{ message_id: 'm1' }],
  });
  expect(await memory.service.unlogged()).toEqual([]);
  expect((await search.query(CANARY, { limit: 5 })).hits).toEqual([]);
  await search.settled();
  await search.close();
  await vault.close();
  expect(filesWithCanary(root)).toEqual([]);
  const again = await openTestVault(root, { clock });
  expect(
    (await runDoctor({ vault: again, clock, repair: false })).findings.filter(({ severity }) => severity === 'error'),
  ).toEqual([]);
  await again.rebuild();
  expect(await openMemory(again, clock, async () => undefined).verify()).toMatchObject({ ok: true });
  expect(filesWithCanary(root)).toEqual([]);
});
