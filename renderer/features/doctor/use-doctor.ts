import { useState } from 'react';
import { toAppError, type AppError } from '../../../shared/errors.ts';
import type { DoctorReport } from '../../../shared/ipc/upkeep.ts';
import { useClient } from '../../lib/client-context.ts';
import { useEvent } from '../../lib/use-event.ts';

export type DoctorState =
  | { readonly at: 'idle' }
  | { readonly at: 'running'; readonly jobId: string; readonly repair: boolean; readonly found: number }
  | { readonly at: 'done'; readonly report: DoctorReport }
  | { readonly at: 'failed'; readonly error: AppError };

export interface DoctorWays {
  readonly state: DoctorState;
  readonly run: (repair: boolean) => void;
  readonly cancel: () => void;
}

/** Runs the doctor and follows it; a cancelled run goes back to the beginning. */
export function useDoctor(): DoctorWays {
  const client = useClient();
  const [state, setState] = useState<DoctorState>({ at: 'idle' });
  useEvent('doctor.finding', ({ job_id: jobId }) =>
    setState((now) => (now.at === 'running' && now.jobId === jobId ? { ...now, found: now.found + 1 } : now)),
  );
  const run = async (repair: boolean): Promise<void> => {
    const jobId = crypto.randomUUID();
    setState({ at: 'running', jobId, repair, found: 0 });
    try {
      const report = await client.call('doctor.run', { repair, job_id: jobId });
      setState({ at: 'done', report });
    } catch (thrown) {
      const error = toAppError(thrown);
      setState(error.code === 'CANCELLED' ? { at: 'idle' } : { at: 'failed', error });
    }
  };
  const cancel = (): void => {
    // Main answers the running call with CANCELLED, which moves on.
    if (state.at === 'running') client.call('jobs.cancel', { job_id: state.jobId }).catch(() => undefined);
  };
  return { state, run: (repair) => void run(repair), cancel };
}
