import { parentPort } from 'node:worker_threads';
import { enumerateCrashes } from '../main/store/crash-states.ts';
import { workloadOf } from '../main/store/crash-workload.ts';
import type { CrashAnswer } from './crash-soak.ts';

/** Enumerates the crashes of each seed that it is sent. */
parentPort?.on('message', (seed: number) => void answer(seed));

async function answer(seed: number): Promise<void> {
  let said: CrashAnswer;
  try {
    said = { seed, report: await enumerateCrashes(workloadOf(seed)) };
  } catch (error) {
    said = { seed, violation: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort?.postMessage(said);
}
