import type { SearchCoverage, SearchHit } from '../../shared/ipc/models.ts';

export interface SearchOptions {
  readonly limit: number;
  readonly collections?: readonly string[];
}

export interface SearchAnswer {
  readonly hits: SearchHit[];
  readonly coverage: SearchCoverage;
  readonly took_ms: number;
}

/** Full-text search, derived from the vault's files and disposable. */
export interface Search {
  /** Every word must be found, the last one as a prefix. Any text is a legal query; best hits first. */
  query(text: string, options: SearchOptions): Promise<SearchAnswer>;
  coverage(): SearchCoverage;
  onCoverage(listener: (coverage: SearchCoverage) => void): () => void;
  /** Resolves once everything committed before the call can be found. */
  settled(): Promise<void>;
  /** Takes the words of these records (`<collection>/<id>`) out of the index, down to the last byte. The files are changed before. */
  purge(keys: readonly string[]): Promise<void>;
  /** Throws the index away and reads all files again. */
  rebuild(): Promise<void>;
  close(): Promise<void>;
}
