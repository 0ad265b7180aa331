import { backoffMs, jittered } from './backoff.ts';
import type { CycleOptions } from './cycle.ts';
import {
  type Answer,
  type ClockPort,
  type LocalPort,
  type RandomPort,
  type RemotePort,
  RemoteTrouble,
} from './ports.ts';
import { allDue } from './quarantine.ts';
import type { FullReport } from './reconcile-all.ts';
import { Rounds } from './rounds.ts';
import type { ScopeWish } from './scope.ts';
import { Incompatible, NeedsDecision } from './session.ts';
import { createEventLog, type ReconcilerEvent, type ReconcilerState, type ReconcilerStatus } from './status.ts';

export interface ReconcilerOptions {
  readonly local: LocalPort;
  readonly remote: RemotePort;
  readonly clock: ClockPort;
  readonly random: RandomPort;
  readonly newId: () => string;
  readonly scope?: () => ScopeWish | null;
  /** Called when the status may have changed. */
  readonly onStatus?: () => void;
}

/** Milliseconds; each is jittered by a quarter. */
const DIGEST_EVERY_MS = 3_600_000;
const DIGEST_EVERY_WITHOUT_STREAMS_MS = 600_000;
/** Only reading everything finds what other programs edit in place, where no stream tells of it. */
const CONTENTS_EVERY_WITHOUT_STREAMS_MS = 86_400_000;
const POLL_MS = 5_000;
const IDLE_POLL_MS = 30_000;
const IDLE_AFTER_MS = 60_000;
/** So that the edits of a moment go together; what the stream tells has been gathered already. */
const DEBOUNCE_MS = 25;
const AWAKE_WITHIN_MS = 2_000;
const HEALTHY_AFTER_MS = 60_000;

/**
 * Keeps a vault and a team database in step, round after round, until it is stopped.
 *
 *     connecting ──round──▶ synced ◀──round── catching_up ◀── edit, event, poll, digest due
 *         ▲                   │ trouble
 *         └──── backoff ── offline          needs_decision, needs_login, incompatible: until a person acts
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #rounds: Rounds;
  readonly #events;
  #running: { readonly abort: AbortController; readonly done: Promise<void> } | null = null;
  #state: ReconcilerState = 'stopped';
  #sinceMs: number;
  #trouble: ReconcilerStatus['trouble'] = null;
  #retryAtMs: number | null = null;
  #failures = 0;
  #failedAtMs = 0;
  #waiting: ReconcilerStatus['waiting'] = {};
  #progress: { done: number; total: number; startedMs: number } | null = null;
  #wake: () => void = () => undefined;
  #isWanted = false;
  #digestAtMs = 0;
  #contentsAtMs: number;
  #activeAtMs = 0;
  #syncedAtMs: number | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#events = createEventLog(options.clock);
    this.#rounds = new Rounds({ ...options, note: (level, message) => this.#events.note(level, message) });
    this.#sinceMs = options.clock.now();
    this.#contentsAtMs = options.clock.now() + CONTENTS_EVERY_WITHOUT_STREAMS_MS;
  }

  /** Begins the loop; does nothing where it runs. */
  start(): void {
    if (this.#running !== null) return;
    const abort = new AbortController();
    this.#enter('connecting');
    this.#running = { abort, done: this.#loop(abort.signal) };
  }

  /** Ends the loop after the batch that is under way. Nothing is lost by it. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    running.abort.abort();
    this.#wake();
    await running.done;
    this.#rounds.drop();
    this.#running = null;
    this.#enter('stopped');
  }

  /**
   * One round now, also where the loop does not run or waits. Throws what stopped it: RemoteTrouble, NeedsDecision,
   * Incompatible.
   */
  syncNow(options: CycleOptions = {}): Promise<FullReport | null> {
    return this.#alone(async () => {
      const report = await this.#round(options);
      if (this.#trouble !== null && this.#lastError !== null) throw this.#lastError;
      return report;
    });
  }

  /** The machine woke up, or is online again: tries soon, whatever was waited for. */
  wake(): void {
    this.#failures = 0;
    this.#digestAtMs = 0;
    this.#rounds.drop();
    this.#isWanted = true;
    this.#wake();
  }

  /** Carries out what a person has said to the fail-safe that stopped the loop. */
  async decide(answer: Answer): Promise<void> {
    await this.#alone(async () => {
      const state = await this.#options.local.state();
      if (state?.decision == null) return;
      await this.#options.local.commit({ steps: [], state: { decision: { ...state.decision, answer } } });
      this.#events.note(
        'info',
        answer === 'ours' ? 'A person says: the vault is right.' : 'A person says: the server is right.',
      );
      this.#rounds.drop();
    });
    this.wake();
  }

  /** Tries again at once what was set aside. */
  async retryQuarantined(): Promise<void> {
    await this.#alone(async () => {
      const state = await this.#options.local.state();
      if (state === null || state.quarantine.length === 0) return;
      await this.#options.local.commit({ steps: [], state: { quarantine: allDue(state.quarantine) } });
      this.#rounds.drop();
    });
    this.wake();
  }

  /** Whether the server tells of changes by itself; null before it was asked. */
  get streams(): boolean | null {
    return this.#rounds.streams;
  }

  events(): readonly ReconcilerEvent[] {
    return this.#events.list();
  }

  async status(): Promise<ReconcilerStatus> {
    const state = this.#rounds.session?.state ?? (await this.#options.local.state());
    const iso = (ms: number): string => new Date(ms).toISOString();
    return {
      state: this.#state,
      since: iso(this.#sinceMs),
      store_id: state?.store_id ?? null,
      waiting: this.#waiting,
      last_synced_at: this.#syncedAtMs === null ? (state?.last_synced_at ?? null) : iso(this.#syncedAtMs),
      last_verified_at: state?.last_verified_at ?? null,
      quarantined: state?.quarantine.length ?? 0,
      decision: state?.decision ?? null,
      progress: this.#progressNow(),
      counts: { ...this.#rounds.counts },
      clock_offset_ms: this.#rounds.clockOffsetMs,
      streams: this.#rounds.streams,
      trouble: this.#trouble,
      retry_at: this.#retryAtMs === null ? null : iso(this.#retryAtMs),
    };
  }

  #progressNow(): ReconcilerStatus['progress'] {
    if (this.#progress === null) return null;
    const { done, total, startedMs } = this.#progress;
    const seconds = Math.max(0.001, (this.#options.clock.now() - startedMs) / 1000);
    return { done, total, per_second: done / seconds };
  }

  #lastError: Error | null = null;

  async #loop(signal: AbortSignal): Promise<void> {
    const stopListening = this.#options.local.onChange(() => {
      this.#isWanted = true;
      this.#activeAtMs = this.#options.clock.now();
      this.#wake();
    });
    try {
      while (!signal.aborted) {
        this.#isWanted = false;
        await this.#alone(() => this.#round({ ...this.#due(), signal }));
        await this.#rest(signal);
      }
    } finally {
      stopListening();
    }
  }

  /** Rounds of the loop and those that are asked for never overlap. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#queue.then(work);
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  #due(): CycleOptions {
    const nowMs = this.#options.clock.now();
    const contents = this.#rounds.streams === false && nowMs >= this.#contentsAtMs;
    return { digest: nowMs >= this.#digestAtMs, contents };
  }

  async #round(options: CycleOptions): Promise<FullReport | null> {
    const { local, clock } = this.#options;
    try {
      this.#waiting = await local.countDirty();
      const total = Object.values(this.#waiting).reduce((sum, n) => sum + n, 0);
      this.#progress = { done: 0, total, startedMs: clock.now() };
      if (this.#state !== 'connecting' && (total > 0 || options.digest === true)) this.#enter('catching_up');
      let report: FullReport | null = null;
      // The history is followed once: one that is always lost must not keep the rounds going.
      for (let again = true, history = options.history === true; again; history = false) {
        const round = await this.#rounds.once({
          ...options,
          history,
          onPushed: (pushed) => this.#onPushed(pushed, options),
        });
        report = round.full ?? report;
        again = round.again && options.signal?.aborted !== true;
      }
      this.#succeeded(options, report);
      this.#waiting = await local.countDirty();
      return report;
    } catch (error) {
      this.#failed(error instanceof Error ? error : new Error(String(error)));
      return null;
    } finally {
      this.#progress = null;
      this.#options.onStatus?.();
    }
  }

  #onPushed(pushed: number, { onPushed }: CycleOptions): void {
    if (this.#progress !== null) this.#progress.done += pushed;
    onPushed?.(pushed);
    this.#options.onStatus?.();
  }

  #succeeded(options: CycleOptions, report: FullReport | null): void {
    const { clock, random } = this.#options;
    const nowMs = clock.now();
    if (nowMs - this.#failedAtMs > HEALTHY_AFTER_MS) this.#failures = 0;
    if (report !== null) {
      const every = this.#rounds.streams === false ? DIGEST_EVERY_WITHOUT_STREAMS_MS : DIGEST_EVERY_MS;
      this.#digestAtMs = nowMs + jittered(every, random);
      if (report.mismatches > 0) {
        this.#events.note('info', `Compared: ${report.mismatches} records differed.`);
        // What the server had lost waits to be sent, and nobody's edit would say so.
        this.#isWanted = true;
      }
    }
    if (options.contents === true) this.#contentsAtMs = nowMs + jittered(CONTENTS_EVERY_WITHOUT_STREAMS_MS, random);
    this.#syncedAtMs = nowMs;
    this.#trouble = null;
    this.#lastError = null;
    this.#retryAtMs = null;
    this.#enter('synced');
  }

  #failed(error: Error): void {
    this.#lastError = error;
    this.#failedAtMs = this.#options.clock.now();
    this.#failures += 1;
    const kind = error instanceof RemoteTrouble ? error.kind : error.name;
    if (this.#trouble?.message !== error.message) this.#events.note('warning', error.message);
    this.#trouble = { kind, message: error.message };
    this.#enter(stateAfter(error));
  }

  /** Waits until there is something to do, or for as long as trouble calls for. */
  async #rest(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { clock, random } = this.#options;
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    const ended = new AbortController();
    const waitMs = this.#waitMs();
    this.#retryAtMs = this.#trouble === null ? null : clock.now() + waitMs;
    const hears = this.#trouble === null;
    let isTold = false;
    if (!(hears && this.#isWanted)) {
      const timer = clock.wait(waitMs, ended.signal);
      const told = this.#rounds.changed().then(() => void (isTold = true));
      // An edit does not hurry a server that is away.
      const events = hears ? [told, woken] : [this.#wokenUp(woken)];
      await Promise.race([timer, ...events]);
    }
    if (!signal.aborted && hears && !isTold) await clock.wait(DEBOUNCE_MS, signal);
    if (!signal.aborted && !hears) {
      await clock.wait(random() * AWAKE_WITHIN_MS * Number(this.#failures === 0), signal);
    }
    ended.abort();
  }

  /** Resolves when somebody wakes us or stops the loop, not at mere edits. */
  async #wokenUp(woken: Promise<void>): Promise<void> {
    let next = woken;
    for (;;) {
      await next;
      if (this.#failures === 0 || this.#running?.abort.signal.aborted !== false) return;
      next = new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #waitMs(): number {
    const { clock, random } = this.#options;
    if (this.#trouble !== null) return backoffMs(this.#failures, random);
    const untilDigest = Math.max(0, this.#digestAtMs - clock.now());
    if (this.#rounds.streams !== false) return untilDigest;
    const isIdle = clock.now() - this.#activeAtMs > IDLE_AFTER_MS;
    return Math.min(untilDigest, jittered(isIdle ? IDLE_POLL_MS : POLL_MS, random));
  }

  #enter(state: ReconcilerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#sinceMs = this.#options.clock.now();
    this.#options.onStatus?.();
  }
}

function stateAfter(error: Error): ReconcilerState {
  if (error instanceof NeedsDecision) return 'needs_decision';
  if (error instanceof Incompatible) return 'incompatible';
  if (error instanceof RemoteTrouble && error.kind === 'auth') return 'needs_login';
  if (error instanceof RemoteTrouble && error.kind === 'fence') return 'incompatible';
  return 'offline';
}
