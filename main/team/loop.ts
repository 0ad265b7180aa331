import type { Clock } from '../lib/clock.ts';
import { backoffMs, jittered } from '../sync/backoff.ts';
import type { LocalPort } from '../sync/ports.ts';
import type { EngineStatus } from './engine.ts';

interface Port {
  readonly clock: Clock;
  readonly random: () => number;
  readonly local: Pick<LocalPort, 'onChange'>;
  /** One round until nothing moves; `isFull`: with everything compared. */
  readonly round: (isFull: boolean) => Promise<unknown>;
  /** Resolves when the server has told of a change; never where it has to be asked. */
  readonly changed: () => Promise<void>;
  readonly hasStreams: () => boolean;
  readonly stateOf: (error: unknown) => EngineStatus['state'];
}

/** A burst of changes goes in one round. */
const GATHER_MS = 30;
/** With streams a round comes with each change, and now and then without one; else the server is asked. */
const IDLE_MS = 60_000;
const POLL_ACTIVE_MS = 5_000;
const POLL_IDLE_MS = 30_000;
const ACTIVE_FOR_MS = 120_000;
/** How often everything is compared (reliability.md §3.9). */
const FULL_MS = 3_600_000;
const FULL_POLLING_MS = 600_000;
/** Where only a person can go on: looked at now and then all the same. */
const STUCK_MS = 60_000;

/** Keeps both sides equal: a round for each change on either side, and a patient wait while the server is away. */
export function createLoop(port: Port): { start(): void; poke(): void; stop(): Promise<void> } {
  const { clock, random, local, round, changed, hasStreams, stateOf } = port;
  let wake: () => void = () => undefined;
  let isStopped = false;
  let isDue = false;
  let failures = 0;
  let activeMs = 0;
  let comparedMs = 0;
  let running: Promise<void> | undefined;
  let unwatch = (): void => undefined;

  const poke = (): void => {
    isDue = true;
    wake();
  };

  async function run(): Promise<void> {
    while (!isStopped) {
      isDue = false;
      const isFull = clock.now() - comparedMs > jittered(hasStreams() ? FULL_MS : FULL_POLLING_MS, random);
      const error = await round(isFull).then(
        () => null,
        (thrown: unknown) => thrown ?? new Error('failed'),
      );
      if (error === null && isFull) comparedMs = clock.now();
      failures = error === null ? 0 : failures + 1;
      if (!isStopped) await pause(error);
    }
  }

  async function pause(error: unknown): Promise<void> {
    // What the person changes meanwhile does not bring the server back; a wait after a failure is a wait.
    if (error !== null) {
      const state = stateOf(error);
      const isStuck = state !== 'offline';
      return waitFor(isStuck ? STUCK_MS : Math.max(500, backoffMs(failures, random)), { alsoChanges: isStuck });
    }
    const isActive = clock.now() - activeMs < ACTIVE_FOR_MS;
    const idle = hasStreams() ? IDLE_MS : isActive ? POLL_ACTIVE_MS : POLL_IDLE_MS;
    await waitFor(jittered(idle, random), { alsoChanges: true });
    if (!isStopped) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
  }

  function waitFor(ms: number, { alsoChanges }: { readonly alsoChanges: boolean }): Promise<void> {
    if (isStopped || (isDue && alsoChanges)) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      wake = end;
      if (alsoChanges) void changed().then(end);
    });
  }

  return {
    start() {
      if (running) return;
      unwatch = local.onChange(() => {
        activeMs = clock.now();
        if (failures === 0) poke();
      });
      running = run();
    },
    poke,
    async stop() {
      isStopped = true;
      unwatch();
      wake();
      await running;
    },
  };
}
