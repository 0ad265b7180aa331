import type { CollectionName } from '../../../shared/collections/registry.ts';
import { addLanes, bucketOf, noLanes } from '../../../main/sync/lanes.ts';
import {
  type ChangedRef,
  type DigestLevel,
  type Lanes,
  type RemoteEvents,
  type RemotePoison,
  type RemotePort,
  type RemoteVersion,
  RemoteTrouble,
  type RevRef,
} from '../../../main/sync/ports.ts';
import type { Meta } from '../../../shared/store/store.ts';
import type { FakeServer } from './fake-server.ts';

export type Operation = keyof RemotePort;

/** What can go wrong between a replica and the server; a simulator puts itself here. */
export interface Link {
  /** Before the server sees a call, and before the caller sees the answer. Throws to lose it. */
  pass(operation: Operation, phase: 'request' | 'answer'): void | Promise<void>;
  /** In which order a batch is worked on, and after how many the connection breaks. */
  order?(size: number): { readonly order: readonly number[]; readonly breakAfter?: number };
  /** Whether this listing comes from a server that is behind. */
  isStale?(): boolean;
}

const OVERLAP_MS = 120_000;
const PAGE = 500;

export function createFakeRemote(server: FakeServer, link: Link = { pass: () => undefined }): RemotePort {
  async function call<T>(operation: Operation, work: () => T): Promise<T> {
    await link.pass(operation, 'request');
    const answer = work();
    await link.pass(operation, 'answer');
    return answer;
  }
  const entries = (collection: CollectionName) => [
    ...((link.isStale?.() ? server.stale() : server.data).get(collection) ?? new Map<string, never>()).entries(),
  ];
  const digests = (collection: CollectionName) =>
    entries(collection).flatMap(([id, { digest }]) => (digest === undefined ? [] : [{ id, ...digest }]));
  const foreignIds = (collection: CollectionName): string[] =>
    [...server.table(collection)].flatMap(([id, { doc, poison }]) =>
      doc['_meta'] === undefined && poison === undefined ? [id] : [],
    );

  return {
    hello: () => call('hello', () => ({ store: server.store, streams: server.streams, clock_offset_ms: 0 })),
    claim: (store) => call('claim', () => (server.store ??= store)),
    read: (collection, ids) =>
      call(
        'read',
        () =>
          new Map(
            ids.flatMap((id) => {
              const version = server.read(collection, id);
              return version === undefined ? [] : [[id, version] as const];
            }),
          ),
      ),
    readSome: (collection, ids, maxBytes) =>
      call('read', () => {
        const found = new Map<string, RemoteVersion | RemotePoison>();
        let bytes = 0;
        for (const [at, id] of ids.entries()) {
          const version = server.read(collection, id);
          if (version === undefined) continue;
          if (found.size > 0 && bytes >= maxBytes) return { found, rest: ids.slice(at) };
          bytes += JSON.stringify('record' in version ? version.record : version).length;
          found.set(id, version);
        }
        return { found, rest: [] };
      }),
    revs: (collection, ids) =>
      call(
        'revs',
        () =>
          new Map(
            ids.flatMap((id) => {
              const version = server.read(collection, id);
              return version !== undefined && 'record' in version ? [[id, version.record._meta.rev] as const] : [];
            }),
          ),
      ),
    push: (collection, pushes) =>
      call('push', () => {
        const { order, breakAfter } = link.order?.(pushes.length) ?? { order: [...pushes.keys()] };
        const done = order.slice(0, breakAfter).flatMap((at) => {
          const push = pushes[at];
          const refusal = push && server.push(collection, push);
          return refusal ? [refusal] : [];
        });
        if (breakAfter !== undefined) throw new RemoteTrouble('transient', 'the connection broke inside a batch');
        return done;
      }),
    adopt: (collection, versions) =>
      call('adopt', () => {
        for (const version of versions) server.adopt(collection, version);
      }),
    digest: (collection, level) =>
      call('digest', () => {
        const groups = new Map<string, Lanes>();
        for (const { day, lanes } of digests(collection)) {
          const key = keyOf(level, day, () => String(bucketOf(lanes)));
          if (key !== null) groups.set(key, addLanes(groups.get(key) ?? noLanes, lanes));
        }
        return groups;
      }),
    totals: (collections) =>
      call(
        'totals',
        () =>
          new Map(
            collections.map((name) => {
              let lanes = noLanes;
              for (const entry of digests(name)) lanes = addLanes(lanes, entry.lanes);
              return [name, { lanes, hasForeign: foreignIds(name).length > 0 }] as const;
            }),
          ),
      ),
    listKept: (collection, scope) =>
      call('listKept', () => {
        const held = (name: CollectionName) => [...server.table(name)].map(([id, { doc }]) => ({ id, doc }));
        const recent = new Set(
          held('messages').flatMap(({ doc }) => (dayIn(doc) >= scope.from ? [doc['conversation_id']] : [])),
        );
        const kept = (id: string, doc: Readonly<Record<string, unknown>>): boolean =>
          recent.has(id) ||
          (scope.pinned && doc['pinned'] === true) ||
          scope.users.includes(String(doc['user_id'])) ||
          (doc['_meta'] as Meta | undefined)?.by.replica === scope.replica ||
          String(doc['updated_at']) >= scope.from;
        const roots = new Set(held('conversations').flatMap(({ id, doc }) => (kept(id, doc) ? [id] : [])));
        return held(collection).flatMap(({ id, doc }): RevRef[] => {
          const rev = (doc['_meta'] as Meta | undefined)?.rev;
          const root = collection === 'messages' ? String(doc['conversation_id']) : id;
          return rev !== undefined && dayIn(doc) < scope.from && roots.has(root) ? [{ id, rev }] : [];
        });
      }),
    list: (collection, period, bucket) =>
      call('list', () =>
        digests(collection)
          .filter((entry) => entry.day.startsWith(period) && (bucket === undefined || bucketOf(entry.lanes) === bucket))
          .map(({ id, rev }): RevRef => ({ id, rev })),
      ),
    async *listForeign(collection) {
      const ids = await call('listForeign', () => foreignIds(collection));
      for (let at = 0; at < ids.length; at += PAGE) yield ids.slice(at, at + PAGE);
    },
    count: (collection) =>
      call(
        'count',
        () => [...server.table(collection).values()].filter(({ doc }) => !(doc['_meta'] as { del?: true })?.del).length,
      ),
    async *scan(collection) {
      await link.pass('scan', 'request');
      for (const id of [...server.table(collection).keys()].sort()) {
        const version = server.read(collection, id);
        if (version !== undefined) yield [version];
      }
    },
    watch: (token, signal) => watchServer(server, link, token, signal),
    history: (token) =>
      call(
        'history',
        () => server.since(token)?.map(({ collection, id, rev }) => ({ collection, id, ...(rev && { rev }) })) ?? null,
      ),
    poll: (cursor) =>
      call('poll', () => {
        const now = server.now();
        const { store } = server;
        if (cursor === null) return { refs: [], cursor: String(now), more: false, store };
        const [fromText = '0', after = ''] = cursor.split('/');
        const from = after === '' ? Number(fromText) - OVERLAP_MS : Number(fromText);
        const found = changedSince(server, from, after);
        const page = found.slice(0, PAGE);
        const last = page.at(-1);
        const more = found.length > PAGE;
        const next = more && last ? `${last.at}/${last.ref.collection}/${last.ref.id}` : String(now);
        return { refs: page.map(({ ref }) => ref), cursor: next, more, store };
      }),
    close: () => Promise.resolve(),
  };
}

function dayIn({ created_at }: Readonly<Record<string, unknown>>): string {
  return String(created_at).slice(0, 'YYYY-MM-DD'.length);
}

/** The name of a version's group at this level; null where it is not asked for. */
export function keyOf(level: DigestLevel, day: string, bucket: () => string): string | null {
  if ('by' in level) return day.slice(0, 7);
  if ('month' in level) return day.startsWith(level.month) ? day : null;
  return day === level.day ? bucket() : null;
}

function changedSince(server: FakeServer, from: number, after: string): { at: number; ref: ChangedRef }[] {
  const found: { at: number; ref: ChangedRef; key: string }[] = [];
  for (const [collection, table] of server.data) {
    for (const [id, { at, digest }] of table) {
      if (at === undefined || at < from) continue;
      const ref = { collection, id, ...(digest && { rev: digest.rev }) };
      found.push({ at, ref, key: `${at}/${collection}/${id}` });
    }
  }
  found.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
  return after === '' ? found : found.filter(({ at, key }) => at > from || key > `${from}/${after}`);
}

async function* watchServer(
  server: FakeServer,
  link: Link,
  token: string | null,
  signal: AbortSignal,
): AsyncIterable<RemoteEvents> {
  await link.pass('watch', 'request');
  if (!server.streams) throw new RemoteTrouble('token-lost', 'the server has no change streams');
  let position = token ?? server.token();
  if (token === null) yield { kind: 'idle', token: position };
  while (!signal.aborted) {
    const events = server.since(position);
    if (events === null) {
      yield { kind: 'lost', reason: 'the history no longer reaches back so far' };
      return;
    }
    for (const event of events) {
      position = server.tokenAfter(event);
      const { collection, id, rev } = event;
      yield { kind: 'changed', refs: [{ collection, id, ...(rev !== undefined && { rev }) }], token: position };
    }
    if (events.length > 0) continue;
    await server.changed(signal);
    await link.pass('watch', 'answer');
  }
}
