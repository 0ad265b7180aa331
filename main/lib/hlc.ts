import type { Clock } from './clock.ts';

/**
 * A hybrid logical clock (Kulkarni et al., 2014): follows the wall clock, never goes back, and moves past every stamp
 * it is shown. Stamps sort as text.
 */
export interface HybridClock {
  /** `<12 hex of milliseconds>-<4 hex counter>-<replica>`. */
  next(): string;
  /** Makes the next stamp later than this one of our own past, even where the machine's clock has gone back since. */
  resume(stamp: string): void;
  /** Makes the next stamp later than this one, of a record. Stamps of other machines that are more than a day ahead are ignored: a wrong clock elsewhere must not carry ours away. */
  observe(stamp: string): void;
}

const DAY_MS = 86_400_000;
const MAX_COUNTER = 0xffff;
const STAMP = /^([0-9a-f]{12})-([0-9a-f]{4})-/;

export function createHybridClock(clock: Clock, replica: string): HybridClock {
  let lastMs = 0;
  let counter = 0;
  const advance = (stamp: string, latestMs: number): void => {
    const parts = STAMP.exec(stamp);
    if (parts === null) return;
    const [ms, count] = [Number.parseInt(parts[1] ?? '', 16), Number.parseInt(parts[2] ?? '', 16)];
    if (ms <= latestMs && (ms > lastMs || (ms === lastMs && count > counter))) [lastMs, counter] = [ms, count];
  };
  return {
    next() {
      const nowMs = clock.now();
      if (nowMs > lastMs) [lastMs, counter] = [nowMs, 0];
      else if (counter < MAX_COUNTER) counter += 1;
      else [lastMs, counter] = [lastMs + 1, 0];
      return `${lastMs.toString(16).padStart(12, '0')}-${counter.toString(16).padStart(4, '0')}-${replica}`;
    },
    resume: (stamp) => advance(stamp, Number.POSITIVE_INFINITY),
    observe: (stamp) => advance(stamp, stamp.endsWith(`-${replica}`) ? Number.POSITIVE_INFINITY : clock.now() + DAY_MS),
  };
}
