import type { PlanRow } from '../../shared/ipc/models.ts';
import type { ErrorData, Reply } from '../../shared/ipc/reply.ts';
import type { StagedBatch } from '../store/types.ts';
import type { ImportJob, JobOutcome } from './import-job.ts';
import type { Lookup } from './lookup.ts';

/** What the worker is started with. */
export interface WorkerTask extends ImportJob {
  /** Null for a dry run: nothing is written. */
  readonly stagingRoot: string | null;
}

/** A question about the vault, which lives in the main thread. */
export interface Question {
  readonly type: 'question';
  readonly number: number;
  readonly method: keyof Lookup;
  readonly argument: unknown;
}
export interface Answer {
  readonly number: number;
  readonly outcome: Reply;
}

export type WorkerMessage =
  | Question
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'rows'; readonly rows: readonly PlanRow[] }
  /** The end. `batch` is null for a dry run. */
  | { readonly type: 'done'; readonly outcome: JobOutcome; readonly batch: StagedBatch | null }
  | { readonly type: 'failed'; readonly error: ErrorData };
