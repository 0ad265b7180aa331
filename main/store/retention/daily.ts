import { z } from 'zod';
import { toAppError } from '../../../shared/errors.ts';
import { type Clock, isoNow } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Vault } from '../types.ts';

export interface Daily {
  /** Does the work where a day has passed since it was last done; never twice at once. Never rejects. */
  tick(): Promise<void>;
  /** Ends the timer and what is under way. */
  stop(): Promise<void>;
}

interface Port {
  /** Where the time of the last run is kept: `_upkeep.json`. */
  readonly vault: Pick<Vault, 'readAppFile' | 'writeAppFile'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly work: (signal: AbortSignal) => Promise<void>;
}

const FILE = 'upkeep';
const State = z.object({ last_run: z.iso.datetime() });

const DAY_MS = 86_400_000;
/** Opening a vault comes first. */
const FIRST_LOOK_MS = 60_000;
/** A machine that slept is seen within this time of waking: timers stand still meanwhile, the clock does not. */
const LOOK_MS = 10 * 60_000;

/** Runs work once a day while the vault is open, and soon after opening where it is overdue. */
export function startDaily({ vault, clock, log, work }: Port): Daily {
  const controller = new AbortController();
  let running: Promise<void> | undefined;

  async function runIfDue(): Promise<void> {
    try {
      if (!isDue(vault.readAppFile(FILE), clock.now())) return;
      await work(controller.signal);
      vault.writeAppFile(FILE, { last_run: isoNow(clock) });
    } catch (error) {
      // It is due still, and tried again at the next look.
      if (!controller.signal.aborted) log.warn('the daily upkeep failed', { reason: toAppError(error).message });
    }
  }

  const tick = (): Promise<void> => {
    if (controller.signal.aborted) return Promise.resolve();
    running ??= runIfDue().finally(() => (running = undefined));
    return running;
  };
  const first = setTimeout(() => void tick(), FIRST_LOOK_MS).unref();
  const timer = setInterval(() => void tick(), LOOK_MS).unref();
  return {
    tick,
    async stop() {
      controller.abort();
      clearTimeout(first);
      clearInterval(timer);
      await running;
    },
  };
}

/** A last run that lies in the future was written by a clock that has been put right since. */
function isDue(saved: unknown, nowMs: number): boolean {
  const state = State.safeParse(saved);
  return !state.success || Math.abs(nowMs - Date.parse(state.data.last_run)) >= DAY_MS;
}
