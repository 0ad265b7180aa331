import type { SearchCoverage, SearchHit } from '../../shared/ipc/models.ts';
import type { ErrorData } from '../../shared/ipc/reply.ts';
import type { VaultFileChange } from '../store/types.ts';
import type { FileListPart } from './engine.ts';

/** What the worker is started with. */
export interface WorkerSettings {
  /** The vault's folder. */
  readonly root: string;
  /** Where the index is kept. */
  readonly folder: string;
  readonly engine: 'best' | 'scan';
}

export type ToWorker =
  | { readonly type: 'list'; readonly part: FileListPart }
  /** Counted as a list is: once they can be found, this generation is settled. */
  | { readonly type: 'changes'; readonly generation: number; readonly changes: readonly VaultFileChange[] }
  | {
      readonly type: 'query';
      readonly seq: number;
      readonly text: string;
      readonly limit: number;
      readonly collections: readonly string[] | null;
      readonly nowMs: number;
    }
  | { readonly type: 'rebuild' }
  /** Answered by `purged` or `failure`. `keys`: `<collection>/<id>`. */
  | { readonly type: 'purge'; readonly seq: number; readonly keys: readonly string[] }
  | { readonly type: 'close' };

/** A hit as the worker finds it; `title` is null where it is that of the conversation, which main knows. */
export type FoundHit = Omit<SearchHit, 'title'> & { readonly title: string | null };

export type FromWorker =
  | { readonly type: 'coverage'; readonly coverage: SearchCoverage }
  /** Everything in the list of this generation can be found. */
  | { readonly type: 'settled'; readonly generation: number }
  | { readonly type: 'answer'; readonly seq: number; readonly hits: readonly FoundHit[] }
  | { readonly type: 'purged'; readonly seq: number }
  | { readonly type: 'failure'; readonly seq: number; readonly error: ErrorData }
  /** The index had to be thrown away: send the list of all files again. */
  | { readonly type: 'relist'; readonly reason: string };
