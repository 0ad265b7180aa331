import { performance } from 'node:perf_hooks';

const SLICE_MS = 8;

/** Gives the event loop back now and then during long work in the owner's process. */
export interface TimeSlices {
  /** Resolves at once while the slice lasts, else after other work had its turn. */
  pause(): Promise<void>;
}

/** @param sliceMs 0: every pause gives it back */
export function createTimeSlices(sliceMs = SLICE_MS): TimeSlices {
  let started = performance.now();
  return {
    async pause() {
      if (performance.now() - started < sliceMs) return;
      await new Promise((resolve) => setImmediate(resolve));
      started = performance.now();
    },
  };
}
