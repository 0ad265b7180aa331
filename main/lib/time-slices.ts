import { performance } from 'node:perf_hooks';

const SLICE_MS = 8;

/** Gives the event loop back now and then during long work in the owner's process. */
export interface TimeSlices {
  /** Resolves at once while the slice lasts, else after other work had its turn. */
  pause(): Promise<void>;
}
export interface ClockedSlices extends TimeSlices {
  /** Whether `pause` would give it back: for who would rather not wait at all. */
  readonly isOver: boolean;
}

/** @param sliceMs 0: every pause gives it back */
export function createTimeSlices(sliceMs = SLICE_MS): ClockedSlices {
  let started = performance.now();
  const isOver = (): boolean => performance.now() - started >= sliceMs;
  return {
    get isOver() {
      return isOver();
    },
    async pause() {
      if (!isOver()) return;
      await new Promise((resolve) => setImmediate(resolve));
      started = performance.now();
    },
  };
}
