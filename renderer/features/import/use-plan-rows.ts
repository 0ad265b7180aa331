import { useEffect, useState } from 'react';
import { toAppError, type AppError } from '../../../shared/errors.ts';
import type { Client } from '../../lib/client.ts';
import { useClient } from '../../lib/client-context.ts';
import type { Output } from '../../../shared/ipc/contract.ts';

export type PlanRow = Output<'import.rows'>[number];

export interface PlanRows {
  /** All that have arrived, in the archive's order. */
  readonly rows: readonly PlanRow[];
  readonly isComplete: boolean;
  readonly error?: AppError;
}

/** The most that main gives at once. */
const windowSize = 500;

/**
 * The dry run's table, fetched window by window in the background. All of it, because the filters and their counts
 * work on all of it; 100,000 rows are some 20 MB.
 */
export function usePlanRows(handle: string, total: number): PlanRows {
  const client = useClient();
  const [state, setState] = useState<PlanRows>({ rows: [], isComplete: total === 0 });
  useEffect(() => {
    const stop = new AbortController();
    void fetchAll(client, handle, total, stop.signal, setState);
    return () => stop.abort();
  }, [client, handle, total]);
  return state;
}

async function fetchAll(
  client: Client,
  handle: string,
  total: number,
  stop: AbortSignal,
  onRows: (state: PlanRows) => void,
): Promise<void> {
  let rows: readonly PlanRow[] = [];
  try {
    while (rows.length < total) {
      const next = await client.call('import.rows', { handle, offset: rows.length, limit: windowSize });
      if (stop.aborted) return;
      rows = [...rows, ...next];
      // A short table must not be asked for ever again.
      onRows({ rows, isComplete: rows.length >= total || next.length === 0 });
      if (next.length === 0) return;
    }
  } catch (error) {
    if (!stop.aborted) onRows({ rows, isComplete: true, error: toAppError(error) });
  }
}
