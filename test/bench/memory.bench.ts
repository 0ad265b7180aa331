/**
 * The memory at size: `node test/bench/memory.bench.ts [MEMORIES] [--without-hygiene]`, 10,000 unless told. A vault on disk,
 * filled through the service's own store; medians in milliseconds, by the clock and of the process alone. The longest turn
 * is the most processor time for which nothing else in the process had its turn. Goals: recall under 20 ms at 10,000
 * memories, at least 50,000 events a second verified, no turn of a job longer than 50 ms.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { genesis, nextEvent } from '../../main/memory/log/event.ts';
import { verifyInSlices } from '../../main/memory/log/verify.ts';
import { createTimeSlices } from '../../main/lib/time-slices.ts';
import { createMemory } from '../../main/memory/memory.ts';
import { nodeFs } from '../../main/store/node-fs.ts';
import { openVault } from '../../main/store/vault.ts';
import type { Vault } from '../../main/store/types.ts';
import { memoryTypes } from '../../shared/collections/memories.ts';

const size = Number(process.argv[2] ?? 10_000);
const isHygieneAsked = !process.argv.includes('--without-hygiene');
const NOW = Date.parse('2026-03-01T10:00:00.000Z');
const SPREAD_DAYS = 40;
const clock = { now: () => NOW };
const REPLICA = 'r-bench';

let state = 7;
function random(limit: number): number {
  state = (state * 48_271) % 2_147_483_647;
  return state % limit;
}

const verbs = [
  'Likes',
  'Lives near',
  'Works with',
  'Often reads about',
  'Never forgets',
  'Plans',
  'Collects',
  'Teaches',
];
const syllables = 'ka lo mi ter van sel bro qui dan fe rus to pel mar gin'.split(' ');
function word(): string {
  return Array.from({ length: 2 + random(2) }, () => syllables[random(syllables.length)]).join('');
}

function memoryAt(number: number) {
  const at = new Date(NOW - random(SPREAD_DAYS * 86_400) * 1000).toISOString();
  const text = `${verbs[random(verbs.length)]} ${word()} ${word()} and ${word()} in ${word()}`;
  return {
    id: `m${String(number).padStart(7, '0')}`,
    type: memoryTypes[random(3)] ?? 'USER_FACT',
    text,
    confidence: 0.8 + random(20) / 100,
    created_at: at,
    updated_at: at,
    added_at: at,
    confirmation_count: 1 + random(4),
    evidence: [{ message_id: `msg${number}`, conversation_id: `c${random(500)}`, quote: text }],
    state: 'active' as const,
  };
}

async function fill(vault: Vault): Promise<void> {
  let head = genesis(REPLICA);
  const memories = Array.from({ length: size }, (_, number) => memoryAt(number)).sort((a, b) =>
    a.added_at < b.added_at ? -1 : 1,
  );
  for (let from = 0; from < size; from += 500) {
    const some = memories.slice(from, from + 500);
    const events = some.map((memory) => {
      const next = nextEvent(REPLICA, head, draftOf(memory), memory.added_at);
      head = next.head;
      return next.event;
    });
    await vault.commit([
      ...some.map((draft) => ({ op: 'insert', collection: 'memories', draft }) as const),
      ...events.map((draft) => ({ op: 'insert', collection: 'memory_events', draft }) as const),
    ]);
  }
}

function draftOf(memory: ReturnType<typeof memoryAt>): Parameters<typeof nextEvent>[2] {
  return {
    id: `e-${memory.id}`,
    event_type: 'MEMORY_ADDED',
    subject_id: 'USER:local',
    tenant_id: 'TENANT:local',
    invoker_subject_id: 'USER:local',
    entity_key: `memories/${memory.id}`,
    operation: { action: 'add_fact', memory_type: memory.type },
    before: null,
    after: memory,
    why: null,
    result: { success: true, duration_ms: 1, affected_documents: 1, error: null },
  };
}

/** Of this process, in ms: what others do on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Measures how much of the processor each turn of the event loop takes. */
function watchTurns(): { stop(): Promise<number> } {
  let [longest, last, isDone] = [0, cpuMs(), false];
  const tick = (): void => {
    const now = cpuMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setImmediate(tick);
  };
  setImmediate(tick);
  return {
    async stop() {
      isDone = true;
      await new Promise((resolve) => setImmediate(resolve));
      return longest;
    },
  };
}

async function measure(name: string, repetitions: number, work: () => Promise<unknown>): Promise<void> {
  const [wall, cpu]: [number[], number[]] = [[], []];
  const turns = watchTurns();
  for (let at = 0; at < repetitions; at += 1) {
    const [from, cpuFrom] = [performance.now(), cpuMs()];
    await work();
    wall.push(performance.now() - from);
    cpu.push(cpuMs() - cpuFrom);
  }
  const longest = await turns.stop();
  const of = (times: readonly number[], share: number): string =>
    (times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? 0).toFixed(2).padStart(9);
  console.log(
    `${name.padEnd(40)} median ${of(wall, 0.5)}   p95 ${of(wall, 0.95)}   CPU median ${of(cpu, 0.5)} ms   longest turn ${longest.toFixed(0)} ms`,
  );
}

const root = mkdtempSync(join(tmpdir(), 'almanac-memory-bench-'));
try {
  const vault = await openVault({ root, mode: 'owner', create: true, clock });
  await fill(vault);
  await vault.settleFiles();
  console.log(`${size} memories and as many events`);
  const memory = createMemory({ store: vault, clock, replica: REPLICA });
  await measure('first list (reads every memory)', 1, () => memory.list());
  await measure('list', 20, () => memory.list());
  await measure('recall, 6 words', 200, () => memory.recall(`What about ${word()} ${word()} ${word()} and ${word()}?`));
  await measure('recall, verbs that thousands have', 50, () =>
    memory.recall('likes plans collects teaches works lives'),
  );
  await measure('add', 50, () =>
    memory.add({ type: 'USER_FACT', text: `${word()} ${word()} ${word()}`, anyway: true }, { who: 'B' }),
  );
  if (isHygieneAsked) await measure('hygiene', 1, () => memory.hygiene());
  await measure('as of a day', 1, () => memory.asOf('2026-02-20'));
  await measure('decay job, first', 1, () => memory.applyDecay({ who: 'JOB' }));
  await measure('decay job, nothing to do', 3, () => memory.applyDecay({ who: 'JOB' }));
  await vault.settleFiles();
  const paths = [...vault.files(['memory_events'])].map(({ path }) => path).sort();
  const files = paths.map((path) => ({ path, bytes: nodeFs.readFile(join(root, path)) }));
  for (let pass = 1; pass <= 3; pass += 1) {
    const from = cpuMs();
    const turns = watchTurns();
    const { ok, events } = await verifyInSlices(files, REPLICA, createTimeSlices());
    const longest = await turns.stop();
    const rate = Math.round(events / ((cpuMs() - from) / 1000));
    console.log(`verify: ok ${ok}, ${events} events, ${rate} a second of CPU, longest turn ${longest.toFixed(0)} ms`);
  }
  memory.close();
  await vault.close();
} finally {
  rmSync(root, { recursive: true, force: true });
}
