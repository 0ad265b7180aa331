import { useState } from 'react';
import { toAppError, type AppError } from '../../../shared/errors.ts';
import type { Input, Output } from '../../../shared/ipc/contract.ts';
import { useClient } from '../../lib/client-context.ts';

export type TeamJob = 'team.sync' | 'team.backfill' | 'team.verify';

export type TeamJobState<M extends TeamJob> =
  | { readonly at: 'idle' }
  | { readonly at: 'running'; readonly jobId: string }
  | { readonly at: 'done'; readonly result: Output<M> }
  | { readonly at: 'failed'; readonly error: AppError };

export interface TeamJobWays<M extends TeamJob> {
  readonly state: TeamJobState<M>;
  readonly run: () => void;
  readonly cancel: () => void;
}

/** Runs one of the long works and follows it; a cancelled one goes back to the beginning. */
export function useTeamJob<M extends TeamJob>(method: M, onDone?: (result: Output<M>) => void): TeamJobWays<M> {
  const client = useClient();
  const [state, setState] = useState<TeamJobState<M>>({ at: 'idle' });
  const run = async (): Promise<void> => {
    const jobId = crypto.randomUUID();
    setState({ at: 'running', jobId });
    try {
      const result = await client.call(method, { job_id: jobId } as Input<M>); // alike for all three
      setState({ at: 'done', result });
      onDone?.(result);
    } catch (thrown) {
      const error = toAppError(thrown);
      setState(error.code === 'CANCELLED' ? { at: 'idle' } : { at: 'failed', error });
    }
  };
  const cancel = (): void => {
    // Main answers the running call with CANCELLED, which moves on.
    if (state.at === 'running') client.call('jobs.cancel', { job_id: state.jobId }).catch(() => undefined);
  };
  return { state, run: () => void run(), cancel };
}
