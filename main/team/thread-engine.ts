import { Worker } from 'node:worker_threads';
import { AppError, cancelled, toAppError } from '../../shared/errors.ts';
import type { ThreadVault } from './thread-protocol.ts';
import { createChannel, far } from './channel.ts';
import { type Engine, type EnginePorts, type EngineStatus, connecting } from './engine.ts';
import type { FarEngine, FarJob, ThreadTask } from './thread-protocol.ts';
import type { TeamJobOptions, VerifyJobOptions } from './types.ts';

interface ThreadPorts extends EnginePorts {
  readonly local: ThreadVault;
  readonly workerUrl: URL;
}

/**
 * The reconciling in a thread of its own, so that comparing and the driver never hold up the app. The thread asks for
 * everything of the vault here; it touches no file.
 */
export function startThread({ url, database, scope, local, workerUrl, onStatus, onEvent }: ThreadPorts): Engine {
  const { replica, collections } = local;
  const task: ThreadTask = { url, database, scope, replica, collections };
  const worker = new Worker(workerUrl, { workerData: task });
  const watched = new Map<string, NonNullable<TeamJobOptions['onProgress']>>();
  let status: EngineStatus = connecting();
  let isStopped = false;
  let jobs = 0;

  const channel = createChannel(worker, {
    ...servedOf(local),
    told(next: EngineStatus) {
      status = next;
      onStatus();
    },
    event: onEvent,
    progress: (job: string, progress: Parameters<NonNullable<TeamJobOptions['onProgress']>>[0]) =>
      watched.get(job)?.(progress),
  });
  const there = far<FarEngine>(channel);
  const unwatch = local.onChange(() => void there.changed().catch(() => undefined));

  function ended(error: AppError): void {
    if (isStopped) return;
    isStopped = true;
    unwatch();
    channel.end(error);
    const { code, message, remedy } = error;
    status = { ...status, state: 'offline', trouble: { code, message, remedy } };
    onEvent('error', message);
    onStatus();
  }
  worker.on('error', (error) => ended(toAppError(error)));
  worker.on('exit', () => ended(gone()));

  async function run<T>(job: FarJob, { signal, onProgress, full = false }: VerifyJobOptions): Promise<T> {
    if (signal?.aborted) throw cancelled(signal.reason);
    const id = String((jobs += 1));
    if (onProgress) watched.set(id, onProgress);
    const cancel = (): void => void there.cancel(id).catch(() => undefined);
    signal?.addEventListener('abort', cancel);
    try {
      return (await there.run(job, id, full)) as T; // each job gives its own report, see thread-protocol.ts
    } finally {
      signal?.removeEventListener('abort', cancel);
      watched.delete(id);
    }
  }

  return {
    status: () => status,
    start: () => there.start(),
    wake: () => void there.wake().catch(() => undefined),
    sync: (options) => run('sync', options),
    backfill: (options) => run('backfill', options),
    pull: (options) => run('pull', options),
    verify: (options) => run('verify', options),
    decide: (take) => there.decide(take),
    look: async () => {
      status = await there.look();
    },
    digest: (collection, level) => there.digest(collection, level),
    async stop() {
      if (isStopped) return;
      isStopped = true;
      unwatch();
      await there.stop().catch(() => undefined);
      channel.end(cancelled());
      await worker.terminate();
    },
  };
}

/** What the thread may ask of the vault: the functions of the port, by name. */
function servedOf(local: ThreadVault) {
  return {
    state: () => local.state(),
    dirty: (...args: Parameters<ThreadVault['dirty']>) => local.dirty(...args),
    countDirty: () => local.countDirty(),
    read: (...args: Parameters<ThreadVault['read']>) => local.read(...args),
    readUnchecked: (...args: Parameters<ThreadVault['readUnchecked']>) => local.readUnchecked(...args),
    commit: (...args: Parameters<ThreadVault['commit']>) => local.commit(...args),
    digest: (...args: Parameters<ThreadVault['digest']>) => local.digest(...args),
    bases: (...args: Parameters<ThreadVault['bases']>) => local.bases(...args),
    count: (...args: Parameters<ThreadVault['count']>) => local.count(...args),
    scan: (...args: Parameters<ThreadVault['scan']>) => local.scan(...args),
  };
}

function gone(): AppError {
  return new AppError('INTERNAL', 'The thread that reconciles has ended.', {
    remedy: 'Nothing is lost: everything is on this computer. Change the mode, or start Almanac again.',
  });
}
