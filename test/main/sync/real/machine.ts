import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { withCompileCache } from '../../../helpers/compile-cache.ts';
import type { Replica, ReplicaSpec } from './replica.ts';

type Asked = Pick<Replica, 'edit' | 'remove' | 'setScope' | 'scopeOf' | 'sync' | 'decide' | 'dump' | 'close'>;

type Answer<M extends keyof Asked> = Awaited<ReturnType<Asked[M]>>;

export interface Request {
  readonly seq: number;
  readonly history: string;
  readonly method: keyof Asked | 'open';
  readonly args: readonly unknown[];
}
export interface Response {
  readonly seq: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** The machine was killed before it answered: nobody knows what of it has happened. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** A process with a replica of each history of a group, that can be killed and begun again. */
export class Machine {
  readonly #specs = new Map<string, ReplicaSpec>();
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #seq = 0;
  /** Called for each replica that stands again after a kill, before anything else is asked of it. */
  onReopened: (history: string) => Promise<void> = () => Promise.resolve();
  /** Resolves once it can be asked. */
  ready: Promise<void> = Promise.resolve();

  start(): void {
    const script = join(import.meta.dirname, 'children/machine.ts');
    const child = fork(script, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
      env: withCompileCache(),
      execArgv: ['--max-semi-space-size=16'],
    });
    this.#child = child;
    child.once('exit', (code, signal) => {
      if (signal !== 'SIGKILL') this.#giveUp(new Error(`the machine ended by itself (${code ?? signal})`));
    });
    child.on('message', ({ seq, value, error }: Response) => {
      const waiting = this.#waiting.get(seq);
      this.#waiting.delete(seq);
      if (error === undefined) waiting?.resolve(value as never);
      else waiting?.reject(new Error(error));
    });
  }

  async open(spec: ReplicaSpec): Promise<void> {
    await this.#ask(spec.key, 'open', [spec]);
    this.#specs.set(spec.key, spec);
  }

  /** Ends a replica in peace, and begins it again with other settings. */
  async reopen(history: string, change: Partial<ReplicaSpec>): Promise<void> {
    const spec = this.#specs.get(history);
    if (spec === undefined) throw new Error(`no replica of history ${history}`);
    await this.#ask(history, 'close', []);
    await this.open({ ...spec, ...change });
  }

  /** Waits where it is just being begun again; Killed where it is killed meanwhile. */
  async ask<M extends keyof Asked>(history: string, method: M, ...args: Parameters<Asked[M]>): Promise<Answer<M>> {
    for (let awaited: Promise<void> | undefined; awaited !== this.ready;) await (awaited = this.ready);
    return this.#ask<Answer<M>>(history, method, args);
  }

  /** As a power cut: at once, whatever it does. Then it is begun again. */
  async killAndRestart(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    let isReady: () => void = () => undefined;
    let failed: (error: unknown) => void = () => undefined;
    this.ready = new Promise((resolve, reject) => {
      isReady = resolve;
      failed = reject;
    });
    this.ready.catch(() => undefined);
    await this.#end(child);
    try {
      this.start();
      await Promise.all([...this.#specs.values()].map((spec) => this.#openAgain(spec)));
      isReady();
    } catch (error) {
      failed(error);
      throw error;
    }
  }

  async #openAgain(spec: ReplicaSpec): Promise<void> {
    await this.#ask(spec.key, 'open', [spec]);
    await this.onReopened(spec.key);
  }

  /** For `onReopened` alone: `ask` would wait for it. */
  dumpNow(history: string): Promise<Answer<'dump'>> {
    return this.#ask(history, 'dump', []);
  }

  async stop(): Promise<void> {
    if (this.#child !== undefined) await this.#end(this.#child);
    this.#child = undefined;
  }

  async #end(child: ChildProcess): Promise<void> {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await ended;
    this.#giveUp(new Killed('the machine was killed'));
  }

  #giveUp(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #ask<T>(history: string, method: Request['method'], args: readonly unknown[]): Promise<T> {
    const child = this.#child;
    if (child === undefined) return Promise.reject(new Killed('the machine does not run'));
    const seq = (this.#seq += 1);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(seq, { resolve: resolve as Waiting['resolve'], reject });
      // Where it cannot be sent any more, the machine's end rejects it.
      child.send({ seq, history, method, args } satisfies Request, () => undefined);
    });
  }
}
