import { aMessage, documentOf, groupOf, idOf } from './documents.ts';
import type { Subject } from './subjects/subject.ts';

/**
 * What is measured of every store. Each gives its samples in milliseconds per document (or per query); a chunk ends
 * when it has enough of them or its time is up.
 */
export const operationNames = [
  'insert',
  'insert32',
  'stream',
  'bulk',
  'update',
  'findOneAndUpdate',
  'get',
  'getAgain',
  'newestRows',
  'newestDocuments',
  'filterRows',
  'filterDocuments',
  'filterWithoutIndex',
  'delete',
  'deleteMany',
] as const;
export type OperationName = (typeof operationNames)[number];

export interface Chunk {
  readonly count: number;
  readonly budgetMs: number;
}

/** Where a store's run stands: no document is updated, read for the first time, or deleted twice. */
export class Workload {
  readonly #subject: Subject;
  readonly #size: number;
  #inserted: number;
  #updated = 0;
  #read = 0;
  #deleted: number;
  #queries = 0;

  constructor(subject: Subject, size: number) {
    this.#subject = subject;
    this.#size = size;
    this.#inserted = size;
    this.#deleted = size;
  }

  async run(name: OperationName, chunk: Chunk): Promise<number[]> {
    const subject = this.#subject;
    if (name === 'delete' || name === 'deleteMany') await this.#provide(chunk.count);
    switch (name) {
      case 'insert':
        return each(chunk, () => subject.insert(this.#newDocument()));
      case 'insert32':
        return this.#inFlight(chunk, 32);
      case 'stream':
        return this.#stream(chunk);
      case 'bulk':
        return this.#bulk(chunk);
      case 'update':
        return each(chunk, () => {
          const [id, message] = this.#nextUpdate();
          return subject.update(id, message, message.created_at);
        });
      case 'findOneAndUpdate':
        return each(chunk, () => {
          const [id, message] = this.#nextUpdate();
          return subject.updateAndGet(id, message, message.created_at);
        });
      case 'get':
        return each(chunk, () => subject.get(idOf(this.#nextRead())));
      case 'getAgain':
        return this.#getAgain(chunk);
      case 'newestRows':
        return each(chunk, () => subject.newestRows(50));
      case 'newestDocuments':
        return each(chunk, () => subject.newestDocuments(50));
      case 'filterRows':
        return each(chunk, () => subject.rowsOfUser(groupOf((this.#queries += 1), 'user')));
      case 'filterDocuments':
        return each(chunk, () => subject.documentsOfUser(groupOf((this.#queries += 1), 'user')));
      case 'filterWithoutIndex':
        return each(chunk, () => subject.rowsOfWorkspace(groupOf((this.#queries += 1), 'workspace')));
      case 'delete':
        return each(chunk, () => subject.remove(idOf(this.#nextDeleted(1)[0] ?? 0)));
      case 'deleteMany':
        return this.#deleteMany(chunk);
    }
  }

  /** The documents that the store begins with, a thousand at a time. Milliseconds in all. */
  async fill(batch: number): Promise<number> {
    let spentMs = 0;
    for (let at = 0; at < this.#size; at += batch) {
      const documents = Array.from({ length: Math.min(batch, this.#size - at) }, (_, index) =>
        documentOf(at + index, this.#size),
      );
      spentMs += await timed(() => this.#subject.insertMany(documents));
    }
    return spentMs;
  }

  /** Something to delete, where this run has not inserted so much. */
  async #provide(count: number): Promise<void> {
    const missing = this.#deleted + count - this.#inserted;
    if (missing <= 0) return;
    await this.#subject.insertMany(Array.from({ length: missing }, () => this.#newDocument()));
    await this.#subject.settle();
  }

  #newDocument(): ReturnType<typeof documentOf> {
    this.#inserted += 1;
    return documentOf(this.#inserted - 1, this.#size);
  }

  /** Steps through the first documents in an order that neighbours nothing. */
  #nextRead(): number {
    return ((this.#read += 1) * 7919) % this.#size;
  }

  #nextUpdate(): [string, ReturnType<typeof aMessage>] {
    const at = ((this.#updated += 1) * 6101) % this.#size;
    return [idOf(at), aMessage(at, new Date(Date.UTC(2026, 0, 1) + this.#updated * 1000).toISOString())];
  }

  #nextDeleted(count: number): number[] {
    this.#deleted += count;
    return Array.from({ length: count }, (_, index) => this.#deleted - count + index);
  }

  async #inFlight({ count, budgetMs }: Chunk, width: number): Promise<number[]> {
    const until = performance.now() + budgetMs;
    let left = count;
    let done = 0;
    const worker = async (): Promise<void> => {
      while (left > 0 && (done === 0 || performance.now() < until)) {
        left -= 1;
        await this.#subject.insert(this.#newDocument());
        done += 1;
      }
    };
    const ms = await timed(() => Promise.all(Array.from({ length: Math.min(width, count) }, worker)));
    return [ms / done];
  }

  /** One after another, and what they leave to be done in the background. */
  async #stream({ count, budgetMs }: Chunk): Promise<number[]> {
    let done = 0;
    const ms = await timed(async () => {
      const until = performance.now() + budgetMs;
      while (done < count && (done === 0 || performance.now() < until)) {
        await this.#subject.insert(this.#newDocument());
        done += 1;
      }
      await this.#subject.settle();
    });
    return [ms / done];
  }

  async #bulk({ count, budgetMs }: Chunk): Promise<number[]> {
    const samples = await each({ count: Math.max(1, count / 1000), budgetMs }, () =>
      this.#subject.insertMany(Array.from({ length: 1000 }, () => this.#newDocument())),
    );
    return samples.map((ms) => ms / 1000);
  }

  async #getAgain(chunk: Chunk): Promise<number[]> {
    const ids = Array.from({ length: 20 }, () => idOf(this.#nextRead()));
    for (const id of ids) await this.#subject.get(id);
    let at = 0;
    return each(chunk, () => this.#subject.get(ids[(at += 1) % ids.length] ?? ''));
  }

  async #deleteMany({ count, budgetMs }: Chunk): Promise<number[]> {
    const batch = Math.min(500, count);
    const samples = await each({ count: count / batch, budgetMs }, () =>
      this.#subject.removeMany(this.#nextDeleted(batch).map(idOf)),
    );
    return samples.map((ms) => ms / batch);
  }
}

export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** At least one sample, whatever the time. */
export async function each({ count, budgetMs }: Chunk, work: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  const until = performance.now() + budgetMs;
  do samples.push(await timed(work));
  while (samples.length < count && performance.now() < until);
  return samples;
}
