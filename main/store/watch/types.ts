import type { CollectionName } from '../../../shared/collections/registry.ts';

/** A file of records: its collection, and its path inside the collection's folder (`YYYY/MM/DD/name.json`). */
export interface DataFile {
  readonly collection: CollectionName;
  readonly path: string;
}

export function keyOf({ collection, path }: DataFile): string {
  return `${collection}/${path}`;
}

/** What the index says a file holds. */
export interface Expected {
  readonly bytes: number;
  readonly crc: number;
}

/** What became of a file that another program touched. */
export type Outcome =
  | { readonly kind: 'same' }
  /** Taken over: its records are ours now, with a new version each. */
  | { readonly kind: 'taken' }
  /** Cannot be a record as it stands. It may be in the middle of a save, so it is looked at once more before it goes. */
  | { readonly kind: 'faulty'; readonly reason: string };

/** For the person: what was done about another program's doings. */
export interface Notice {
  /**
   * taken: an edit became a version, a new file a record · merged: changed here at the same moment · set-aside: cannot be
   * a record · deleted: its file was removed · restored, lost: a missing file was to come back, and did or could not
   */
  readonly kind: 'taken' | 'merged' | 'set-aside' | 'deleted' | 'restored' | 'lost';
  readonly file: DataFile;
  readonly reason: string;
  /** set-aside: whether a good version stands in its place. deleted: whether the trash has a copy. */
  readonly isRestorable: boolean;
}

/** How external edits go; `held` files are missing and wait for the person's word, or for coming back. */
export type WatchState =
  | { readonly state: 'watching'; readonly folders: number }
  /** Events do not come; the rescans still do. */
  | { readonly state: 'rescanning'; readonly reason: string }
  | { readonly state: 'held'; readonly missing: readonly DataFile[]; readonly reason: string };

/** Waits, in milliseconds. Tests make them short. */
export interface WatchDelays {
  /** After the last event of a file, before it is read. */
  readonly quietMs: number;
  /** A file that never comes to rest is read after this all the same. */
  readonly patienceMs: number;
  /** How long a file that cannot be read as records is left to the program that may be saving it. */
  readonly midSaveMs: number;
  /** How long a file has to be missing before that is a deletion. */
  readonly vanishedMs: number;
  /** After a failure (a disk that refuses, a vanished vault). */
  readonly retryMs: number;
  /** After the last commit, before last good versions are kept. */
  readonly keepMs: number;
  readonly recentMs: number;
  readonly monthMs: number;
  readonly fullMs: number;
  /** After opening, until everything is compared for the first time. */
  readonly firstMs: number;
}

export const usualDelays: WatchDelays = {
  quietMs: 200,
  patienceMs: 5_000,
  midSaveMs: 30_000,
  vanishedMs: 60_000,
  retryMs: 5_000,
  keepMs: 2_000,
  recentMs: 5 * 60_000,
  monthMs: 60 * 60_000,
  fullMs: 24 * 60 * 60_000,
  firstMs: 15_000,
};

/** Does work later, and keeps no process alive. Returns what cancels it. */
export type After = (ms: number, work: () => void) => () => void;

export const afterUnref: After = (ms, work) => {
  const timer = setTimeout(work, ms);
  timer.unref();
  return () => clearTimeout(timer);
};
