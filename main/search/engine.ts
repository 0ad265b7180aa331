import type { CollectionName } from '../../shared/collections/registry.ts';
import type { SearchCoverage } from '../../shared/ipc/models.ts';
import type { VaultFile, VaultFileChange } from '../store/types.ts';
import type { Place } from './record-reader.ts';
import type { SearchQuery } from './query.ts';

/** A record found, before its text is read for the snippet. */
export interface Candidate extends Place {
  readonly collection: CollectionName;
  readonly id: string;
  readonly score: number;
}

export interface EngineQuery {
  readonly query: SearchQuery;
  readonly limit: number;
  /** null: all of them. */
  readonly collections: ReadonlySet<string> | null;
  readonly nowMs: number;
}

/** Gives the thread to whatever is more urgent; awaited every few milliseconds by what takes long. */
export type Pause = () => Promise<void>;

/**
 * What finds records by their words. Lives in the worker, knows the vault's files by a list that is sent to it, and
 * reads them itself.
 */
export interface Engine {
  /** Part of the list of all files of these collections; what no part of a generation names is gone after the last. */
  list(part: FileListPart): void;
  /** Files that have changed since the last list of their collections. */
  change(changes: readonly VaultFileChange[]): void;
  /** Works on what is new or changed for about so many milliseconds; false when there is nothing left to do now. */
  work(milliseconds: number): boolean;
  /** Whether everything in the last complete list can be found. */
  isSettled(): boolean;
  coverage(): SearchCoverage;
  /** Best first; may hold records that were deleted a moment ago. */
  find(query: EngineQuery, pause: Pause): Promise<Candidate[]>;
  /** Forgets everything; the files have to be listed again. */
  clear(): void;
  close(): void;
}

export interface FileListPart {
  readonly generation: number;
  readonly collections: readonly CollectionName[];
  readonly files: readonly VaultFile[];
  readonly isLast: boolean;
}
