/**
 * The vault as a person uses it, at size: `node test/bench/vault.bench.ts [--conversations 5000] [--messages 20]
 * [--folder DIR] [--keep]`. Builds the vault through `ingest`, opens it in a process of its own, and reports medians.
 * Prints a table and writes test/bench/results/vault.json. Goals: list ≤ 300 ms, thread ≤ 150 ms, search ≤ 50 ms.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createConversations } from '../../main/conversations/conversations.ts';
import { systemClock } from '../../main/lib/clock.ts';
import { stderrLog } from '../../main/lib/log.ts';
import { createSearch } from '../../main/search/search.ts';
import type { Search } from '../../main/search/types.ts';
import type { Vault } from '../../main/store/types.ts';
import { openVault } from '../../main/store/vault.ts';
import { type ChatVaultSize, buildChatVault } from './chat-vault.ts';
import { randomText } from './random-text.ts';

interface Figure {
  readonly name: string;
  /** The process's own time for all repetitions together: what a busy machine does not distort. */
  readonly cpuMs: number;
  readonly medianMs: number;
  readonly worstMs: number;
  readonly goalMs: number | null;
}

const repetitions = 15;

async function measure(name: string, goalMs: number | null, work: (at: number) => Promise<unknown>): Promise<Figure> {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let at = 0; at < repetitions; at += 1) {
    const started = performance.now();
    await work(at);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const cpuMs = cpuSince(cpu);
  return { name, cpuMs, medianMs: times[repetitions >> 1] ?? 0, worstMs: times.at(-1) ?? 0, goalMs };
}

async function timed(name: string, goalMs: number | null, work: () => Promise<unknown>): Promise<Figure> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const ms = performance.now() - started;
  return { name, cpuMs: cpuSince(cpu), medianMs: ms, worstMs: ms, goalMs };
}

function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function measureVault(root: string, size: ChatVaultSize): Promise<Figure[]> {
  let vault: Vault | undefined;
  const figures: Figure[] = [];
  figures.push(await timed('open', null, async () => void (vault = await openVault({ root, mode: 'owner' }))));
  if (!vault) throw new Error('The vault did not open.');
  const open = vault;
  const conversations = createConversations({
    store: open,
    restoreTrash: (id) => open.restoreTrash(id),
    clock: systemClock,
  });
  const page = { view: 'active', offset: 0, limit: 100 } as const;
  const list = () => Promise.all([conversations.days({ view: 'active' }), conversations.list(page)]);
  figures.push(await timed('list and days, first', 300, list));
  figures.push(await measure('list and days, again', 5, list));
  const thread = (chat: number) => conversations.thread({ id: `chat-${chat % size.conversations}`, limit: 200 });
  figures.push(await timed('thread, first', 150, () => thread(7)));
  figures.push(await measure('thread, another each time', 150, (at) => thread(at * 311)));
  figures.push(
    await measure('list after a change', 50, async (at) => {
      await conversations.update({ id: `chat-${at}`, pinned: true });
      await list();
    }),
  );
  figures.push(...(await measureSearch(open)));
  conversations.close();
  await open.close();
  return figures;
}

async function measureSearch(vault: Vault): Promise<Figure[]> {
  const workerUrl = new URL('../../main/search/worker.ts', import.meta.url);
  const search = createSearch({ vault, workerUrl, clock: systemClock, log: stderrLog });
  const figures = [await timed('search: build', null, () => search.settled())];
  const { rare, common } = randomText(1);
  const query = (text: string) => search.query(text, { limit: 50 });
  figures.push(await measure('search: rare word', 50, () => query(rare)));
  figures.push(await measure('search: common word', 50, () => query(common[0])));
  figures.push(await measure('search: two common words', 50, () => query(`${common[0]} ${common[1]}`)));
  figures.push(await measure('search: common and rare', 50, () => query(`${common[0]} ${rare}`)));
  for (let length = 1; length <= 4; length += 1) {
    figures.push(await measure(`search: first ${length} letters`, 50, () => query(rare.slice(0, length))));
  }
  figures.push(await measure('search: no word in it', null, () => query('=>')));
  figures.push(await timed('search: one change found', null, () => changeAndFind(vault, search)));
  await search.close();
  return figures;
}

async function changeAndFind(vault: Vault, search: Search): Promise<void> {
  await vault.collection('messages').updateOne({ id: 'chat-1-1' }, { $set: { content: 'quetzalcoatlus' } });
  await search.settled();
  const { hits } = await search.query('quetzalcoatlus', { limit: 1 });
  if (hits[0]?.id !== 'chat-1-1') throw new Error('The changed message was not found.');
}

function megabytesIn(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return bytes / 1_000_000;
}

/** Runs the measurements in a new process, so that building leaves no trace in its memory. */
function inChild(root: string, size: ChatVaultSize): Promise<{ figures: Figure[]; rssMegabytes: number }> {
  const args = ['--measure', root, '--conversations', String(size.conversations), '--messages', String(size.messages)];
  const child = spawn(process.execPath, [import.meta.filename, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve, reject) => {
    child.on('exit', (code) =>
      code === 0
        ? resolve(JSON.parse(output) as { figures: Figure[]; rssMegabytes: number }) // what the child prints, below
        : reject(new Error(`The measuring process ended with ${code}.`)),
    );
  });
}

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '5000' },
    messages: { type: 'string', default: '20' },
    folder: { type: 'string' },
    keep: { type: 'boolean', default: false },
    measure: { type: 'string' },
  },
});
const size: ChatVaultSize = { conversations: Number(values.conversations), messages: Number(values.messages) };

if (values.measure !== undefined) {
  const figures = await measureVault(values.measure, size);
  console.log(JSON.stringify({ figures, rssMegabytes: process.resourceUsage().maxRSS / 1000 }));
} else {
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'almanac-bench-'));
  const root = join(folder, 'vault');
  try {
    const ingestMs = await buildChatVault(root, size);
    const { figures, rssMegabytes } = await inChild(root, size);
    const sizes = {
      vaultMegabytes: megabytesIn(join(root, 'data')),
      searchMegabytes: megabytesIn(join(root, '_search')),
      peakRssMegabytes: rssMegabytes,
    };
    console.table(
      [{ name: 'ingest', cpuMs: 0, medianMs: ingestMs, worstMs: ingestMs, goalMs: null }, ...figures].map((figure) => ({
        what: figure.name,
        'median ms': Number(figure.medianMs.toFixed(1)),
        'worst ms': Number(figure.worstMs.toFixed(1)),
        'cpu ms': Number(figure.cpuMs.toFixed(1)),
        'goal ms': figure.goalMs ?? '',
        met: figure.goalMs === null ? '' : figure.medianMs <= figure.goalMs ? 'yes' : 'NO',
      })),
    );
    console.log(sizes);
    const results = join(import.meta.dirname, 'results');
    mkdirSync(results, { recursive: true });
    const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
    writeFileSync(
      join(results, 'vault.json'),
      `${JSON.stringify({ machine, size, ingestMs, figures, ...sizes }, null, 2)}\n`,
    );
  } finally {
    if (!values.keep) rmSync(folder, { recursive: true, force: true });
  }
}
