import type { CollectionName } from '../../shared/collections/registry.ts';
import { bodyOf, type StoredRecord } from '../records/stored-record.ts';
import { applyRemote } from './apply-remote.ts';
import { baseOf } from './base.ts';
import { duplicateKeyConflict } from './conflicts.ts';
import { descends } from './lineage.ts';
import {
  type Base,
  type LocalState,
  type Push,
  type PushRefusal,
  RemoteTrouble,
  type SyncCommit,
  type SyncStep,
} from './ports.ts';
import { entryOf, isWaiting, quarantined, released } from './quarantine.ts';
import { awaited, readAhead } from './read-ahead.ts';
import { commit, type Session } from './session.ts';

/** Ids that are asked for together: with each question goes the list of all that were tried. */
const PAGE = 5_000;

export interface PushOptions {
  readonly signal?: AbortSignal;
  /** Called after each batch with how many the server has taken. */
  readonly onPushed?: (pushed: number) => void;
}

/**
 * Pushes every dirty record of a collection once (reliability.md §3.6). Both sides work at the same time: while the server
 * takes one batch, the vault keeps what became of the one before and reads the next.
 */
export async function pushCollection(
  session: Session,
  collection: CollectionName,
  options: PushOptions = {},
): Promise<void> {
  if (session.readOnly.has(collection)) return;
  let settling: Promise<void> = Promise.resolve();
  try {
    for await (const batch of readAhead(readBatches(session, collection, options))) {
      const answer = await sendBatch(session, collection, batch);
      await settling;
      if (session.readOnly.has(collection)) return;
      settling = awaited(settleBatch(session, collection, batch, answer, options));
    }
    await settling;
  } finally {
    await Promise.allSettled([settling]);
  }
}

/** What a batch comes to: records to be sent as they are, and those of which the server's version has to be read first. */
interface Batch {
  readonly pushes: readonly Push[];
  readonly look: readonly string[];
}

async function* readBatches(
  session: Session,
  collection: CollectionName,
  { signal }: PushOptions,
): AsyncGenerator<Batch, void> {
  const { local, limits } = session;
  const tried = await waitingIds(session, collection);
  for (;;) {
    const page = await local.dirty(collection, PAGE, tried);
    if (page.length === 0) return;
    for (let at = 0; at < page.length;) {
      if (signal?.aborted) return;
      const states = await local.read(collection, page.slice(at, at + limits.records), limits.bytes);
      for (const id of states.keys()) tried.add(id);
      at += states.size;
      yield batchOf(states);
    }
  }
}

/** What the server refused and that has not changed since. */
async function waitingIds({ state, local, clock }: Session, collection: CollectionName): Promise<Set<string>> {
  const entries = state.quarantine.filter((entry) => entry.collection === collection && entry.side === 'remote');
  if (entries.length === 0) return new Set();
  const states = await local.read(
    collection,
    entries.map(({ id }) => id),
  );
  return new Set(
    entries
      .filter((entry) => isWaiting(entry, states.get(entry.id)?.local?._meta.rev ?? null, clock.now()))
      .map(({ id }) => id),
  );
}

function batchOf(states: ReadonlyMap<string, LocalState>): Batch {
  const look: string[] = [];
  const pushes: Push[] = [];
  for (const [id, state] of states) {
    const push = guardedPush(state);
    if (push === 'look') look.push(id);
    else if (push !== null) pushes.push(push);
  }
  return { pushes, look };
}

/** The push of a record, `look` where the server's version has to be read first, null where there is nothing to push. */
function guardedPush({ local, base, baseRecord }: LocalState): Push | 'look' | null {
  if (local === null || local._meta.rev === base?.rev) return null;
  if (base === null) return { record: local, expect: { kind: 'absent' } };
  if (base.aside || baseRecord === null || !descends(local._meta, base)) return 'look';
  return { record: local, expect: { kind: 'rev', rev: base.rev, base: baseRecord } };
}

/** What became of a batch. */
interface Answer extends Sent {
  /** The revs that stand there now. */
  readonly stands: ReadonlyMap<string, string>;
}

/** Sends, and reads back whatever the answer was: only what stands there counts. */
async function sendBatch(session: Session, collection: CollectionName, { pushes }: Batch): Promise<Answer> {
  if (pushes.length === 0) return { refusals: [], trouble: null, stands: new Map() };
  for (const { record } of pushes) session.sent.note(collection, record);
  const sent = await send(session, collection, pushes);
  const ids = pushes.map(({ record }) => record.id);
  return { ...sent, stands: await session.remote.revs(collection, ids) };
}

/** Keeps what landed, and looks at the records of which another version stands there, or one with this rev and other content. */
async function settleBatch(
  session: Session,
  collection: CollectionName,
  { pushes, look }: Batch,
  answer: Answer,
  { onPushed }: PushOptions,
): Promise<void> {
  const missed = await settlePushes(session, collection, pushes, answer, onPushed);
  await lookAndPush(session, collection, [...look, ...missed], onPushed);
}

/** Returns the ids of which another version stands there than was expected. */
async function settlePushes(
  session: Session,
  collection: CollectionName,
  pushes: readonly Push[],
  { refusals, trouble, stands }: Answer,
  onPushed: PushOptions['onPushed'],
): Promise<readonly string[]> {
  if (pushes.length === 0) return [];
  const landed = new Set(pushes.filter(({ record }) => stands.get(record.id) === record._meta.rev));
  const refusedIds = new Map(refusals.map((refusal) => [refusal.id, refusal]));
  const refused = pushes.flatMap((push) => {
    const refusal = landed.has(push) ? undefined : refusedIds.get(push.record.id);
    return refusal === undefined ? [] : [{ record: push.record, refusal }];
  });
  await settle(session, collection, [...landed], refused);
  onPushed?.(landed.size);
  if (trouble !== null) throw trouble;
  return pushes
    .filter((push) => !landed.has(push) && !refusedIds.has(push.record.id))
    .filter(({ record, expect }) => expect.kind !== 'absent' || stands.has(record.id))
    .map(({ record }) => record.id);
}

interface Sent {
  readonly refusals: readonly PushRefusal[];
  /** Half of it may have arrived. */
  readonly trouble: RemoteTrouble | null;
}

async function send({ remote }: Session, collection: CollectionName, pushes: readonly Push[]): Promise<Sent> {
  try {
    return { refusals: await remote.push(collection, pushes), trouble: null };
  } catch (error) {
    if (error instanceof RemoteTrouble && (error.kind === 'transient' || error.kind === 'overloaded')) {
      return { refusals: [], trouble: error };
    }
    throw error;
  }
}

/** What landed becomes the base, whatever the vault has become since; what was refused waits. */
async function settle(
  session: Session,
  collection: CollectionName,
  landed: readonly Push[],
  refused: readonly { readonly record: StoredRecord; readonly refusal: PushRefusal }[],
): Promise<void> {
  // The vault has this very version, mostly: then its content need not travel back.
  const steps = landed.map(({ record }): SyncStep => {
    return { collection, id: record.id, expected: record._meta.rev, base: baseOf(record) };
  });
  let quarantine = released(
    session.state.quarantine,
    landed.map(({ record }) => ({ collection, id: record.id })),
  );
  const conflicts: Readonly<Record<string, unknown>>[] = [];
  for (const { record, refusal } of refused) {
    if (refusal.kind === 'forbidden') {
      session.readOnly.add(collection);
      session.note('error', `The server does not let us write ${collection}: ${refusal.reason}`);
      continue;
    }
    const poison = {
      collection,
      id: record.id,
      rev: record._meta.rev,
      side: 'remote',
      reason: refusal.reason,
    } as const;
    quarantine = quarantined(quarantine, poison, session.clock.now());
    session.note('warning', `Set aside: ${collection} ${record.id} (${refusal.reason})`);
    if (refusal.kind !== 'duplicate-key' || collection === 'conflicts') continue;
    const sides = { mine: record, theirs: null };
    const conflict = duplicateKeyConflict(collection, sides, refusal.reason, session.local.replica);
    if (conflict !== null) conflicts.push(conflict);
  }
  const isChanged = quarantine !== session.state.quarantine;
  if (steps.length === 0 && conflicts.length === 0 && !isChanged) return;
  const change: SyncCommit = { steps, conflicts, ...(isChanged && { state: { quarantine } }) };
  const edited = new Set<string>();
  for (;;) {
    const { moved } = await commit(session, { ...change, steps: withContent(steps, landed, edited) });
    if (moved.length === 0) break;
    for (const { id } of moved) edited.add(id);
  }
  for (const { record, expect } of landed) {
    session.sent.settled(collection, record.id);
    // Of a change the stream does not say which rev it made.
    if (expect.kind === 'absent') session.echoes.expect(collection, record);
  }
  session.counts.pushed += landed.length;
}

/** Of those that the vault has changed since, the base's content has to be kept. */
function withContent(
  steps: readonly SyncStep[],
  landed: readonly Push[],
  edited: ReadonlySet<string>,
): readonly SyncStep[] {
  if (edited.size === 0) return steps;
  return steps.map((step, at) => {
    const { expected: _, ...rest } = step;
    return edited.has(step.id) ? { ...rest, baseRecord: landed[at]?.record ?? null } : step;
  });
}

/** Reads what stands there, joins it with what we have, and pushes the outcome upon exactly what was read. */
async function lookAndPush(
  session: Session,
  collection: CollectionName,
  ids: readonly string[],
  onPushed: PushOptions['onPushed'],
): Promise<void> {
  if (ids.length === 0) return;
  const found = await applyRemote(
    session,
    collection,
    ids.map((id) => ({ collection, id })),
  );
  await restamp(session, collection, ids);
  const states = await session.local.read(collection, ids);
  const pushes: Push[] = [];
  for (const [id, { local, base }] of states) {
    const version = found.get(id);
    if (local === null || base === null || base.aside || local._meta.rev === base.rev) continue;
    // Edited in the very moment that it was restamped: the next round does it.
    if (isBeside(local, base)) continue;
    const entry = entryOf(session.state.quarantine, { collection, id });
    if (entry?.side === 'local' || isWaiting(entry, local._meta.rev, session.clock.now())) continue;
    if (version === undefined || !('record' in version) || version.record._meta.rev !== base.rev) continue;
    pushes.push({ record: local, expect: { kind: 'seen', version } });
  }
  const answer = await sendBatch(session, collection, { pushes, look: [] });
  await settlePushes(session, collection, pushes, answer, onPushed);
}

/** Gives the versions that do not build on their base (a record that was withdrawn and is open again) one that does. */
async function restamp(session: Session, collection: CollectionName, ids: readonly string[]): Promise<void> {
  const steps: SyncStep[] = [];
  for (const [id, { local, base, withheld }] of await session.local.read(collection, ids)) {
    if (local === null || withheld || base === null || base.aside || !isBeside(local, base)) continue;
    const step = { collection, id, expected: local._meta.rev };
    if (local._meta.del) steps.push({ ...step, local: { deleted: true, parent: base } });
    else steps.push({ ...step, local: { merged: bodyOf(local), parent: base } });
  }
  if (steps.length > 0) await commit(session, { steps });
}

function isBeside(local: StoredRecord, base: Base): boolean {
  return local._meta.rev !== base.rev && !descends(local._meta, base);
}
