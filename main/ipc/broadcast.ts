import { events, type EventName, type Payload } from '../../shared/ipc/contract.ts';
import type { Log } from '../lib/log.ts';

/** One event as it goes to a screen. */
export type Announcement = {
  readonly [E in EventName]: { readonly event: E; readonly payload: Payload<E> };
}[EventName];
export type EventListener = (announcement: Announcement) => void;

export interface Broadcast {
  /** Checked against the contract: what does not match is logged and goes nowhere. Never throws. */
  emit<E extends EventName>(event: E, payload: Payload<E>): void;
  subscribe(listener: EventListener): () => void;
}

export function createBroadcast(log: Log): Broadcast {
  const listeners = new Set<EventListener>();
  return {
    emit(event, payload) {
      const checked = events[event].safeParse(payload);
      if (!checked.success) {
        log.warn('an event was dropped: its payload breaks the contract', { event });
        return;
      }
      // The schema just parsed is the event's own, which the compiler cannot follow through the lookup.
      const announcement = { event, payload: checked.data } as Announcement;
      for (const listener of listeners) {
        try {
          listener(announcement);
        } catch (error) {
          log.warn('an event listener failed', { event, reason: error instanceof Error ? error.message : 'unknown' });
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
