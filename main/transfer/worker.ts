/**
 * The thread in which an archive is read. It sees the archive and the staging file, and asks the main thread about the
 * vault; it ends when its one job has ended. Started by start-worker.ts.
 */
import { statfs } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, toAppError } from '../../shared/errors.ts';
import { errorData, errorFromData } from '../../shared/ipc/reply.ts';
import { createStaging, type Staging } from '../store/staging.ts';
import type { StagedOperation } from '../store/types.ts';
import { runImportJob, type JobPorts } from './import-job.ts';
import type { Lookup } from './lookup.ts';
import { receiptRecord } from './receipt.ts';
import type { Answer, WorkerMessage, WorkerTask } from './worker-protocol.ts';

const PROGRESS_EVERY_MS = 100;

/** Staging and the vault's own files: about twice the JSON at their largest. */
const SPACE_FACTOR = 2;

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

/** The vault's side of the job, over the thread's message port. */
function remoteLookup(): Lookup {
  const waiting = new Map<number, (answer: Answer) => void>();
  parentPort?.on('message', (answer: Answer) => {
    waiting.get(answer.number)?.(answer);
    waiting.delete(answer.number);
  });
  let number = 0;
  const ask = async (method: keyof Lookup, argument: unknown): Promise<unknown> => {
    number += 1;
    const { outcome } = await new Promise<Answer>((resolve) => {
      waiting.set(number, resolve);
      post({ type: 'question', number, method, argument });
    });
    if (!outcome.ok) throw errorFromData(outcome.error);
    return outcome.value;
  };
  // The main thread answers with what the method of the same name gives.
  return {
    conversations: (ids) => ask('conversations', ids) as ReturnType<Lookup['conversations']>,
    messageHeads: (id) => ask('messageHeads', id) as ReturnType<Lookup['messageHeads']>,
    messages: (ids) => ask('messages', ids) as ReturnType<Lookup['messages']>,
    memories: (ids) => ask('memories', ids) as ReturnType<Lookup['memories']>,
    refusals: (offered) => ask('refusals', offered) as ReturnType<Lookup['refusals']>,
  };
}

async function checkSpace(folder: string, jsonBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= jsonBytes * SPACE_FACTOR) return;
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
  throw new AppError(
    'DISK_FULL',
    `This import needs about ${gigabytes(jsonBytes * SPACE_FACTOR)} GB, and ${gigabytes(bavail * bsize)} GB are free.`,
    { remedy: 'Nothing was imported. Free some space on the disk that holds the vault, and start the import again.' },
  );
}

function ports(task: WorkerTask, staging: Staging | null): JobPorts {
  let reportedMs = 0;
  return {
    lookup: remoteLookup(),
    onContents: async (jsonBytes) => {
      if (task.stagingRoot !== null) await checkSpace(task.stagingRoot, jsonBytes);
    },
    put: (collection, record) => staging?.write({ op: 'put', collection, record } satisfies StagedOperation),
    onRows: (rows) => {
      // The table of a dry run; an import has shown it already.
      if (staging === null && rows.length > 0) post({ type: 'rows', rows });
    },
    onProgress: (done, total) => {
      const nowMs = performance.now();
      if (done < total && nowMs - reportedMs < PROGRESS_EVERY_MS) return;
      reportedMs = nowMs;
      post({ type: 'progress', done, total });
    },
  };
}

async function work(task: WorkerTask): Promise<void> {
  const startedMs = performance.now();
  const staging = task.stagingRoot === null ? null : createStaging(task.stagingRoot, task.importId);
  try {
    const outcome = await runImportJob(task, ports(task, staging));
    const durationMs = Math.round(performance.now() - startedMs);
    staging?.write({ op: 'put', collection: 'imports', record: receiptRecord(task, outcome, durationMs) });
    post({ type: 'done', outcome, batch: staging?.finish() ?? null });
  } catch (error) {
    staging?.discard();
    post({ type: 'failed', error: errorData(toAppError(error)) });
  }
  // Nothing else keeps the thread alive but the port.
  parentPort?.close();
}

await work(workerData as WorkerTask);
