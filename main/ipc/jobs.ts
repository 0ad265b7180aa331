import { AppError, cancelled } from '../../shared/errors.ts';

/** Long methods that are running now, by the id their caller chose. */
export interface Jobs {
  /**
   * Runs the work with a signal that `cancel` sets. The id is free again when the work has ended.
   * @throws BAD_INPUT where a job with this id is running.
   */
  run<T>(jobId: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** False where no job with this id is running. */
  cancel(jobId: string): boolean;
  /** Cancels all, takes no more, and resolves once all have ended. */
  close(): Promise<void>;
}

export function createJobs(): Jobs {
  const running = new Map<string, { readonly controller: AbortController; readonly ended: Promise<unknown> }>();
  let closed = false;
  return {
    async run(jobId, work) {
      if (closed) throw cancelled();
      if (running.has(jobId)) throw alreadyRunning();
      const controller = new AbortController();
      const working = work(controller.signal);
      running.set(jobId, { controller, ended: working.catch(() => undefined) });
      try {
        return await working;
      } finally {
        running.delete(jobId);
      }
    },
    cancel(jobId) {
      const job = running.get(jobId);
      job?.controller.abort();
      return job !== undefined;
    },
    async close() {
      closed = true;
      const jobs = [...running.values()];
      for (const job of jobs) job.controller.abort();
      await Promise.all(jobs.map((job) => job.ended));
    },
  };
}

function alreadyRunning(): AppError {
  return new AppError('BAD_INPUT', 'A job with this id is running already.', {
    remedy: 'Wait until it has ended, or start the new one under an id of its own.',
    details: { field: 'job_id' },
  });
}
