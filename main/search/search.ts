import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isCollectionName, type CollectionName } from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import type { SearchCoverage, SearchHit } from '../../shared/ipc/models.ts';
import { errorFromData } from '../../shared/ipc/reply.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Vault, VaultFileChange } from '../store/types.ts';
import { listFiles } from './file-lister.ts';
import type { FoundHit, FromWorker, ToWorker, WorkerSettings } from './protocol.ts';
import { searchableCollections } from './searchable.ts';
import type { Search, SearchAnswer, SearchOptions } from './types.ts';

export interface SearchPorts {
  readonly vault: Pick<Vault, 'root' | 'files' | 'onFiles' | 'settleFiles' | 'collection'>;
  /** The worker's file: worker.ts, or what it was built to. */
  readonly workerUrl: URL;
  readonly clock: Clock;
  readonly log: Log;
  /** `scan` does without SQLite even where there is one. */
  readonly engine?: 'best' | 'scan';
}

/** Starts search over an open vault, in a thread of its own. Answers at once, from what is indexed already. */
export function createSearch(ports: SearchPorts): Search {
  return new WorkerSearch(ports);
}

interface Waiting {
  readonly resolve: (hits: readonly FoundHit[]) => void;
  readonly reject: (error: Error) => void;
}

/** A burst of changes is one new list; a single one is found soon. */
const gatherMs = 60;
const mostRestarts = 3;

class WorkerSearch implements Search {
  readonly #ports: SearchPorts;
  readonly #unwatch: () => void;
  readonly #listeners = new Set<(coverage: SearchCoverage) => void>();
  readonly #queries = new Map<number, Waiting>();
  /** Collections whose files are to be listed. */
  readonly #changed = new Set<CollectionName>(searchableCollections);
  /** By path, what is known to have changed since the last list. */
  readonly #changes = new Map<string, VaultFileChange>();
  #worker: Worker;
  #workerEnded: Promise<void> = Promise.resolve();
  #coverage: SearchCoverage = { indexed: 0, total: 0, state: 'building', engine: 'fts5' };
  #settling: { readonly generation: number; readonly resolve: () => void; readonly reject: (error: Error) => void }[] =
    [];
  #settledGeneration = -1;
  #generation = 0;
  #seq = 0;
  #restarts = 0;
  #timer: NodeJS.Timeout | null = null;
  #listing: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(ports: SearchPorts) {
    this.#ports = ports;
    this.#worker = this.#start();
    this.#unwatch = ports.vault.onFiles((collections, changes) => this.#take(collections, changes));
    this.#listSoon(0);
  }

  async query(text: string, { limit, collections }: SearchOptions): Promise<SearchAnswer> {
    const startedAt = performance.now();
    const hits = await this.#ask(text, limit, collections ?? null);
    const shown = await this.#titled(hits);
    return { hits: shown, coverage: this.#coverage, took_ms: Math.round((performance.now() - startedAt) * 10) / 10 };
  }

  coverage(): SearchCoverage {
    return this.#coverage;
  }

  onCoverage(listener: (coverage: SearchCoverage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async settled(): Promise<void> {
    this.#refuseWhenOver();
    await this.#ports.vault.settleFiles();
    await this.#list();
    const generation = this.#generation;
    if (this.#settledGeneration >= generation) return;
    await new Promise<void>((resolve, reject) => this.#settling.push({ generation, resolve, reject }));
  }

  async rebuild(): Promise<void> {
    this.#refuseWhenOver();
    await this.#listing;
    for (const name of searchableCollections) this.#changed.add(name);
    this.#send({ type: 'rebuild' });
    await this.settled();
  }

  async purge(keys: readonly string[]): Promise<void> {
    this.#refuseWhenOver();
    const seq = (this.#seq += 1);
    await new Promise<readonly FoundHit[]>((resolve, reject) => {
      this.#queries.set(seq, { resolve, reject });
      this.#send({ type: 'purge', seq, keys });
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  #ask(text: string, limit: number, collections: readonly string[] | null): Promise<readonly FoundHit[]> {
    this.#refuseWhenOver();
    const seq = (this.#seq += 1);
    return new Promise((resolve, reject) => {
      this.#queries.set(seq, { resolve, reject });
      this.#send({ type: 'query', seq, text, limit, collections, nowMs: this.#ports.clock.now() });
    });
  }

  /** Titles come from the vault's own index, and so does the word on whether a record is still there. */
  async #titled(hits: readonly FoundHit[]): Promise<SearchHit[]> {
    const alive = new Map<string, Set<string>>();
    for (const collection of new Set(hits.map((hit) => hit.collection))) {
      if (!isCollectionName(collection)) continue;
      const ids = hits.filter((hit) => hit.collection === collection).map((hit) => hit.id);
      const found = await this.#ports.vault
        .collection(collection)
        .find({ id: { $in: ids } }, { projection: { id: 1 } });
      alive.set(collection, new Set(found.map((record) => record.id)));
    }
    const titles = await this.#titles(hits.flatMap((hit) => (hit.title === null ? (hit.conversation_id ?? []) : [])));
    return hits
      .filter((hit) => alive.get(hit.collection)?.has(hit.id))
      .map((hit) => ({ ...hit, title: hit.title ?? titles.get(hit.conversation_id ?? '') ?? '' }));
  }

  async #titles(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const filter = { id: { $in: [...new Set(ids)] } };
    const found = await this.#ports.vault.collection('conversations').find(filter, { projection: { id: 1, title: 1 } });
    return new Map(found.map((record) => [record.id, record.title ?? '']));
  }

  #take(collections: ReadonlySet<CollectionName>, changes: readonly VaultFileChange[] | undefined): void {
    for (const name of changes === undefined ? collections : []) {
      if (searchableCollections.includes(name)) this.#changed.add(name);
    }
    for (const change of changes ?? []) {
      if (searchableCollections.includes(change.collection)) this.#changes.set(change.path, change);
    }
    if (this.#changed.size + this.#changes.size > 0) this.#listSoon();
  }

  #listSoon(delayMs = gatherMs): void {
    if (this.#timer || this.#closing) return;
    this.#timer = setTimeout(() => {
      void this.#list().catch((error: unknown) => this.#fail(error));
    }, delayMs);
  }

  /** Sends what has changed, and the lists of all files where it is not known what; one at a time. */
  async #list(): Promise<void> {
    while (this.#listing) await this.#listing;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#closing) return;
    if (this.#changed.size > 0) await this.#listAll();
    if (this.#changes.size === 0) return;
    this.#generation += 1;
    this.#send({ type: 'changes', generation: this.#generation, changes: [...this.#changes.values()] });
    this.#changes.clear();
  }

  async #listAll(): Promise<void> {
    const collections = [...this.#changed];
    this.#changed.clear();
    for (const [path, { collection }] of this.#changes)
      if (collections.includes(collection)) this.#changes.delete(path);
    this.#generation += 1;
    this.#listing = listFiles(this.#ports.vault, collections, this.#generation, (part) =>
      this.#send({ type: 'list', part }),
    );
    try {
      await this.#listing;
    } finally {
      this.#listing = null;
    }
  }

  #start(): Worker {
    const { vault, workerUrl, engine = 'best' } = this.#ports;
    const settings: WorkerSettings = { root: vault.root, folder: join(vault.root, '_search'), engine };
    // A runaway index must end this thread, not the app: threads share one heap limit unless they have their own.
    const worker = new Worker(workerUrl, {
      workerData: settings,
      resourceLimits: { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 16 },
    });
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#restart(worker, error));
    this.#workerEnded = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('exit', () => this.#restart(worker, new Error('the search thread ended')));
    return worker;
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'coverage':
        return this.#cover(message.coverage);
      case 'settled':
        return this.#settle(message.generation);
      case 'answer':
        this.#queries.get(message.seq)?.resolve(message.hits);
        this.#queries.delete(message.seq);
        return;
      case 'purged':
        this.#queries.get(message.seq)?.resolve([]);
        this.#queries.delete(message.seq);
        return;
      case 'failure':
        this.#queries.get(message.seq)?.reject(errorFromData(message.error));
        this.#queries.delete(message.seq);
        return;
      case 'relist':
        this.#ports.log.warn('search index replaced', { reason: message.reason });
        for (const name of searchableCollections) this.#changed.add(name);
        return this.#listSoon(0);
    }
  }

  #cover(coverage: SearchCoverage): void {
    this.#coverage = coverage;
    for (const listener of this.#listeners) listener(coverage);
  }

  #settle(generation: number): void {
    // A list that went to a worker that has died since is settled by the one that replaced it.
    this.#settledGeneration = generation;
    const done = this.#settling.filter((waiting) => waiting.generation <= generation);
    this.#settling = this.#settling.filter((waiting) => waiting.generation > generation);
    for (const { resolve } of done) resolve();
  }

  #restart(worker: Worker, error: Error): void {
    if (worker !== this.#worker || this.#closing || this.#coverage.state === 'failed') return;
    this.#ports.log.warn('search thread ended', { reason: error.message, restarts: this.#restarts });
    this.#rejectQueries(unavailable(error));
    this.#restarts += 1;
    if (this.#restarts > mostRestarts) return this.#fail(error);
    this.#worker = this.#start();
    for (const name of searchableCollections) this.#changed.add(name);
    this.#listSoon(0);
  }

  #fail(error: unknown): void {
    if (this.#closing) return;
    this.#cover({ ...this.#coverage, state: 'failed' });
    const cause = unavailable(error);
    this.#rejectQueries(cause);
    for (const { reject } of this.#settling.splice(0)) reject(cause);
  }

  #rejectQueries(error: Error): void {
    for (const { reject } of this.#queries.values()) reject(error);
    this.#queries.clear();
  }

  #refuseWhenOver(): void {
    if (this.#closing) throw closed();
    if (this.#coverage.state === 'failed') throw unavailable(undefined);
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  async #stop(): Promise<void> {
    this.#unwatch();
    if (this.#timer) clearTimeout(this.#timer);
    this.#send({ type: 'close' });
    this.#rejectQueries(closed());
    for (const { reject } of this.#settling.splice(0)) reject(closed());
    await this.#workerEnded;
  }
}

function closed(): AppError {
  return new AppError('VAULT_CLOSED', 'Search was asked after the vault was closed.', {
    remedy: 'Open the vault again.',
  });
}

function unavailable(cause: unknown): AppError {
  return new AppError('SEARCH_UNAVAILABLE', 'Search has stopped working; everything else goes on.', {
    remedy: 'Restart Almanac. If it happens again, delete the folder _search in the vault: it is built anew.',
    cause,
  });
}
