import { Worker } from 'node:worker_threads';
import type { CrashReport } from '../main/store/crash-states.ts';
import { type Progress, readProgress, writeProgress } from './progress.ts';

export type CrashAnswer =
  { readonly seed: number; readonly report: CrashReport } | { readonly seed: number; readonly violation: string };

export interface CrashSoakOptions {
  /** Stop once so many states have been checked, those of earlier runs among them. */
  readonly states: number;
  readonly workers: number;
  /** Forget earlier runs, and begin at this seed. */
  readonly from?: number | undefined;
}

/** The seeds below belong to the tests. */
const FIRST_SEED = 10_001;
/** Larger than the usual one: what an opening leaves behind dies young. */
const YOUNG_MB = 96;

/** Crash enumeration seed by seed in worker threads; goes on where the last run stopped. Returns whether all held. */
export async function soakCrashes({ states, workers, from }: CrashSoakOptions): Promise<boolean> {
  const progress = from === undefined ? readProgress('crash', FIRST_SEED) : newProgress(from);
  const startedMs = performance.now();
  const begun = { states: progress.totals['states'] ?? 0, seconds: progress.seconds };
  let violation: string | undefined;
  let next = progress.next;
  const nextSeed = (): number => {
    while (progress.done.has(next)) next += 1;
    return next++;
  };
  const note = (answer: CrashAnswer): void => {
    if ('violation' in answer) {
      violation ??= `seed ${answer.seed}: ${answer.violation}`;
      return;
    }
    for (const [name, value] of Object.entries(answer.report))
      progress.totals[name] = (progress.totals[name] ?? 0) + Number(value);
    progress.done.add(answer.seed);
    progress.seconds = begun.seconds + (performance.now() - startedMs) / 1000;
  };
  const isDone = (): boolean => violation !== undefined || (progress.totals['states'] ?? 0) >= states;
  const reporter = setInterval(() => {
    writeProgress('crash', progress);
    process.stdout.write(`${lineOf(progress)}\n`);
  }, 15_000);
  await Promise.all(Array.from({ length: workers }, () => runWorker(nextSeed, note, isDone)));
  clearInterval(reporter);
  writeProgress('crash', progress);
  const spent = (performance.now() - startedMs) / 1000;
  const checked = (progress.totals['states'] ?? 0) - begun.states;
  process.stdout.write(
    `${lineOf(progress)}\nthis run: ${checked} states in ${spent.toFixed(0)} s (${(checked / spent).toFixed(0)}/s)\n`,
  );
  if (violation !== undefined) process.stdout.write(`VIOLATION ${violation}\n`);
  return violation === undefined;
}

function newProgress(next: number): Progress {
  return { next, done: new Set(), totals: {}, seconds: 0 };
}

function lineOf({ totals, seconds, done, next }: Progress): string {
  const counted = Object.entries(totals).map(([name, value]) => `${name} ${value}`);
  return `${counted.join(', ')}; seeds up to ${next + done.size - 1}, ${seconds.toFixed(0)} s in all`;
}

function runWorker(nextSeed: () => number, note: (answer: CrashAnswer) => void, isDone: () => boolean): Promise<void> {
  const worker = new Worker(new URL('./crash-worker.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve());
    const give = (): void => worker.postMessage(nextSeed());
    worker.on('message', (answer: CrashAnswer) => {
      note(answer);
      if (isDone()) void worker.terminate();
      else give();
    });
    give();
  });
}
