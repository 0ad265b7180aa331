import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { type FloorName, Floors, floorNames } from './floors.ts';
import { type Chunk, type OperationName, Workload } from './operations.ts';
import { quantile } from './statistics.ts';
import { loadSubject } from './subjects/kinds.ts';
import type { SubjectName } from './subjects/subject.ts';

/**
 * Each store runs in a process of its own, so that one's memory is not another's garbage collection; the parent lets
 * one of them work at a time. Run as a program, this file is such a process.
 */
export interface Measured {
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

type Request =
  | { readonly do: 'open'; readonly name: SubjectName; readonly folder: string; readonly size: number }
  | { readonly do: 'openFloors'; readonly folder: string; readonly size: number; readonly data: string }
  | { readonly do: 'fill' | 'settle' | 'close' }
  | ({ readonly do: 'run'; readonly name: OperationName | FloorName } & Chunk);

type Reply = { readonly value: unknown } | { readonly error: string };

export class BenchProcess {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(import.meta.filename, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  async open(name: SubjectName, folder: string, size: number): Promise<void> {
    await this.#ask({ do: 'open', name, folder, size });
  }
  async openFloors(folder: string, size: number, data: string): Promise<void> {
    await this.#ask({ do: 'openFloors', folder, size, data });
  }
  /** Milliseconds in which the store took its first documents, and in which it then settled. */
  async fill(): Promise<{ readonly fillMs: number; readonly settleMs: number }> {
    return (await this.#ask({ do: 'fill' })) as { fillMs: number; settleMs: number };
  }
  async run(name: OperationName | FloorName, chunk: Chunk): Promise<Measured> {
    return (await this.#ask({ do: 'run', name, ...chunk })) as Measured;
  }
  async settle(): Promise<void> {
    await this.#ask({ do: 'settle' });
  }
  /** Closes the store and ends the process. */
  async close(): Promise<void> {
    await this.#ask({ do: 'close' });
    await new Promise((resolve) => {
      this.#child.once('exit', resolve);
      this.#child.disconnect();
    });
  }

  #ask(request: Request): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void =>
        reject(new Error(`A measured process ended with ${code} during ${JSON.stringify(request)}.`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (reply) => {
        this.#child.off('exit', onExit);
        const answer = reply as Reply; // from `serve`, below
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer.value);
      });
      this.#child.send(request);
    });
  }
}

function createServer(): (request: Request) => Promise<unknown> {
  let subject: Awaited<ReturnType<Awaited<ReturnType<typeof loadSubject>>['open']>> | null = null;
  let workload: Workload | null = null;
  let floors: Floors | null = null;
  let isSlow = false;
  return async (request) => {
    switch (request.do) {
      case 'open': {
        mkdirSync(request.folder, { recursive: true });
        const kind = await loadSubject(request.name);
        isSlow = kind.isSlow ?? false;
        subject = await kind.open(request.folder);
        workload = new Workload(subject, request.size);
        return null;
      }
      case 'openFloors':
        mkdirSync(request.folder, { recursive: true });
        floors = new Floors(request.folder, request.size, request.data);
        return null;
      case 'fill': {
        const fillMs = (await workload?.fill(isSlow ? Number.MAX_SAFE_INTEGER : 1000)) ?? 0;
        const started = performance.now();
        await subject?.settle();
        return { fillMs, settleMs: performance.now() - started };
      }
      case 'settle':
        await subject?.settle();
        return null;
      case 'run':
        return summary(await run(request));
      case 'close':
        await subject?.close();
        return null;
    }
  };

  function run({ name, ...chunk }: Extract<Request, { do: 'run' }>): Promise<number[]> {
    if (floors !== null && isFloor(name)) return floors.run(name, chunk);
    if (workload !== null && !isFloor(name)) return workload.run(name, chunk);
    throw new Error(`${name} cannot be measured before it is opened.`);
  }
}

function isFloor(name: string): name is FloorName {
  return (floorNames as readonly string[]).includes(name);
}

function summary(samples: readonly number[]): Measured {
  return { p50: quantile(samples, 0.5), p99: quantile(samples, 0.99), count: samples.length };
}

function serve(): void {
  const answer = createServer();
  process.on('message', (request) => {
    void answer(request as Request) // from BenchProcess
      .then((value): Reply => ({ value }))
      .catch((error: unknown): Reply => ({ error: error instanceof Error ? String(error.stack) : String(error) }))
      .then((reply) => process.send?.(reply));
  });
}

if (process.argv[1] === import.meta.filename) serve();
