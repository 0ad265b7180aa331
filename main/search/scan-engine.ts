import type { CollectionName } from '../../shared/collections/registry.ts';
import type { SearchCoverage } from '../../shared/ipc/models.ts';
import type { VaultFile, VaultFileChange } from '../store/types.ts';
import type { Candidate, Engine, EngineQuery, FileListPart, Pause } from './engine.ts';
import { findPhrases } from './phrase-finder.ts';
import type { Phrase } from './query.ts';
import { bm25, mostReordered, scoreOf, titleWeight, type CorpusFacts } from './rank.ts';
import { readDataFileBriefly } from './record-reader.ts';
import { searchableOf, type Searchable } from './searchable.ts';
import { findSubstring, livingRecords } from './substring.ts';
import { countTokens } from './tokens.ts';
import { OtherWords, wordFilter } from './word-filter.ts';

interface Found extends Omit<Candidate, 'score'> {
  readonly counts: readonly number[];
  readonly tokens: number;
  readonly createdMs: number;
  readonly demoted: boolean;
}

/** What a file was found to hold when it was read as records. */
interface FileFacts {
  readonly records: number;
  readonly tokens: number;
  /** As `OtherWords.text`. */
  readonly otherWords: string | null;
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
 * answers; the time grows with the vault. The first query reads everything as records, and counts what ranking has to
 * know of those that do not match; the next ones parse only files in whose bytes the words may stand.
 */
export class ScanEngine implements Engine {
  readonly #root: string;
  readonly #files = new Map<CollectionName, Map<string, VaultFile>>();
  /** Of files as they are listed: one that has changed is another. */
  readonly #facts = new WeakMap<VaultFile, FileFacts>();
  #coming: VaultFile[] = [];
  #isListed = false;

  constructor(root: string) {
    this.#root = root;
  }

  list(part: FileListPart): void {
    this.#coming.push(...part.files);
    if (!part.isLast) return;
    const former = new Map(this.#files);
    for (const name of part.collections) this.#files.set(name, new Map());
    for (const file of this.#coming) {
      const known = former.get(file.collection)?.get(file.path);
      this.#files.get(file.collection)?.set(file.path, known?.signature === file.signature ? known : file);
    }
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
    const mayHold = wordFilter(phrases);
    for (const file of this.#all()) {
      await pause();
      const bytes = readDataFileBriefly(this.#root, file.path);
      if (bytes === null) continue;
      const facts = this.#facts.get(file);
      if (facts && !mayHold(bytes.toString('latin1'), facts.otherWords)) addFacts(tally, facts);
      else this.#readRecords(tally, file, bytes, phrases);
    }
    return tally;
  }

  #readRecords(tally: Tally, file: VaultFile, bytes: Buffer, phrases: readonly Phrase[]): void {
    const { path, collection } = file;
    const records = livingRecords(path, bytes).map(({ record, start, length }) => {
      return { text: searchableOf(collection, record), place: { collection, id: record.id, path, start, length } };
    });
    const facts = this.#facts.get(file) ?? factsOf(bytes, records);
    this.#facts.set(file, facts);
    addFacts(tally, facts);
    for (const { text, place } of records) addRecord(tally, place, text, phrases);
  }

  #all(): VaultFile[] {
    return [...this.#files.values()].flatMap((files) => [...files.values()]);
  }
}

function factsOf(bytes: Buffer, records: readonly { readonly text: Searchable }[]): FileFacts {
  const words = new OtherWords(bytes.toString('latin1'));
  for (const { text } of records) for (const part of [text.title, text.body]) words.add(part);
  return { records: records.length, tokens: words.tokens, otherWords: words.text };
}

function addFacts(tally: Tally, { records, tokens }: FileFacts): void {
  tally.records += records;
  tally.tokens += tokens;
}

function addRecord(
  tally: Tally,
  place: Omit<Candidate, 'score'>,
  { title, body, createdAt, demoted }: Searchable,
  phrases: readonly Phrase[],
): void {
  const inTitle = countPhrases(title, phrases);
  const counts = countPhrases(body, phrases).map((count, at) => count + titleWeight * (inTitle[at] ?? 0));
  counts.forEach((count, at) => {
    if (count > 0) tally.recordsWith[at] = (tally.recordsWith[at] ?? 0) + 1;
  });
  if (!counts.every((count) => count > 0)) return;
  const tokens = countTokens(title) + countTokens(body);
  tally.found.push({ ...place, counts, tokens, createdMs: Date.parse(createdAt) || 0, demoted });
}

function countPhrases(text: string, phrases: readonly Phrase[]): number[] {
  const counts = phrases.map(() => 0);
  for (const { phrase } of findPhrases(text, phrases, { limit: Infinity })) counts[phrase] = (counts[phrase] ?? 0) + 1;
  return counts;
}

function candidateOf({ collection, id, path, start, length }: Found, score: number): Candidate {
  return { collection, id, path, start, length, score };
}
