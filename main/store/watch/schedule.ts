import type { Clock } from '../../lib/clock.ts';
import { latestDays } from './rescan.ts';
import type { After, WatchDelays } from './types.ts';

interface Port {
  readonly after: After;
  /** [0, 1) */
  readonly random: () => number;
  readonly clock: Clock;
  readonly delays: Pick<WatchDelays, 'recentMs' | 'monthMs' | 'fullMs' | 'firstMs'>;
  /** Newest first. */
  readonly months: () => readonly string[];
  readonly scan: (prefixes: readonly string[]) => void;
  /** Called after everything was compared. */
  readonly full: () => void;
}

/**
 * When folders are compared without any event, for watching misses things (C7): today and yesterday every few minutes,
 * one older month an hour, everything once a day and once soon after opening. Times vary by a quarter, so that many
 * copies on one disk do not work at once.
 */
export function createSchedule({ after, random, clock, delays, months, scan, full }: Port): { stop(): void } {
  const cancels = new Map<string, () => void>();
  let next = 0;

  function repeat(name: string, ms: number, firstMs: number, work: () => void): void {
    const wait = (delay: number): void => {
      const jittered = delay * (0.75 + random() / 2);
      cancels.set(
        name,
        after(jittered, () => {
          work();
          wait(ms);
        }),
      );
    };
    wait(firstMs);
  }

  function olderMonth(): void {
    const older = months().filter((month) => !latestDays(clock.now()).some((day) => day.startsWith(month)));
    const month = older[next % Math.max(1, older.length)];
    next += 1;
    if (month !== undefined) scan([month]);
  }

  function everything(): void {
    scan(['']);
    full();
  }

  repeat('recent', delays.recentMs, delays.recentMs, () => scan(latestDays(clock.now())));
  repeat('month', delays.monthMs, delays.monthMs, olderMonth);
  repeat('full', delays.fullMs, delays.firstMs, everything);
  return {
    stop() {
      for (const cancel of cancels.values()) cancel();
    },
  };
}
