import { Worker } from 'node:worker_threads';
import { AppError, cancelled, toAppError } from '../../shared/errors.ts';
import { errorData, errorFromData } from '../../shared/ipc/reply.ts';
import type { PlanRow } from '../../shared/ipc/models.ts';
import { discardStaged } from '../store/staging.ts';
import type { StagedBatch } from '../store/types.ts';
import type { JobOutcome } from './import-job.ts';
import type { Lookup } from './lookup.ts';
import type { Answer, Question, WorkerMessage, WorkerTask } from './worker-protocol.ts';

export interface WorkerPorts {
  readonly lookup: Lookup;
  readonly onRows: (rows: readonly PlanRow[]) => void;
  readonly onProgress: (doneBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface WorkerResult {
  readonly outcome: JobOutcome;
  readonly batch: StagedBatch | null;
}

/** One conversation of 64 MB with its records needs about half of this; most archives need a tenth. */
const resourceLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 8 };

/**
 * Runs a job in a thread of its own and answers its questions about the vault. Where it fails or is cancelled the thread
 * is gone and its staging file too when this rejects.
 */
export async function runInWorker(url: URL, task: WorkerTask, ports: WorkerPorts): Promise<WorkerResult> {
  const { signal } = ports;
  if (signal?.aborted) throw cancelled(signal.reason);
  const worker = new Worker(url, { workerData: task, resourceLimits });
  let onAbort = (): void => undefined;
  try {
    return await new Promise<WorkerResult>((resolve, reject) => {
      onAbort = () => reject(cancelled(signal?.reason));
      signal?.addEventListener('abort', onAbort);
      worker.on('error', (error) => reject(workerError(error)));
      worker.on('exit', () => reject(new Error('the import’s thread ended before its work was done')));
      worker.on('message', (message: WorkerMessage) => {
        if (message.type === 'done') resolve({ outcome: message.outcome, batch: message.batch });
        else if (message.type === 'failed') reject(errorFromData(message.error));
        else if (message.type === 'rows') ports.onRows(message.rows);
        else if (message.type === 'progress') ports.onProgress(message.done, message.total);
        else void answer(ports.lookup, message).then((reply) => worker.postMessage(reply));
      });
    });
  } catch (error) {
    await worker.terminate();
    if (task.stagingRoot !== null) discardStaged(task.stagingRoot, task.importId);
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

async function answer(lookup: Lookup, { number, method, argument }: Question): Promise<Answer> {
  try {
    // The worker's side of the protocol pairs each method with its own argument.
    const ask = lookup[method] as (argument: unknown) => Promise<unknown>;
    return { number, outcome: { ok: true, value: await ask(argument) } };
  } catch (error) {
    return { number, outcome: { ok: false, error: errorData(toAppError(error)) } };
  }
}

function workerError(error: unknown): AppError {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new AppError('ARCHIVE_REFUSED', 'The archive needs more memory than an import may take.', {
      remedy: 'Nothing was imported. One of its conversations is probably extremely large: import the others as files.',
      cause: error,
    });
  }
  return toAppError(error);
}
