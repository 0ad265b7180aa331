import type { Progress } from '../../shared/ipc/models.ts';
import { announceIntervalMs, createThrottle } from '../ipc/throttle.ts';
import type { JobOptions } from '../transfer/types.ts';

/** Runs a job with its progress announced ten times a second under its id. */
export async function withProgress<T>(
  jobId: string,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
  work: (options: Required<JobOptions>) => Promise<T>,
): Promise<T> {
  const throttle = createThrottle(onProgress, announceIntervalMs);
  try {
    return await work({ signal, onProgress: (progress) => throttle.push({ job_id: jobId, ...progress }) });
  } finally {
    // The last report must come before the answer, and none after it.
    throttle.flush();
    throttle.cancel();
  }
}
