import { parentPort } from 'node:worker_threads';
import { runHistory } from '../main/sync/simulation.ts';
import type { SyncAnswer } from './sync-soak.ts';

/** Runs as many histories as it is told, from the seed that it is sent. */
parentPort?.on('message', ({ from, count }: { from: number; count: number }) => void answer(from, count));

async function answer(from: number, count: number): Promise<void> {
  let conflicts = 0;
  let said: SyncAnswer | undefined;
  for (let seed = from; seed < from + count && said === undefined; seed += 1) {
    try {
      conflicts += (await runHistory(seed)).conflicts;
    } catch (error) {
      said = {
        from,
        violation: `seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      };
    }
  }
  parentPort?.postMessage(said ?? { from, report: { histories: count, conflicts } });
}
