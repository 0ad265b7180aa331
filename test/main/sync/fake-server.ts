import { type CollectionName, collectionNames } from '../../../shared/collections/registry.ts';
import { isSameJson } from '../../../main/lib/canonical-json.ts';
import { isIntact } from '../../../main/records/meta.ts';
import { bodyOf, type RecordBody, type StoredRecord } from '../../../main/records/stored-record.ts';
import type { Meta } from '../../../shared/store/store.ts';
import { dayOf } from '../../../main/sync/base.ts';
import { foreignVersion } from '../../../main/sync/foreign.ts';
import { lanesOf, type VersionLanes } from '../../../main/sync/lanes.ts';
import type { Push, PushRefusal, RemoteHello, RemotePoison, RemoteVersion } from '../../../main/sync/ports.ts';
import { definitionOf } from './versions.ts';

export type Document = Readonly<Record<string, unknown>>;

/** A document, and what the server's indexes have of it. */
interface Entry {
  readonly doc: Document;
  /** What a decoder chokes on. */
  readonly poison?: string;
  /** As `$currentDate` would set it; absent where another program wrote it. */
  readonly at?: number;
  readonly digest?: { readonly day: string; readonly rev: string; readonly lanes: VersionLanes };
}
type Data = Map<CollectionName, Map<string, Entry>>;
export interface ChangeEvent {
  readonly seq: number;
  readonly collection: CollectionName;
  readonly id: string;
  /** Where the event has the document: of an insert. */
  readonly rev?: string;
}
/** A push that took effect, for oracles. */
export interface Committed {
  readonly collection: CollectionName;
  readonly before: StoredRecord | null;
  readonly after: StoredRecord;
}

/**
 * A team database as far as a RemotePort can tell: documents, a history of changes, a clock. What it does is held by the
 * contract that the driver's port passes on a real server (test/contracts/remote-port-contract.ts).
 */
export class FakeServer {
  data: Data = emptyData();
  store: RemoteHello['store'] = null;
  streams = true;
  now: () => number;
  /** Called after each write by a reconciler. */
  onCommit: (committed: Committed) => void = () => undefined;
  /** What the validator says of a document; null: fine. */
  validator: (record: StoredRecord) => string | null = () => null;
  #events: ChangeEvent[] = [];
  #seq = 0;
  /** Events up to here are no longer known. */
  #oldest = 0;
  /** Changes with each restore: tokens of another history are invalid. */
  #history = 0;
  #wakers = new Set<() => void>();
  #snapshots: Data[] = [];
  writes = 0;

  constructor(now: () => number) {
    this.now = now;
  }

  table(collection: CollectionName): Map<string, Entry> {
    let table = this.data.get(collection);
    if (table === undefined) this.data.set(collection, (table = new Map()));
    return table;
  }

  // What a reconciler does

  push(collection: CollectionName, { record, expect }: Push): PushRefusal | null {
    const held = this.table(collection).get(record.id);
    const why = this.validator(record);
    if (why !== null) return { id: record.id, kind: 'poison', reason: why };
    if (!meets(held, expect)) return null;
    if (this.#clashes(collection, record)) {
      return { id: record.id, kind: 'duplicate-key', reason: 'another document has its unique key' };
    }
    const before = held === undefined ? null : versionOf(collection, held);
    const rev = held === undefined ? record._meta.rev : undefined;
    this.#write(collection, record.id, { doc: record, at: this.now(), digest: digestOf(record) }, rev);
    this.onCommit({
      collection,
      before: before !== null && 'record' in before ? before.record : null,
      after: record,
    });
    return null;
  }

  adopt(collection: CollectionName, { record, seen }: RemoteVersion): void {
    const held = this.table(collection).get(record.id);
    if (held === undefined || held.doc !== seen) return;
    this.#write(collection, record.id, {
      doc: { ...held.doc, _meta: record._meta },
      at: this.now(),
      digest: digestOf(record),
    });
  }

  read(collection: CollectionName, id: string): RemoteVersion | RemotePoison | undefined {
    const entry = this.table(collection).get(id);
    return entry && versionOf(collection, entry);
  }

  // What other programs and people do

  /** Inserts or replaces a document as another program would: without `_meta` unless it is given. */
  foreignPut(collection: CollectionName, doc: Document & { readonly id: string }): void {
    this.#write(collection, doc.id, { doc });
  }

  /** Changes fields and leaves the rest, `_meta` and its digest included. */
  foreignEdit(collection: CollectionName, id: string, fields: Document): void {
    const held = this.table(collection).get(id);
    if (held === undefined) return;
    this.#write(collection, id, { ...held, doc: { ...held.doc, ...fields } });
  }

  remove(collection: CollectionName, id: string): void {
    if (this.table(collection).delete(id)) this.#announce(collection, id);
  }

  /** Tombstones that were written before then go. */
  sweep(beforeMs: number): void {
    for (const [collection, table] of this.data) {
      for (const [id, { doc, at }] of table) {
        const isTombstone = (doc['_meta'] as Partial<Meta> | undefined)?.del === true;
        if (isTombstone && at !== undefined && at < beforeMs) this.remove(collection, id);
      }
    }
  }

  poison(collection: CollectionName, id: string): void {
    const held = this.table(collection).get(id);
    const doc = held?.doc ?? { id };
    this.#write(collection, id, { ...held, doc: { ...doc }, poison: 'a field of a type that JSON does not have' });
  }

  /** Makes the document readable again. */
  cure(collection: CollectionName, id: string): void {
    const held = this.table(collection).get(id);
    if (held?.poison === undefined) return;
    const { poison: _, ...rest } = held;
    this.#write(collection, id, { ...rest, doc: { ...held.doc } });
  }

  /** The digest of one document is damaged. */
  corruptLanes(collection: CollectionName, id: string): void {
    const held = this.table(collection).get(id);
    if (held?.digest === undefined) return;
    const [first, ...rest] = held.digest.lanes;
    const lanes = [(first ^ 1) as number, ...rest] as unknown as VersionLanes;
    this.table(collection).set(id, { ...held, digest: { ...held.digest, lanes } });
  }

  loseHistory(): void {
    this.#oldest = this.#seq;
    this.#events = [];
    this.#wake();
  }

  backup(): { readonly data: Data; readonly store: RemoteHello['store'] } {
    return { data: copyOf(this.data), store: this.store };
  }

  /** As from a backup: content and identity of then, no history, no token that still means something. */
  restore(backup: { readonly data: Data; readonly store: RemoteHello['store'] }): void {
    this.data = copyOf(backup.data);
    this.store = backup.store;
    this.#history += 1;
    this.loseHistory();
  }

  /** Keeps the state for stale reads. */
  snapshot(): void {
    this.#snapshots.push(copyOf(this.data));
    if (this.#snapshots.length > 4) this.#snapshots.shift();
  }
  stale(): Data {
    return this.#snapshots[0] ?? this.data;
  }

  // History

  token(): string {
    return `${this.#history}:${this.#seq}`;
  }

  /** Events after the token, or null where it cannot be resumed. */
  since(token: string): readonly ChangeEvent[] | null {
    const [history, seq] = token.split(':').map(Number);
    if (history !== this.#history || seq === undefined || Number.isNaN(seq) || seq < this.#oldest || seq > this.#seq) {
      return null;
    }
    return this.#events.filter((event) => event.seq > seq);
  }

  tokenAfter({ seq }: ChangeEvent): string {
    return `${this.#history}:${seq}`;
  }

  /** Resolves at the next change, or when the signal is aborted. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  #write(collection: CollectionName, id: string, entry: Entry, rev?: string): void {
    this.writes += 1;
    this.table(collection).set(id, entry);
    this.#announce(collection, id, rev);
  }

  #announce(collection: CollectionName, id: string, rev?: string): void {
    this.#events.push({ seq: (this.#seq += 1), collection, id, ...(rev !== undefined && { rev }) });
    this.#wake();
  }

  #wake(): void {
    for (const wake of Array.from(this.#wakers)) wake();
  }

  #clashes(collection: CollectionName, record: StoredRecord): boolean {
    if (collection !== 'conversations' || record['lookup_key'] == null || record._meta.del) return false;
    return [...this.table(collection).values()].some(
      ({ doc }) => doc['id'] !== record.id && doc['lookup_key'] === record['lookup_key'],
    );
  }
}

function emptyData(): Data {
  return new Map(collectionNames.map((name) => [name, new Map<string, Entry>()]));
}

function copyOf(data: Data): Data {
  return new Map([...data].map(([name, table]) => [name, new Map(table)]));
}

function digestOf(record: StoredRecord): NonNullable<Entry['digest']> {
  const { rev } = record._meta;
  return { day: dayOf(record), rev, lanes: lanesOf(record.id, rev) };
}

function meets(held: Entry | undefined, expect: Push['expect']): boolean {
  if (expect.kind === 'absent') return held === undefined;
  if (held === undefined) return false;
  if (expect.kind === 'seen') return held.doc === expect.version.seen;
  const { _meta, ...body } = held.doc as unknown as StoredRecord;
  if ((_meta as Meta | undefined)?.rev !== expect.rev) return false;
  return expect.base === null || isSameJson(body, bodyOf(expect.base));
}

const read = new WeakMap<Document, RemoteVersion>();

function versionOf(collection: CollectionName, { doc, poison }: Entry): RemoteVersion | RemotePoison {
  if (poison !== undefined) return { poison };
  let version = read.get(doc);
  if (version === undefined) read.set(doc, (version = judge(collection, doc)));
  return version;
}

function judge(collection: CollectionName, doc: Document): RemoteVersion {
  const { _meta, created_at, updated_at, ...fields } = doc as unknown as Partial<StoredRecord>;
  const former = _meta ?? null;
  const time = created_at ?? '1970-01-01T00:00:00.000Z';
  const body = { ...fields, created_at: time, updated_at: updated_at ?? time } as RecordBody;
  if (former !== null) {
    const record: StoredRecord = { ...body, _meta: former };
    if (isIntact(record)) return { record, seen: doc };
  }
  return { record: foreignVersion(definitionOf(collection), body, former), foreign: { former }, seen: doc };
}
