import { parentPort, workerData } from 'node:worker_threads';
import type { LocalPort } from '../sync/ports.ts';
import { type Channel, createChannel, far } from './channel.ts';
import type { EngineStatus } from './engine.ts';
import { createLocalEngine } from './local-engine.ts';
import { readChecked } from './read-checked.ts';
import type { FarEngine, FarJob, ThreadTask, ThreadVault } from './thread-protocol.ts';

/** The thread in which the reconciling runs; thread-engine.ts is the other end. */
const { url, database, scope, replica, collections } = workerData as ThreadTask;
const listeners = new Set<() => void>();
const running = new Map<string, AbortController>();

function start(port: NonNullable<typeof parentPort>): void {
  const channel: Channel = createChannel(port, served());
  const local: LocalPort = {
    ...vaultThere(channel),
    replica,
    collections,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const tell = (method: string, ...args: readonly unknown[]): void =>
    void channel.ask(method, ...args).catch(() => undefined);
  const engine = createLocalEngine({
    url,
    database,
    scope,
    local,
    onStatus: () => tell('told', engine.status()),
    onEvent: (level, message) => tell('event', level, message),
  });

  function served(): FarEngine & Record<string, (...args: never[]) => unknown> {
    return {
      start: () => engine.start(),
      wake: async () => engine.wake(),
      run: (job: FarJob, id: string, full: boolean) => {
        const control = new AbortController();
        running.set(id, control);
        const onProgress = (progress: unknown): void => tell('progress', id, progress);
        return engine[job]({ signal: control.signal, onProgress, full }).finally(() => running.delete(id));
      },
      cancel: async (id) => running.get(id)?.abort(),
      decide: (take) => engine.decide(take),
      async look(): Promise<EngineStatus> {
        await engine.look();
        return engine.status();
      },
      digest: (collection, level) => engine.digest(collection, level),
      changed: async () => listeners.forEach((listener) => listener()),
      stop: () => engine.stop(),
    };
  }
}

type Asked = Omit<ThreadVault, 'replica' | 'collections' | 'onChange'>;

function vaultThere(channel: Channel): Omit<Asked, 'readUnchecked'> {
  const there = far<Asked>(channel, ['scan']);
  return {
    state: () => there.state(),
    dirty: (...args) => there.dirty(...args),
    countDirty: () => there.countDirty(),
    read: (...args) => readChecked(there, ...args),
    commit: (...args) => there.commit(...args),
    digest: (...args) => there.digest(...args),
    bases: (...args) => there.bases(...args),
    count: (...args) => there.count(...args),
    scan: (...args) => there.scan(...args),
  };
}

if (parentPort) start(parentPort);
