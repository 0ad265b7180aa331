import type { AppError, ErrorCode } from '../../shared/errors.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';

/**
 * What is wrong with an open vault, the most pressing last:
 *
 *     files_behind  the files cannot follow the log; nothing is lost, writes go on
 *     refusing      the log itself takes nothing more, so writes fail (DISK_FULL, DISK_ERROR)
 *     gone          the vault's folder is not there; nothing is deleted, reads of files fail
 *     lost          another process has taken the vault over; only opening it anew helps
 */
export const troubleStates = ['files_behind', 'refusing', 'gone', 'lost'] as const;
export type TroubleState = (typeof troubleStates)[number];

export interface Trouble {
  readonly state: TroubleState;
  readonly code: ErrorCode;
  /** ISO time at which it was first met. */
  readonly since: string;
  /** What happened, and what the person can do. */
  readonly message: string;
  readonly remedy: string;
}

export type Health = { readonly state: 'ok' } | Trouble;

/** Knows what is wrong, tells those who listen, and looks again every few seconds until nothing is. */
export interface HealthMonitor {
  /** The most pressing trouble. */
  readonly current: Health;
  has(state: TroubleState): boolean;
  /** The error of a trouble in which nothing may be written: gone or lost. */
  readonly barrier: AppError | undefined;
  report(state: TroubleState, error: AppError): void;
  clear(state: TroubleState): void;
  watch(listener: (health: Health) => void): () => void;
  stop(): void;
}

/** Calls the work again and again, and keeps no process alive. Returns what ends it. Tests bring their own. */
export type Repeat = (work: () => void, everyMs: number) => () => void;

export const everySoOften: Repeat = (work, everyMs) => {
  const timer = setInterval(work, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};

interface Port {
  readonly clock: Clock;
  readonly log: Log;
  readonly repeat: Repeat;
  /** Tries what failed once more, and reports or clears. Light: it runs every few seconds while there is trouble. */
  readonly probe: () => Promise<void>;
}

const PROBE_MS = 3_000;
const ok: Health = { state: 'ok' };

export function createHealthMonitor(port: Port): HealthMonitor {
  return new Monitor(port);
}

class Monitor implements HealthMonitor {
  readonly #port: Port;
  readonly #found = new Map<TroubleState, { readonly trouble: Trouble; readonly error: AppError }>();
  readonly #listeners = new Set<(health: Health) => void>();
  #current: Health = ok;
  #endProbes: (() => void) | undefined;
  #isProbing = false;
  #isStopped = false;

  constructor(port: Port) {
    this.#port = port;
  }

  get current(): Health {
    return this.#current;
  }

  get barrier(): AppError | undefined {
    return (this.#found.get('lost') ?? this.#found.get('gone'))?.error;
  }

  has(state: TroubleState): boolean {
    return this.#found.has(state);
  }

  report(state: TroubleState, error: AppError): void {
    if (this.#isStopped) return;
    const { code, message, remedy } = error;
    const since = this.#found.get(state)?.trouble.since ?? isoNow(this.#port.clock);
    this.#found.set(state, { error, trouble: { state, code, since, message, remedy } });
    this.#endProbes ??= this.#port.repeat(() => void this.#probe(), PROBE_MS);
    this.#tell();
  }

  clear(state: TroubleState): void {
    if (!this.#found.delete(state)) return;
    if (this.#found.size === 0) this.#stopProbes();
    this.#tell();
  }

  watch(listener: (health: Health) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopProbes();
  }

  #stopProbes(): void {
    this.#endProbes?.();
    this.#endProbes = undefined;
  }

  async #probe(): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    try {
      await this.#port.probe();
    } catch (error) {
      this.#port.log.warn('the vault is still in trouble', { error: String(error) });
    } finally {
      this.#isProbing = false;
    }
  }

  #tell(): void {
    const worst = troubleStates.findLast((state) => this.#found.has(state));
    const next = (worst && this.#found.get(worst)?.trouble) ?? ok;
    if (isSame(this.#current, next)) return;
    this.#current = next;
    this.#port.log.warn('the vault’s health changed', next.state === 'ok' ? { state: 'ok' } : { state: next.state, code: next.code }); // prettier-ignore
    for (const listener of this.#listeners) {
      try {
        listener(next);
      } catch (error) {
        this.#port.log.warn('a health listener failed', { error: String(error) });
      }
    }
  }
}

function isSame(before: Health, after: Health): boolean {
  if (before.state === 'ok' || after.state === 'ok') return before.state === after.state;
  return before.state === after.state && before.code === after.code && before.message === after.message;
}
