import { cancelled } from '../../shared/errors.ts';
import type { SyncReport } from '../../shared/ipc/team.ts';
import { systemClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { backfill } from '../sync/backfill.ts';
import type { ClockPort, LocalPort, RemotePort } from '../sync/ports.ts';
import { Reconciler } from '../sync/reconciler.ts';
import type { ReconcilerEvent, ReconcilerStatus } from '../sync/status.ts';
import { scopeAt } from '../sync/scope.ts';
import { certificateText, certify } from '../sync/verify.ts';
import { connecting, type Engine, type EnginePorts, type EngineStatus } from './engine.ts';
import { lazyRemote } from './lazy-remote.ts';
import { certificateOf, reportOf } from './reports.ts';
import { troubleOf } from './trouble-of.ts';
import type { TeamJobOptions } from './types.ts';

interface LocalPorts extends EnginePorts {
  readonly local: LocalPort;
}

/** More rounds than a merge of a merge of a merge needs. */
const MOST_ROUNDS = 12;
/** How soon, and how often at most, the server is asked for its counts once something has changed: it reads everything for them. */
const COUNT_AFTER_MS = 300;
const COUNT_EVERY_MS = 10_000;

/** The reconciler with its connection, where it runs: in its thread. */
export function createLocalEngine({ url, database, scope, local, onStatus, onEvent }: LocalPorts): Engine {
  const remote = lazyRemote(() => openRemote(url, database));
  let status: EngineStatus = connecting();
  let counting: NodeJS.Timeout | undefined;
  /** What had been pushed and pulled when the server was last asked for its counts. */
  let counted = '';
  let countedAtMs = 0;
  let isStopped = false;
  let last: ReconcilerEvent | undefined;
  const reconciler = new Reconciler({
    local,
    remote,
    clock: realClock,
    random: Math.random,
    newId: () => newId(systemClock),
    scope: () => scope,
    onStatus: () => void refresh().catch(() => undefined),
  });

  function change(next: Partial<EngineStatus>): void {
    status = { ...status, ...next };
    onStatus();
  }

  async function refresh(): Promise<void> {
    if (isStopped) return;
    const { state, since, progress, counts, clock_offset_ms } = await reconciler.status();
    tellEvents();
    change({
      state: state === 'stopped' ? status.state : state,
      since,
      progress,
      mismatches: counts.mismatches,
      clock_offset_ms,
      ...(state === 'synced' && { trouble: null }),
    });
    if (state !== 'synced' || counted === moved(counts)) return;
    const waitMs = Math.max(COUNT_AFTER_MS, countedAtMs + COUNT_EVERY_MS - Date.now());
    counting ??= setTimeout(() => void count().catch(() => undefined), waitMs).unref();
  }

  /** What the reconciler has noted since it was last asked. */
  function tellEvents(): void {
    const events = reconciler.events();
    const known = events.findLastIndex((event) => event === last);
    for (const { level, message } of events.slice(known + 1)) onEvent(level, message);
    last = events.at(-1);
  }

  async function count(): Promise<void> {
    clearTimeout(counting);
    counting = undefined;
    countedAtMs = Date.now();
    counted = moved((await reconciler.status()).counts);
    const counts = await Promise.all(local.collections.map(async (name) => [name, await remote.count(name)] as const));
    change({ remote_counts: Object.fromEntries(counts) });
  }

  /** Makes of what the reconciler or the driver throw an error for people. */
  async function forPeople<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const { state, error } = troubleOf(thrown);
      const { code, message, remedy } = error;
      if (code !== 'CANCELLED') change({ state, trouble: { code, message, remedy } });
      throw error;
    }
  }

  /** Round after round until nothing moves any more. */
  async function settle({ signal, onProgress }: TeamJobOptions, wantsHistory = false): Promise<SyncReport> {
    const began = Date.now();
    const before = (await reconciler.status()).counts;
    let now = before;
    const onPushed = (): void => {
      void reconciler.status().then(({ progress }) => {
        if (progress) onProgress?.({ phase: 'writing', done: progress.done, total: progress.total, unit: 'records' });
      });
    };
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const former = now;
      await reconciler.syncNow({
        digest: round === 1,
        history: wantsHistory && round === 1,
        onPushed,
        ...(signal && { signal }),
      });
      if (signal?.aborted) throw cancelled(signal.reason);
      now = (await reconciler.status()).counts;
      // What comparing found may have to be sent yet, though nothing has gone either way: the server had lost it.
      if (moved(former) === moved(now) && former.mismatches === now.mismatches) break;
    }
    change({ state: 'synced', trouble: null });
    return reportOf(before, now, { local, duration_ms: Date.now() - began });
  }

  const sync = (options: TeamJobOptions): Promise<SyncReport> =>
    forPeople(async () => {
      const report = await settle(options);
      if (counted !== moved((await reconciler.status()).counts)) await count();
      return report;
    });

  return {
    status: () => status,
    start: async () => reconciler.start(),
    wake: () => reconciler.wake(),
    sync,
    pull: sync,
    backfill: (options) =>
      forPeople(async () => {
        const { signal, onProgress } = options;
        const result = await backfill(
          { local, remote, clock: systemClock, random: Math.random, reconciler },
          {
            ...(signal && { signal }),
            onProgress: ({ phase, done, total }) =>
              onProgress?.({ phase: phase === 'push' ? 'writing' : 'checking', done, total, unit: 'records' }),
          },
        );
        if (signal?.aborted) throw cancelled(signal.reason);
        const contents_at = result.ok && reconciler.streams ? new Date().toISOString() : null;
        await local.commit({ steps: [], state: { contents_at } });
        await count();
        return { ...result, collections: certificateOf(result.collections) };
      }),
    verify: ({ signal, onProgress, full }) =>
      forPeople(async () => {
        // What the two sides have not told each other yet is no difference.
        await settle({ signal }, true);
        const state = await local.state();
        let done = 0;
        const onCompared = (records: number): void =>
          onProgress?.({ phase: 'checking', done: (done += records), total: 0, unit: 'records' });
        if (state === null) throw new Error('a vault that was synchronised knows of no team database');
        const certificate = await certify(
          { local, remote, clock: systemClock, state, scope: scopeAt(scope, local.replica, systemClock.now()) },
          { ...(signal && { signal }), onCompared, full },
        );
        if (signal?.aborted) throw cancelled(signal.reason);
        const { equal, at, contents_at } = certificate;
        const verified = {
          ...(equal && { last_verified_at: at }),
          contents_at: reconciler.streams ? contents_at : null,
        };
        await local.commit({ steps: [], state: verified });
        await count();
        const { collections, ...rest } = certificate;
        return {
          certificate: { ...rest, collections: certificateOf(collections) },
          text: certificateText(certificate),
        };
      }),
    async decide(take) {
      await reconciler.decide(take === 'mine' ? 'ours' : 'theirs');
      change({ state: 'connecting', trouble: null });
    },
    look: () =>
      forPeople(async () => {
        await count();
        const waits = Object.values(await local.countDirty()).some((waiting) => waiting > 0);
        change({ state: waits ? 'catching_up' : 'synced', trouble: null });
      }).catch(() => undefined),
    digest: (collection, level) => forPeople(() => remote.digest(collection, level)),
    async stop() {
      isStopped = true;
      clearTimeout(counting);
      await reconciler.stop();
      await remote.close();
    },
  };
}

/** Changes when something has gone either way. */
function moved({ pushed, pulled }: ReconcilerStatus['counts']): string {
  return `${pushed} ${pulled}`;
}

const realClock: ClockPort = {
  now: () => Date.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      if (signal?.aborted) end();
      else signal?.addEventListener('abort', end, { once: true });
    }),
};

async function openRemote(url: string, database: string): Promise<RemotePort> {
  const { connect } = await import('../remote/connect.ts');
  const { createRemotePort } = await import('../remote/remote-port.ts');
  return createRemotePort(await connect(url, { db: database }), { ownsConnection: true });
}
