import type { TeamEvent } from '../../shared/ipc/team.ts';
import { type Clock, isoNow } from '../lib/clock.ts';

const MOST_KEPT = 200;

/** What happened since the app was started, newest first; the same thing again and again is said once. */
export interface EventLog {
  add(level: TeamEvent['level'], message: string): void;
  list(): readonly TeamEvent[];
}

export function createEventLog(clock: Clock): EventLog {
  let events: readonly TeamEvent[] = [];
  return {
    add(level, message) {
      const [last, ...rest] = events;
      const isSame = last?.level === level && last.message === message;
      events = [{ at: isoNow(clock), level, message }, ...(isSame ? rest : events)].slice(0, MOST_KEPT);
    },
    list: () => events,
  };
}
