/**
 * What watching for other programs' edits costs the process that owns the vault:
 * `node --expose-gc test/bench/watch.bench.ts [--records 100000] [--shape chats|documents]`.
 * Goals: ≤ 20 MB for watching, no stall above 50 ms, at any size. A child opens the vault, rests, then watches it for the
 * first time (everything is compared, and last good versions are packed) and compares everything once more.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { must } from '../../shared/assert.ts';
import { openVault } from '../../main/store/vault.ts';
import { buildChatVault } from './chat-vault.ts';

const MESSAGES = 19;
const MEGABYTE = 1024 * 1024;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Figures {
  readonly seconds: number;
  readonly longestStallMs: number;
  /** Of the process, above what it had before it watched: at most meanwhile, and after a collection. */
  readonly peakMb: number;
  readonly restMb: number;
  readonly heapMb: number;
}

function memory(): { readonly rss: number; readonly heap: number } {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

async function measured(before: ReturnType<typeof memory>, work: () => Promise<void>): Promise<Figures> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let peak = 0;
  const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  const started = performance.now();
  delay.enable();
  await work();
  delay.disable();
  clearInterval(sampling);
  const seconds = (performance.now() - started) / 1000;
  const after = memory();
  const mb = (bytes: number): number => Math.round((bytes / MEGABYTE) * 10) / 10;
  return {
    seconds: Math.round(seconds * 10) / 10,
    longestStallMs: Math.round(delay.max / 1e6 - 1),
    peakMb: mb(peak - before.rss),
    restMb: mb(after.rss - before.rss),
    heapMb: mb(after.heap - before.heap),
  };
}

async function watch(root: string): Promise<void> {
  const vault = await openVault({ root, mode: 'owner' });
  // Indexes that nobody has asked for are filled meanwhile: they are not the watcher's.
  await sleep(8_000);
  const before = memory();
  const figures: Record<string, Figures> = {};
  figures['at rest'] = await measured(before, () => sleep(2_000));
  const edits = must(await vault.watchFiles({ delays: { firstMs: 1, fullMs: 1e9 }, random: () => 0.5 }), 'the watcher');
  figures['first comparison and packing'] = await measured(before, async () => {
    await edits.ready();
    await sleep(100);
    await edits.idle();
  });
  figures['one more comparison'] = await measured(before, () => edits.rescan(''));
  console.log(JSON.stringify({ watched: edits.state, figures }));
  await vault.close();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { records: { type: 'string', default: '100000' }, shape: { type: 'string', default: 'chats' }, child: { type: 'string' } }, // prettier-ignore
  });
  if (values.child !== undefined) return watch(values.child);
  const folder = mkdtempSync(join(tmpdir(), 'almanac-watch-bench-'));
  try {
    const records = Number(values.records);
    const messages = values.shape === 'documents' ? 0 : MESSAGES;
    await buildChatVault(folder, { conversations: Math.round(records / (messages + 1)), messages });
    const answer = execFileSync(process.execPath, ['--expose-gc', import.meta.filename, '--child', folder], { encoding: 'utf8' }); // prettier-ignore
    const { watched, figures } = JSON.parse(answer) as { watched: unknown; figures: Record<string, Figures> };
    console.log(`${records} records, ${values.shape}: ${JSON.stringify(watched)}`);
    console.table(figures);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
