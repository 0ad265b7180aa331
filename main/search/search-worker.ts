import { rmSync } from 'node:fs';
import { errorData } from '../../shared/ipc/reply.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { Engine } from './engine.ts';
import { FtsEngine } from './fts-engine.ts';
import { hitsOf } from './hits.ts';
import type { FoundHit, FromWorker, ToWorker, WorkerSettings } from './protocol.ts';
import { isBusy, purgeIndex } from './purge-index.ts';
import { parseQuery } from './query.ts';
import { ScanEngine } from './scan-engine.ts';
import { isDamage, loadSqlite, removeIndex } from './sqlite.ts';

type Request = Extract<ToWorker, { type: 'query' }>;

/** Work is done in slices of so many milliseconds, so that a query never waits long. */
const sliceMs = 15;
/** While another process writes the index, or nothing is to be done yet, look again after so long. */
const lookAgainMs = 150;
const coverageEveryMs = 200;
const mostPurgeTries = 100;
/** A second damage within one life is not bad luck any more. */
const mostRepairs = 3;

/** The worker's side of search: keeps the index up in slices and answers queries between them, the newest first. */
export class SearchWorker {
  readonly #settings: WorkerSettings;
  readonly #post: (message: FromWorker) => void;
  #engine: Engine;
  #generation = -1;
  #settledGeneration = -1;
  readonly #waiting: Request[] = [];
  /** Sequence numbers of queries being answered; a long one gives way while it is not the newest. */
  readonly #running = new Set<number>();
  #timer: NodeJS.Immediate | NodeJS.Timeout | null = null;
  #coverage = { text: '', at: 0 };
  #repairs = 0;
  #isClosed = false;

  constructor(settings: WorkerSettings, post: (message: FromWorker) => void) {
    this.#settings = settings;
    this.#post = post;
    this.#engine = openEngine(settings);
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case 'list':
        this.#guard(() => this.#engine.list(message.part));
        if (message.part.isLast) this.#generation = message.part.generation;
        return this.#wake();
      case 'changes':
        this.#guard(() => this.#engine.change(message.changes));
        this.#generation = message.generation;
        return this.#wake();
      case 'query':
        this.#waiting.push(message);
        return void setImmediate(() => this.#answerNewest());
      case 'purge':
        return this.#purge(message);
      case 'rebuild':
        return this.#guard(() => this.#engine.clear());
      case 'close':
        return this.#close();
    }
  }

  /** Through a connection of its own: the engine's waits to be between two transactions, and so does this. */
  #purge({ seq, keys }: Extract<ToWorker, { type: 'purge' }>, tries = 1): void {
    if (this.#isClosed) return;
    try {
      purgeIndex(loadSqlite(), this.#settings.folder, keys);
      this.#post({ type: 'purged', seq });
    } catch (error) {
      if (isBusy(error) && tries < mostPurgeTries)
        setTimeout(() => this.#purge({ type: 'purge', seq, keys }, tries + 1), lookAgainMs);
      else this.#post({ type: 'failure', seq, error: errorData(toAppError(error)) });
    }
  }

  #wake(): void {
    if (this.#timer || this.#isClosed) return;
    this.#timer = setImmediate(() => this.#turn());
  }

  /** One slice of work, then the thread is free for messages before the next. */
  #turn(): void {
    this.#timer = null;
    if (this.#isClosed) return;
    const isBusy = this.#guard(() => this.#engine.work(sliceMs)) ?? false;
    const isSettled = this.#engine.isSettled();
    this.#tellCoverage(isSettled);
    if (isSettled && !isBusy && this.#settledGeneration !== this.#generation) {
      this.#settledGeneration = this.#generation;
      this.#post({ type: 'settled', generation: this.#generation });
    }
    if (isBusy) this.#wake();
    else if (this.#engine.coverage().state !== 'ready') this.#timer = setTimeout(() => this.#turn(), lookAgainMs);
  }

  #tellCoverage(atOnce: boolean): void {
    const now = performance.now();
    if (!atOnce && now - this.#coverage.at < coverageEveryMs) return;
    const coverage = this.#engine.coverage();
    const text = JSON.stringify(coverage);
    if (text === this.#coverage.text) return;
    this.#coverage = { text, at: now };
    this.#post({ type: 'coverage', coverage });
  }

  #answerNewest(): void {
    const request = this.#waiting.pop();
    if (request && !this.#isClosed) void this.#answer(request);
  }

  async #answer(request: Request): Promise<void> {
    const { seq } = request;
    this.#running.add(seq);
    try {
      const hits = await this.#hits(request).catch((error: unknown) => {
        if (!isDamage(error)) throw error;
        // The new index has nothing yet; coverage says so.
        this.#repair(error);
        return this.#hits(request);
      });
      this.#post({ type: 'answer', seq, hits });
    } catch (error) {
      this.#post({ type: 'failure', seq, error: errorData(toAppError(error)) });
    } finally {
      this.#running.delete(seq);
    }
  }

  async #hits({ seq, text, limit, collections, nowMs }: Request): Promise<FoundHit[]> {
    const query = parseQuery(text);
    const wanted = { query, limit, collections: collections && new Set(collections), nowMs };
    const candidates = await this.#engine.find(wanted, this.#pauseFor(seq));
    return hitsOf(this.#settings.root, candidates, query);
  }

  #pauseFor(seq: number): () => Promise<void> {
    let since = performance.now();
    const isNewest = (): boolean => this.#waiting.length === 0 && seq >= Math.max(...this.#running);
    return async () => {
      if (performance.now() - since < sliceMs) return;
      do {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#isClosed) throw new AppError('CANCELLED', 'The vault was closed.', { remedy: 'Open it again.' });
      } while (!isNewest());
      since = performance.now();
    };
  }

  #guard<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      this.#repair(error);
      if (!isDamage(error)) throw error;
      return undefined;
    }
  }

  /** A damaged index is thrown away and built anew: it holds nothing that the files do not. */
  #repair(error: unknown): void {
    if (!isDamage(error)) return;
    this.#repairs += 1;
    if (this.#repairs > mostRepairs) throw error;
    try {
      this.#engine.close();
    } catch {
      // Closing writes to the very file that is damaged.
    }
    removeIndex(this.#settings.folder);
    this.#engine = openEngine(this.#settings);
    this.#post({ type: 'relist', reason: 'damaged' });
  }

  #close(): void {
    this.#isClosed = true;
    if (this.#timer) {
      clearImmediate(this.#timer as NodeJS.Immediate); // one of the two clears it, the other does nothing
      clearTimeout(this.#timer as NodeJS.Timeout);
    }
    try {
      this.#engine.close();
    } catch (error) {
      if (!isDamage(error)) throw error;
      rmSync(this.#settings.folder, { recursive: true, force: true });
    }
  }
}

function openEngine({ root, folder, engine }: WorkerSettings): Engine {
  const sqlite = engine === 'scan' ? null : loadSqlite();
  if (!sqlite) return new ScanEngine(root);
  try {
    return new FtsEngine(sqlite, root, folder);
  } catch (error) {
    if (!isDamage(error)) throw error;
    removeIndex(folder);
    return new FtsEngine(sqlite, root, folder);
  }
}
