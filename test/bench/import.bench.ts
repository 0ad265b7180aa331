/**
 * Imports a generated ChatGPT ZIP in a process of its own and reports peak memory, time and progress:
 * `node test/bench/import.bench.ts [--megabytes 2000] [--media 0.1] [--folder DIR] [--keep]`. Prints one JSON line.
 * `--media` is the share of the archive that is pictures: 0.1 is nearly all conversations, 0.85 what large downloads are.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../main/lib/clock.ts';
import { openVault } from '../../main/store/vault.ts';
import { createTransfer } from '../../main/transfer/create-transfer.ts';
import { generateChatgptZip } from './generate-chatgpt-zip.ts';

interface ImportFigures {
  readonly seconds: number;
  readonly stagedAfterSeconds: number;
  readonly peakMegabytes: number;
  readonly created: number;
  readonly messages: number;
  readonly failed: number;
  readonly progressEvents: number;
  readonly longestSilenceMs: number;
  /** Of the vault's own event loop, from the first byte to the closed vault. */
  readonly longestStallMs: number;
}

/**
 * The largest resident memory of this process, worker threads included. Not `resourceUsage().maxRSS`: on Linux that one
 * begins with what the parent process had when it started this one.
 */
function watchMemory(): { stop(): number } {
  let largest = 0;
  const sample = (): void => void (largest = Math.max(largest, process.memoryUsage.rss() / 1e6));
  const timer = setInterval(sample, 50);
  return {
    stop() {
      clearInterval(timer);
      sample();
      const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
      const kibibytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
      return Math.round(Math.max(largest, (kibibytes * 1024) / 1e6));
    },
  };
}

/** The child: one import into a new vault. */
async function importOnce(zip: string, root: string): Promise<ImportFigures> {
  const peak = watchMemory();
  const vault = await openVault({ root, mode: 'owner', create: true });
  const workerUrl = new URL('../../main/transfer/worker.ts', import.meta.url);
  const transfer = createTransfer({ vault, workerUrl, clock: systemClock });
  const stalls = monitorEventLoopDelay({ resolution: 5 });
  stalls.enable();
  const started = performance.now();
  let [events, lastEvent, silence, staged] = [0, started, 0, started];
  const receipt = await transfer.run(
    { path: zip, name: 'bench.zip' },
    {
      onProgress: ({ phase }) => {
        const now = performance.now();
        if (phase === 'staging') staged = now;
        events += 1;
        silence = Math.max(silence, now - lastEvent);
        lastEvent = now;
      },
    },
  );
  const seconds = (performance.now() - started) / 1000;
  await vault.close();
  return {
    seconds,
    stagedAfterSeconds: (staged - started) / 1000,
    peakMegabytes: peak.stop(),
    created: receipt.created,
    messages: receipt.messages.created,
    failed: receipt.failed.length,
    progressEvents: events,
    longestSilenceMs: Math.round(silence),
    longestStallMs: Math.round(stalls.max / 1e6),
  };
}

/** As package.json starts Almanac: 134 MB for young objects, which is what Node would take, hardly make an import quicker. */
const flags = ['--max-semi-space-size=16'];

async function inChild(zip: string, root: string): Promise<ImportFigures> {
  const child = spawn(process.execPath, [...flags, import.meta.filename, '--child', zip, root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return JSON.parse(text) as ImportFigures;
}

/** Generates an archive of this size, imports it, and checks that every conversation arrived. */
export async function benchImport(
  megabytes: number,
  mediaShare: number,
  folder: string,
): Promise<Record<string, number>> {
  mkdirSync(folder, { recursive: true });
  const zip = join(folder, `chatgpt-${megabytes}-${mediaShare}.zip`);
  const made = existsSync(zip) ? null : await generateChatgptZip(zip, { zipBytes: megabytes * 1e6, mediaShare });
  const vault = join(folder, `vault-${megabytes}`);
  rmSync(vault, { recursive: true, force: true });
  const figures = await inChild(zip, vault);
  if (made && (made.conversations !== figures.created || made.messages !== figures.messages)) {
    throw new Error(`The archive held ${made.conversations} conversations, and ${figures.created} were imported.`);
  }
  const zipBytes = statSync(zip).size;
  const json = made ? { jsonMegabytes: Math.round(made.jsonBytes / 1e6) } : {};
  return { zipMegabytes: Math.round(zipBytes / 1e6), ...json, ...figures };
}

const [, script, ...args] = process.argv;
if (script === import.meta.filename) {
  const valueOf = (name: string): string | undefined =>
    args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
  if (args[0] === '--child') {
    console.log(JSON.stringify(await importOnce(args[1] ?? '', args[2] ?? '')));
  } else {
    const given = valueOf('--folder');
    const folder = given ?? mkdtempSync(join(tmpdir(), 'almanac-bench-'));
    try {
      console.log(
        JSON.stringify(
          await benchImport(Number(valueOf('--megabytes') ?? 2000), Number(valueOf('--media') ?? 0.1), folder),
        ),
      );
    } finally {
      if (given === undefined && !args.includes('--keep')) rmSync(folder, { recursive: true, force: true });
    }
  }
}
