import { Worker } from 'node:worker_threads';
import { type Progress, readProgress, writeProgress } from './progress.ts';

export type SyncAnswer =
  | { readonly from: number; readonly report: { readonly histories: number; readonly conflicts: number } }
  | { readonly from: number; readonly violation: string };

export interface SyncSoakOptions {
  /** Stop once so many histories have been run, those of earlier runs among them. */
  readonly histories: number;
  readonly workers: number;
  /** Forget earlier runs, and begin with the batch of this number. */
  readonly from?: number | undefined;
}

/** A seed's batch: seeds below a million belong to the tests. */
const BATCH = 500;
const FIRST_SEED = 1_000_000;

/** Histories of replicas and a server, batch by batch in worker threads; goes on where the last run stopped. */
export async function soakSync({ histories, workers, from }: SyncSoakOptions): Promise<boolean> {
  const progress: Progress =
    from === undefined ? readProgress('sync') : { next: from, done: new Set(), totals: {}, seconds: 0 };
  const startedMs = performance.now();
  const begun = progress.seconds;
  let violation: string | undefined;
  let next = progress.next;
  const nextBatch = (): number => {
    while (progress.done.has(next)) next += 1;
    return next++;
  };
  const note = (answer: SyncAnswer): void => {
    if ('violation' in answer) {
      violation ??= answer.violation;
      return;
    }
    for (const [name, value] of Object.entries(answer.report)) {
      progress.totals[name] = (progress.totals[name] ?? 0) + value;
    }
    progress.done.add((answer.from - FIRST_SEED) / BATCH);
    progress.seconds = begun + (performance.now() - startedMs) / 1000;
  };
  const isDone = (): boolean => violation !== undefined || (progress.totals['histories'] ?? 0) >= histories;
  const say = (): void => {
    const { totals, seconds } = progress;
    process.stdout.write(
      `histories ${totals['histories'] ?? 0}, conflicts ${totals['conflicts'] ?? 0}; ${seconds.toFixed(0)} s in all\n`,
    );
  };
  const reporter = setInterval(() => {
    writeProgress('sync', progress);
    say();
  }, 15_000);
  await Promise.all(Array.from({ length: workers }, () => runWorker(nextBatch, note, isDone)));
  clearInterval(reporter);
  writeProgress('sync', progress);
  say();
  if (violation !== undefined) process.stdout.write(`VIOLATION ${violation}\n`);
  return violation === undefined;
}

function runWorker(nextBatch: () => number, note: (answer: SyncAnswer) => void, isDone: () => boolean): Promise<void> {
  const worker = new Worker(new URL('./sync-worker.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve());
    const give = (): void => worker.postMessage({ from: FIRST_SEED + nextBatch() * BATCH, count: BATCH });
    worker.on('message', (answer: SyncAnswer) => {
      note(answer);
      if (isDone()) void worker.terminate();
      else give();
    });
    if (isDone()) void worker.terminate();
    else give();
  });
}
