import { performance } from 'node:perf_hooks';

const SLICE_MS = 8;

/** Gives the event loop back now and then during long work in the owner's process. */
export interface TimeSlices {
  /** Resolves at once while the slice lasts, else after other work had its turn. */
  pause(): Promise<void>;
}

export function createTimeSlices(now: () => number = () => performance.now()): TimeSlices {
  let started = now();
  return {
    async pause() {
      if (now() - started < SLICE_MS) return;
      await new Promise((resolve) => setImmediate(resolve));
      started = now();
    },
  };
}
