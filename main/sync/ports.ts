import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Meta } from '../../shared/store/store.ts';
import type { StoredRecord } from '../records/stored-record.ts';

/**
 * What the reconciler needs of the world: a vault (LocalPort), a team database (RemotePort), time and chance.
 * It knows neither files nor the driver; a simulator can stand for both. reliability.md §3 is the protocol.
 *
 * A *version* is a whole StoredRecord: domain fields and `_meta`. A tombstone is a version with `_meta.del` and no
 * domain fields but id, dates and a log's stream field. A record's *day* is the UTC day of its `created_at`.
 */

export interface RecordRef {
  readonly collection: CollectionName;
  readonly id: string;
}

/** The last version that we know the server to hold. */
export interface Base {
  readonly rev: string;
  readonly gen: number;
  readonly anc: readonly string[];
  readonly hlc: string;
  readonly del?: true;
  /** UTC day, `YYYY-MM-DD`: where the digest counts it. */
  readonly day: string;
  /**
   * The vault's version is not built on it: it could not take this one (quarantine), or keeps its own to itself (private).
   * Digests count it all the same.
   */
  readonly aside?: true;
}

/** What the vault knows of one record. Dirty is derived: there is a local version that may leave, and it is not the base's. */
export interface LocalState {
  /** The version in the vault; a tombstone where it was deleted; null where it never was. */
  readonly local: StoredRecord | null;
  readonly base: Base | null;
  /** The base's whole version: kept from the first edit after it until the push has landed; null where unknown. */
  readonly baseRecord: StoredRecord | null;
  /**
   * The vault has a version that may not leave. `local` is then null, or the tombstone that withdraws what the team knew;
   * only the base may be changed.
   */
  readonly withheld?: true;
}

/** What a version is built on. */
export type Parent = Pick<Meta, 'rev' | 'gen' | 'anc' | 'hlc'>;

/** One record's step in a commit. */
export interface SyncStep extends RecordRef {
  /**
   * The vault's version must still be this one (its rev, or null for none; a withheld record is never none). Absent: any.
   */
  readonly expected?: string | null;
  /**
   * What the vault's version becomes. `version`: this one, verbatim (from the server). `merged`: a new version by the
   * vault's own stamp, with `parent` (not the vault's version) as the one before it. `deleted`: a new tombstone likewise. `gone`: none; what was
   * there goes to the trash and leaves no tombstone (expired, or a tombstone that the server has swept up). Absent: as it
   * is. The vault's clock observes every stamp that it is shown, before it makes its own. A version may have another
   * `created_at` than the one it replaces.
   */
  readonly local?:
    | { readonly version: StoredRecord }
    | { readonly merged: Readonly<Record<string, unknown>>; readonly parent: Parent }
    | { readonly deleted: true; readonly parent: Parent }
    | { readonly gone: true };
  /** What the base becomes; null forgets it (the server lost the record: it is pushed as new). Absent: as it is. */
  readonly base?: Base | null;
  /** With `base`; the vault keeps it only while its own version is another. */
  readonly baseRecord?: StoredRecord | null;
}

/** All of it in one entry of the vault's log, or nothing. */
export interface SyncCommit {
  readonly steps: readonly SyncStep[];
  /** New records of the collection `conflicts` (ids by content, so that a repetition is the same record). */
  readonly conflicts?: readonly Readonly<Record<string, unknown>>[];
  /** The first one is whole. */
  readonly state?: Partial<SyncState>;
}

/** Why the vault cannot take a version: not valid here, or another record has its unique key. */
export interface LocalRefusal extends RecordRef {
  readonly kind: 'invalid' | 'duplicate-key';
  readonly reason: string;
}

/** Nothing was done where any of these is listed. */
export interface CommitResult {
  /** The vault's version is no longer the expected one: the caller reads anew. */
  readonly moved: readonly RecordRef[];
  /** The caller sets them aside and commits the rest. */
  readonly refused: readonly LocalRefusal[];
}

/** What is remembered of one team database, by its store id. Losing it is safe: everything is compared anew. */
export interface SyncState {
  readonly store_id: string;
  readonly epoch: number;
  /** Change stream's token, as the remote port made it; null: none. */
  readonly resume_token: string | null;
  /** Where polling stands, as the remote port made it. */
  readonly poll_cursor: string | null;
  /** ISO times. */
  readonly last_synced_at: string | null;
  readonly last_full_sync_at: string | null;
  readonly last_verified_at: string | null;
  /**
   * When the contents of both sides were last read whole and were equal, while the history of changes has been followed
   * without a gap ever since; absent or null: never, or it was lost.
   */
  readonly contents_at?: string | null;
  readonly quarantine: readonly Poisoned[];
  /** A fail-safe has stopped the loop until a person decides. */
  readonly decision: Decision | null;
}

/** A record that one side cannot take; it delays no other. Retried on a new rev, after an update, or when asked. */
export interface Poisoned extends RecordRef {
  readonly rev: string | null;
  readonly side: 'local' | 'remote';
  readonly reason: string;
  readonly first_seen: string;
  readonly tries: number;
  readonly next_try: string;
}

export interface Decision {
  readonly kind: 'mass-delete' | 'empty-server' | 'other-store';
  readonly collection: CollectionName | null;
  /** How many records would go. */
  readonly records: number;
  readonly at: string;
  /** The person's: the vault is right, or the server is. Stays until it has been carried out. */
  readonly answer?: Answer;
}
export type Answer = 'ours' | 'theirs';

/** Lanes of a bucket: how many records, and five sums of 24-bit words of sha256(id NUL rev); see lanes.ts. */
export interface Lanes {
  readonly n: number;
  readonly sums: readonly [number, number, number, number, number];
}

/** Which buckets: all months; the days of a month (`YYYY-MM`); the sixteen parts (h0 mod 16, as `0`..`15`) of a day. */
export type DigestLevel = { readonly by: 'month' } | { readonly month: string } | { readonly day: string };

export interface RevRef {
  readonly id: string;
  readonly rev: string;
}

/** The vault's side. Only what may leave the machine is ever given: scope `team`, of the collection and of the record. */
export interface LocalPort {
  /** This copy of the vault, as in `_meta.by`. */
  readonly replica: string;
  /** Collections that sync, by the registry. */
  readonly collections: readonly CollectionName[];
  /** Null before the first contact with a team database. */
  state(): Promise<SyncState | null>;
  /** Up to `limit` ids of dirty records, oldest change first, those of `without` left out. A tombstone of what never left is not dirty. */
  dirty(collection: CollectionName, limit: number, without?: ReadonlySet<string>): Promise<readonly string[]>;
  countDirty(): Promise<Readonly<Partial<Record<CollectionName, number>>>>;
  /**
   * An entry for each id. With `maxBytes`: for as many, from the first on, as their versions have bytes; at least for one.
   */
  read(collection: CollectionName, ids: readonly string[], maxBytes?: number): Promise<ReadonlyMap<string, LocalState>>;
  commit(commit: SyncCommit): Promise<CommitResult>;
  /** Over the bases, so that unsent edits make no noise. */
  digest(collection: CollectionName, level: DigestLevel): Promise<ReadonlyMap<string, Lanes>>;
  /** Of a day (`YYYY-MM-DD`), one of its sixteen parts, or a month (`YYYY-MM`). */
  bases(collection: CollectionName, period: string, bucket?: number): Promise<readonly RevRef[]>;
  /** Records alive, that may leave. */
  count(collection: CollectionName): Promise<number>;
  /** All versions alive that may leave, by id, for certificates and backfills. */
  scan(collection: CollectionName): AsyncIterable<readonly StoredRecord[]>;
  /** Calls the listener after each commit of the vault that is not the reconciler's own. */
  onChange(listener: () => void): () => void;
}

/** A version as the server holds it. */
export interface RemoteVersion {
  readonly record: StoredRecord;
  /**
   * Another program wrote it: there is no `_meta`, or the content is not what `_meta.sum` says. `record._meta` is then
   * derived from the content alone (foreign.ts), alike on every replica; `former` is the `_meta` that still stands there.
   */
  readonly foreign?: { readonly former: Meta | null };
  /** The port's own: the document exactly as it was read. */
  readonly seen: unknown;
}
export interface RemotePoison {
  readonly poison: string;
}

/** What the server must still hold for a push to count. */
export type Expectation =
  | { readonly kind: 'absent' }
  /** This rev; and where `base` is known, that version's content too, so that an edit by another program is not overwritten. */
  | { readonly kind: 'rev'; readonly rev: string; readonly base: StoredRecord | null }
  /** The document as it was read, to the byte. */
  | { readonly kind: 'seen'; readonly version: RemoteVersion };

export interface Push {
  readonly record: StoredRecord;
  readonly expect: Expectation;
}
/** Why the server refused one push, where it said so. A push that merely found another version is not listed. */
export interface PushRefusal {
  readonly id: string;
  readonly kind: 'poison' | 'duplicate-key' | 'forbidden';
  readonly reason: string;
}

/** Thrown by a RemotePort. `fatal`: not without a person (auth, fence); else the next cycle tries again. */
export class RemoteTrouble extends Error {
  readonly kind: 'transient' | 'overloaded' | 'auth' | 'fence' | 'token-lost';
  constructor(kind: RemoteTrouble['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export interface RemoteHello {
  /** Null: no reconciler has been here; see `claim`. */
  readonly store: {
    readonly store_id: string;
    readonly epoch: number;
    readonly protocol: { readonly min: number; readonly cur: number };
    readonly collections: Readonly<
      Record<string, { readonly sv: number; readonly min_reader: number; readonly min_writer: number }>
    >;
  } | null;
  /** Whether there are change streams. */
  readonly streams: boolean;
  /** Server's clock minus ours, milliseconds. */
  readonly clock_offset_ms: number;
}

/** A record that may have changed; `rev` where it is known at no cost, so that known ones need no reading. */
export interface ChangedRef extends RecordRef {
  readonly rev?: string;
}

export type RemoteEvents =
  | { readonly kind: 'changed'; readonly refs: readonly ChangedRef[]; readonly token: string }
  /** Nothing for a while; the token has moved on. */
  | { readonly kind: 'idle'; readonly token: string }
  /** History was lost (token invalid, collection dropped or renamed): digests must tell. */
  | { readonly kind: 'lost'; readonly reason: string };

/** The part of the team's archive that a vault holds; scope.ts. */
export interface SyncScope {
  /** `YYYY-MM-01`: everything of this month and later. */
  readonly from: string;
  /** Pinned conversations of any age. */
  readonly pinned: boolean;
  /** Conversations of these users, of any age. */
  readonly users: readonly string[];
  /** And those that this copy of the vault wrote last. */
  readonly replica: string;
}

export interface RemoteTotal {
  readonly lanes: Lanes;
  /** There are documents without our `_meta`: see `listForeign`. */
  readonly hasForeign: boolean;
}

/** The team database's side. Everything reads from the primary at majority. Never deletes: needs find, insert, update. */
export interface RemotePort {
  hello(): Promise<RemoteHello>;
  /** Makes the identity where there is none, and returns the one that stands. */
  claim(store: NonNullable<RemoteHello['store']>): Promise<NonNullable<RemoteHello['store']>>;
  /** Absent ids are absent from the map. */
  read(collection: CollectionName, ids: readonly string[]): Promise<ReadonlyMap<string, RemoteVersion | RemotePoison>>;
  /**
   * As `read`, but no more once what was found has so many bytes and something was found; `rest` are the ids that were not
   * looked for yet. What is neither found nor in `rest` is absent.
   */
  readSome(
    collection: CollectionName,
    ids: readonly string[],
    maxBytes: number,
  ): Promise<{
    readonly found: ReadonlyMap<string, RemoteVersion | RemotePoison>;
    readonly rest: readonly string[];
  }>;
  /** The revs that stand there: `read`'s, without the content where the port can. */
  revs(collection: CollectionName, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Unordered. The caller reads back, whatever the answer was. */
  push(collection: CollectionName, pushes: readonly Push[]): Promise<readonly PushRefusal[]>;
  /**
   * Writes `record._meta` beside what another program wrote, and changes nothing else; expects the document exactly as seen,
   * else leaves it. Done before the version is taken over, so that nobody builds on one that the server never had.
   */
  adopt(collection: CollectionName, versions: readonly RemoteVersion[]): Promise<void>;
  digest(collection: CollectionName, level: DigestLevel): Promise<ReadonlyMap<string, Lanes>>;
  /** Of each of these collections all sums together, in one answer. */
  totals(collections: readonly CollectionName[]): Promise<ReadonlyMap<CollectionName, RemoteTotal>>;
  /** What of the months before its beginning is in the scope all the same; of a collection that may stay on the server. */
  listKept(collection: CollectionName, scope: SyncScope): Promise<readonly RevRef[]>;
  /** Of a day, one of its parts, or a month, as `bases`. */
  list(collection: CollectionName, period: string, bucket?: number): Promise<readonly RevRef[]>;
  /** Documents without our `_meta`, page by page, each once whatever becomes of it: other programs' new ones. */
  listForeign(collection: CollectionName): AsyncIterable<readonly string[]>;
  /** Documents alive, other programs' included. */
  count(collection: CollectionName): Promise<number>;
  /** All versions, tombstones included, by id. */
  scan(collection: CollectionName): AsyncIterable<readonly (RemoteVersion | RemotePoison)[]>;
  /**
   * A change stream over all collections; with `null` from now on, and then its first event is `idle` with the token of
   * where it begins. Ends when `signal` does. Throws transient trouble; a token that cannot be resumed gives `lost`, and ends it.
   */
  watch(token: string | null, signal: AbortSignal): AsyncIterable<RemoteEvents>;
  /**
   * Everything that the server's history says has changed since the token, up to now; null where it does not reach back so
   * far, or there is none. A stream that is open may not have come to it yet.
   */
  history(token: string): Promise<readonly ChangedRef[] | null>;
  /** Where there are no streams: what changed since the cursor, with an overlap; null from now on. */
  poll(cursor: string | null): Promise<Polled>;
  close(): Promise<void>;
}

export interface Polled {
  readonly refs: readonly ChangedRef[];
  readonly cursor: string;
  readonly more: boolean;
  /** Whose database it was that answered; null: it has no identity. */
  readonly store: Pick<NonNullable<RemoteHello['store']>, 'store_id' | 'epoch'> | null;
}

export interface ClockPort {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}
/** In [0, 1). */
export type RandomPort = () => number;
