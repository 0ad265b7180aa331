import { AppError, cancelled } from '../../shared/errors.ts';
import type { SyncReport } from '../../shared/ipc/team.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { LocalPort, RemotePort } from '../sync/ports.ts';
import { Rounds } from '../sync/rounds.ts';
import { backfill, verify } from './compare-sides.ts';
import { connecting, type Engine, type EnginePorts, type EngineStatus } from './engine.ts';
import { createLoop } from './loop.ts';
import { createMeter } from './meter.ts';
import { troubleOf } from './trouble-of.ts';
import type { TeamJobOptions } from './types.ts';

interface LocalPorts extends EnginePorts {
  readonly local: LocalPort;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** For tests: another way to the server. */
  readonly open?: () => Promise<RemotePort>;
}

/** More rounds than a merge of a merge of a merge needs. */
const MOST_ROUNDS = 12;

/** The reconciling itself, where it runs: in its thread, or in a test beside its caller. */
export function createLocalEngine(ports: LocalPorts): Engine {
  const { local, clock = systemClock, random = Math.random, onStatus, onEvent } = ports;
  const open = ports.open ?? (() => openRemote(ports));
  let status: EngineStatus = connecting();
  let remote: RemotePort | undefined;
  let rounds: Rounds | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  const ended = new AbortController();

  function change(next: Partial<EngineStatus>): void {
    const since = next.state !== undefined && next.state !== status.state ? new Date(clock.now()).toISOString() : null;
    status = { ...status, ...next, ...(since !== null && { since }) };
    onStatus();
  }

  /** One piece of work with the server at a time. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const next = tail.then(work, work);
    tail = next.catch(() => undefined);
    return next;
  }

  async function connected(): Promise<{ remote: RemotePort; rounds: Rounds }> {
    if (remote && rounds) return { remote, rounds };
    remote = await open();
    rounds = new Rounds({ local, remote, clock, newId: () => newId(clock), note: onEvent });
    return { remote, rounds };
  }

  async function letGo(): Promise<void> {
    rounds?.drop();
    const former = remote;
    remote = rounds = undefined;
    await former?.close().catch(() => undefined);
  }

  /** Runs work with the server, and makes of what it throws a state and an error for people. */
  async function withServer<T>(work: (remote: RemotePort, rounds: Rounds) => Promise<T>): Promise<T> {
    try {
      const { remote: port, rounds: all } = await connected();
      const result = await work(port, all);
      change({ state: 'synced', trouble: null, clock_offset_ms: all.clockOffsetMs, mismatches: all.counts.mismatches });
      return result;
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'CANCELLED') throw thrown;
      const { state, error } = troubleOf(thrown);
      const { code, message, remedy } = error;
      change({ state, progress: null, trouble: { code, message, remedy } });
      // A wrong password does not get right on the same connection.
      if (state !== 'needs_decision') await letGo();
      throw error;
    }
  }

  /** Round after round until nothing moves any more. */
  async function settle(all: Rounds, { signal, onProgress }: TeamJobOptions, digest: boolean): Promise<SyncReport> {
    const began = clock.now();
    const before = { ...all.counts };
    const meter = createMeter(await waiting(), clock, (progress) => {
      change({ state: 'catching_up', progress });
      onProgress?.({ phase: 'writing', done: progress.done, total: progress.total, unit: 'records' });
    });
    try {
      for (let round = 1; round <= MOST_ROUNDS; round += 1) {
        if (signal?.aborted) throw cancelled(signal.reason);
        const moved = { ...all.counts };
        const { again } = await all.once({
          digest: digest && round === 1,
          onPushed: (pushed) => meter.add(pushed),
          ...(signal && { signal }),
        });
        const isStill = moved.pushed === all.counts.pushed && moved.pulled === all.counts.pulled;
        if (!again && isStill) break;
      }
      if (signal?.aborted) throw cancelled(signal.reason);
    } finally {
      change({ progress: null });
    }
    const quarantined = (await local.state())?.quarantine.length ?? 0;
    const since = (name: keyof typeof before): number => all.counts[name] - before[name];
    return {
      pushed: since('pushed'),
      pulled: since('pulled'),
      merged: since('merged'),
      conflicts: since('conflicts'),
      quarantined,
      waiting: await waiting(),
      duration_ms: clock.now() - began,
    };
  }

  async function waiting(): Promise<number> {
    return Object.values(await local.countDirty()).reduce((sum, count) => sum + count, 0);
  }

  async function countThere(port: RemotePort): Promise<void> {
    const counts = await Promise.all(local.collections.map(async (name) => [name, await port.count(name)] as const));
    change({ remote_counts: Object.fromEntries(counts) });
  }

  const sync = (options: TeamJobOptions, digest: boolean): Promise<SyncReport> =>
    alone(() =>
      withServer(async (port, all) => {
        const report = await settle(all, options, digest);
        await countThere(port);
        return report;
      }),
    );

  const loop = createLoop({
    clock,
    random,
    local,
    round: (isFull) => sync({ signal: ended.signal }, isFull),
    changed: () => rounds?.changed() ?? new Promise(() => undefined),
    hasStreams: () => rounds?.streams === true,
    stateOf: (error) => (error ? status.state : 'synced'),
  });

  return {
    status: () => status,
    start: async () => loop.start(),
    sync: (options) => sync(options, true),
    pull: (options) => sync(options, true),
    backfill: (options) =>
      alone(() =>
        withServer(async (port, all) => {
          const began = clock.now();
          const { pushed } = await settle(all, options, true);
          const report = await backfill({ local, remote: port, clock, random, options });
          await countThere(port);
          return {
            ...report,
            pushed,
            started_at: new Date(began).toISOString(),
            duration_ms: clock.now() - began,
          };
        }),
      ),
    verify: (options) =>
      alone(() =>
        withServer(async (port, all) => {
          // What the two sides do not know of each other yet is no difference.
          await settle(all, { signal: options.signal }, true);
          const made = await verify({ local, remote: port, clock, options });
          await countThere(port);
          return made;
        }),
      ),
    async decide(take) {
      const decision = (await local.state())?.decision;
      if (!decision) return;
      const answer = take === 'mine' ? 'ours' : 'theirs';
      await local.commit({ steps: [], state: { decision: { ...decision, answer } } });
      rounds?.drop();
      change({ state: 'connecting', trouble: null });
      loop.poke();
    },
    async look() {
      await alone(() => withServer(countThere)).catch(() => undefined);
    },
    digest: (collection, level) => alone(() => withServer((port) => port.digest(collection, level))),
    async stop() {
      ended.abort();
      await loop.stop();
      await letGo();
      await tail.catch(() => undefined);
    },
  };
}

async function openRemote({ url, database }: EnginePorts): Promise<RemotePort> {
  const { connect } = await import('../remote/connect.ts');
  const { createRemotePort } = await import('../remote/remote-port.ts');
  return createRemotePort(await connect(url, { db: database }), { ownsConnection: true });
}
