import type { CollectionName } from '../../shared/collections/registry.ts';
import type { SearchCoverage } from '../../shared/ipc/models.ts';
import type { VaultFile, VaultFileChange } from '../store/types.ts';
import type { Candidate, Engine, EngineQuery, FileListPart, Pause } from './engine.ts';
import { findPhrases } from './phrase-finder.ts';
import type { Phrase } from './query.ts';
import { bm25, mostReordered, scoreOf, titleWeight, type CorpusFacts } from './rank.ts';
import { readDataFile, type ReadRecord } from './record-reader.ts';
import { searchableOf } from './searchable.ts';
import { findSubstring, livingRecords } from './substring.ts';
import { countTokens } from './tokens.ts';

interface Found extends Omit<Candidate, 'score'> {
  readonly counts: readonly number[];
  readonly tokens: number;
  readonly createdMs: number;
  readonly demoted: boolean;
}

/** What one reading of all files brings together. */
interface Tally {
  records: number;
  tokens: number;
  readonly recordsWith: number[];
  readonly found: Found[];
}

/**
 * Search for runtimes without SQLite: reads the files at every query. The same words, the same ranking, the same
 * answers; the time grows with the vault.
 */
export class ScanEngine implements Engine {
  readonly #root: string;
  readonly #files = new Map<CollectionName, Map<string, VaultFile>>();
  #coming: VaultFile[] = [];
  #isListed = false;

  constructor(root: string) {
    this.#root = root;
  }

  list(part: FileListPart): void {
    this.#coming.push(...part.files);
    if (!part.isLast) return;
    for (const name of part.collections) this.#files.set(name, new Map());
    for (const file of this.#coming) this.#files.get(file.collection)?.set(file.path, file);
    this.#coming = [];
    this.#isListed = true;
  }

  change(changes: readonly VaultFileChange[]): void {
    for (const { collection, path, file } of changes) {
      if (file) this.#files.get(collection)?.set(path, file);
      else this.#files.get(collection)?.delete(path);
    }
  }

  work(): boolean {
    return false;
  }

  isSettled(): boolean {
    return this.#isListed;
  }

  coverage(): SearchCoverage {
    let total = 0;
    for (const file of this.#all()) total += file.records;
    return { indexed: total, total, state: this.#isListed ? 'ready' : 'building', engine: 'scan' };
  }

  async find(request: EngineQuery, pause: Pause): Promise<Candidate[]> {
    const { query, limit, nowMs } = request;
    if (query.kind === 'empty') return [];
    if (query.kind === 'substring') return findSubstring(this.#root, this.#all(), request, pause);
    const tally = await this.#read(query.phrases, pause);
    const facts: CorpusFacts = { ...tally, meanTokens: tally.tokens / Math.max(1, tally.records) };
    return tally.found
      .filter(({ collection }) => request.collections === null || request.collections.has(collection))
      .map((found) => ({ found, relevance: bm25(facts, found.counts, found.tokens) }))
      .sort((a, b) => b.relevance - a.relevance)
      .slice(0, Math.max(mostReordered, 2 * limit))
      .map(({ found, relevance }) => candidateOf(found, scoreOf(relevance, found.createdMs, found.demoted, nowMs)))
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
  }

  clear(): void {
    this.#files.clear();
    this.#isListed = false;
  }

  close(): void {
    this.clear();
  }

  async #read(phrases: readonly Phrase[], pause: Pause): Promise<Tally> {
    const tally: Tally = { records: 0, tokens: 0, recordsWith: phrases.map(() => 0), found: [] };
    for (const { path, collection } of this.#all()) {
      await pause();
      const bytes = readDataFile(this.#root, path);
      for (const record of bytes ? livingRecords(path, bytes) : []) addRecord(tally, collection, path, record, phrases);
    }
    return tally;
  }

  #all(): VaultFile[] {
    return [...this.#files.values()].flatMap((files) => [...files.values()]);
  }
}

function addRecord(
  tally: Tally,
  collection: CollectionName,
  path: string,
  { record, start, length }: ReadRecord,
  phrases: readonly Phrase[],
): void {
  const text = searchableOf(collection, record);
  const tokens = countTokens(text.title) + countTokens(text.body);
  const inTitle = countPhrases(text.title, phrases);
  const counts = countPhrases(text.body, phrases).map((count, at) => count + titleWeight * (inTitle[at] ?? 0));
  tally.records += 1;
  tally.tokens += tokens;
  counts.forEach((count, at) => {
    if (count > 0) tally.recordsWith[at] = (tally.recordsWith[at] ?? 0) + 1;
  });
  if (!counts.every((count) => count > 0)) return;
  const createdMs = Date.parse(text.createdAt) || 0;
  tally.found.push({
    collection,
    id: record.id,
    path,
    start,
    length,
    counts,
    tokens,
    createdMs,
    demoted: text.demoted,
  });
}

function countPhrases(text: string, phrases: readonly Phrase[]): number[] {
  const counts = phrases.map(() => 0);
  for (const { phrase } of findPhrases(text, phrases, { limit: Infinity })) counts[phrase] = (counts[phrase] ?? 0) + 1;
  return counts;
}

function candidateOf({ collection, id, path, start, length }: Found, score: number): Candidate {
  return { collection, id, path, start, length, score };
}
