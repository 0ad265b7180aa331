import type { Output } from '../../../../shared/ipc/contract.ts';
import { useMethod } from '../../../lib/use-method.ts';

export type LogDay = Output<'memory.log_days'>[number];

/** Today in UTC, as the log counts days. */
export function utcToday(now = new Date()): string {
  return now.toISOString().slice(0, 10);
}

/** The days on which something changed, and today, oldest first. */
export function withToday(days: readonly LogDay[], today: string): readonly LogDay[] {
  return days.at(-1)?.day === today ? days : [...days, { day: today, events: 0 }];
}

export function useLogDays() {
  return useMethod('memory.log_days', {});
}
