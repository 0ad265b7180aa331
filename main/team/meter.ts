import type { TeamStatus } from '../../shared/ipc/team.ts';
import type { Clock } from '../lib/clock.ts';

type Progress = NonNullable<TeamStatus['progress']>;

/** Told often enough for a bar that moves, and seldom enough to cost nothing. */
const INTERVAL_MS = 200;

/** Counts what has been done of `total`, and how fast; tells a few times a second. */
export function createMeter(total: number, clock: Clock, tell: (progress: Progress) => void): { add(n: number): void } {
  const began = clock.now();
  let done = 0;
  let toldMs = -Infinity;
  return {
    add(n) {
      done += n;
      const now = clock.now();
      if (now - toldMs < INTERVAL_MS) return;
      toldMs = now;
      const seconds = Math.max(0.001, (now - began) / 1000);
      tell({ done: Math.min(done, Math.max(total, done)), total: Math.max(total, done), per_second: done / seconds });
    },
  };
}
