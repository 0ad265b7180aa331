import type { MemoryEvent } from '../../shared/collections/memory_events.ts';
import { type CollectionName, registry } from '../../shared/collections/registry.ts';
import type { RecordScope } from '../../shared/collections/scope.ts';
import type { Committed, Committing, Write } from '../../shared/store/commit.ts';
import type { Store } from '../../shared/store/store.ts';
import { isSameJson } from '../lib/canonical-json.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { badRecord } from '../records/json-guard.ts';
import { followers, keptHere, withHold } from './holds.ts';
import { type ChainedEvent, type Head, type State, genesis, nextEvent, redactedEvent } from './log/event.ts';

/** Collections whose every change stands in the memory log. */
export const auditedCollections = [
  'memories',
  'profiles',
  'memory_hubs',
  'runtime_snapshots',
  'episodic_memory',
] as const;
export type AuditedCollection = (typeof auditedCollections)[number];

export const LOCAL_SUBJECT = 'USER:local';
export const LOCAL_TENANT = 'TENANT:local';

/** Who changes something, and why. */
export interface Actor {
  /** `USER:local`, `RULES:extractor`, `JOB:decay`, `CLI`, … */
  readonly who: string;
  readonly why?: string;
  /** Which door: `app`, `cli`, `job`, … */
  readonly source?: string;
}

export interface AuditedChange {
  readonly collection: AuditedCollection;
  /** The record as it was read, with its `_meta`; null for a new one. */
  readonly before: Committed | null;
  /** All its fields; null deletes it. */
  readonly after: (State & { readonly id: string }) | null;
  readonly event_type: MemoryEvent['event_type'];
  readonly action: string;
  /** Events that lose their content with it; those of other records are named by its own event. */
  readonly redacts?: readonly ChainedEvent[];
  /** The event does not say what was before. */
  readonly hidesBefore?: true;
  /** Writes of other collections in the same commit. */
  readonly beside?: readonly Write[];
  /** Already so in the store: it only has to be noted. */
  readonly observed?: true;
  /** Further fields of the event's `operation`. */
  readonly operation?: Readonly<Record<string, unknown>>;
}

export interface AuditedWrites {
  /**
   * Makes the changes and their events in one commit. Changes that change nothing are left out.
   *
   * @param work reads what it needs and gives the changes; one runs at a time
   */
  change(actor: Actor, work: () => Promise<readonly AuditedChange[]>): Promise<readonly (Committed | null)[]>;
  /** Adds events and deletes others of the own chain in one commit; for retention. */
  seal(actor: Actor, plan: (events: readonly ChainedEvent[]) => SealPlan | null): Promise<boolean>;
}

export interface SealPlan {
  readonly old: readonly ChainedEvent[];
  readonly carried: readonly ChainedEvent[];
  readonly summary: State;
}

interface Ports {
  readonly store: Store & Committing;
  readonly clock: Clock;
  readonly replica: string;
  /** Why a memory that is about to be written stays on this machine although its scope lets it go; null: it may go. */
  readonly holdOf?: (memory: State & { readonly id: string }) => Promise<string | null>;
}

/** Writes that leave their trail: the only way in which this folder changes a record. */
export function createAuditedWrites({ store, clock, replica, holdOf }: Ports): AuditedWrites {
  let last: Promise<unknown> = Promise.resolve();
  let head: Head | undefined;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  }

  async function currentHead(): Promise<Head> {
    if (head) return head;
    const events = store.collection('memory_events');
    const [event] = await events.find({ replica }, { sort: { event_sequence: -1 }, limit: 1 });
    return event ? { sequence: event.event_sequence, hash: event.hash, at: event.created_at } : genesis(replica);
  }

  async function commit(writes: readonly Write[], next: Head): Promise<readonly (Committed | null)[]> {
    try {
      const done = await store.commit(writes);
      head = next;
      return done;
    } catch (error) {
      // Whether it happened is for the store to say.
      head = undefined;
      throw error;
    }
  }

  async function kept(change: AuditedChange): Promise<AuditedChange> {
    if (!holdOf || change.collection !== 'memories' || change.after === null || change.observed) return change;
    return { ...change, after: withHold(change.after, await holdOf(change.after)) };
  }

  return {
    change: (actor, work) =>
      inTurn(async () => {
        const startedMs = clock.now();
        const changes = await Promise.all((await work()).map(kept));
        const prepared = changes.map((change) => prepare(change, isoNow(clock))).filter((each) => each !== null);
        let at = await currentHead();
        const writes: Write[] = [];
        const events: Write[] = [];
        for (const { change, write, before, after } of prepared) {
          const draft = eventDraft(change, before, after, actor, clock, startedMs);
          const next = nextEvent(replica, at, draft, isoNow(clock));
          at = next.head;
          if (write) writes.push(write);
          events.push(...(change.redacts ?? []).map(redaction), ...(change.beside ?? []));
          const reason = keptHere(after);
          if (write && before && after && reason !== keptHere(before))
            events.push(...notNamed(events, await followers(store, draft.entity_key, replica, reason)));
          events.push({ op: 'insert', collection: 'memory_events', draft: next.event });
        }
        if (events.length === 0) return [];
        const done = await commit([...writes, ...events], at);
        return done.slice(0, writes.length);
      }),
    seal: (actor, plan) =>
      inTurn(async () => {
        const startedMs = clock.now();
        const events = await store.collection('memory_events').find({ replica });
        const found = plan(events);
        if (!found) return false;
        let at = await currentHead();
        const writes: Write[] = found.old.map(({ id }) => ({ op: 'delete', collection: 'memory_events', id }));
        const add = (draft: Parameters<typeof nextEvent>[2]): void => {
          const next = nextEvent(replica, at, draft, isoNow(clock));
          at = next.head;
          writes.push({ op: 'insert', collection: 'memory_events', draft: next.event });
        };
        for (const event of found.carried) add(carriedDraft(event, actor, clock));
        add(sealDraft(found.summary, replica, actor, clock, startedMs, found.old.length));
        await commit(writes, at);
        return true;
      }),
  };
}

/** A commit may name a record once; what loses its content needs no more. */
function notNamed(named: readonly Write[], writes: readonly Write[]): readonly Write[] {
  const ids = new Set(named.flatMap((write) => (write.op === 'replace' ? [write.id] : [])));
  return writes.filter((write) => write.op !== 'replace' || !ids.has(write.id));
}

function redaction(event: ChainedEvent): Write {
  const { _meta, ...fields } = event as ChainedEvent & Partial<Pick<Committed, '_meta'>>;
  return { op: 'replace', collection: 'memory_events', id: event.id, record: redactedEvent(fields) };
}

interface Prepared {
  readonly change: AuditedChange;
  readonly write: Write | null;
  readonly before: State | null;
  readonly after: State | null;
}

/** The change as the store will make it: defaults filled, and a time of change that differs from the one before. */
function prepare(change: AuditedChange, now: string): Prepared | null {
  const { collection, before: stored, observed } = change;
  const before = stored && withoutMeta(stored);
  if (observed) return { change, write: null, before, after: change.after };
  if (change.after === null) {
    if (!stored) return null;
    return { change, write: { op: 'delete', collection, id: stored.id, ifRev: stored._meta.rev }, before, after: null };
  }
  if (before && isSameJson({ ...change.after, updated_at: before['updated_at'] }, before)) return null;
  const dated = {
    ...change.after,
    created_at: before?.['created_at'] ?? change.after['created_at'] ?? now,
    updated_at: laterThan(before?.['updated_at'], now),
  };
  const after = checked(collection, dated, change.after.id);
  const write: Write = stored
    ? { op: 'replace', collection, id: stored.id, record: after, ifRev: stored._meta.rev }
    : { op: 'insert', collection, draft: after };
  return { change, write, before, after };
}

/** The store dates a change itself unless the time differs: within one millisecond it would not. */
function laterThan(before: unknown, now: string): string {
  if (typeof before !== 'string' || now > before) return now;
  return new Date(Date.parse(before) + 1).toISOString();
}

function checked(collection: CollectionName, body: State, id: string): State {
  const plain = JSON.parse(JSON.stringify(body)) as State; // without members that are undefined
  const parsed = registry[collection].schema.safeParse(plain);
  if (parsed.success) return { id, ...(parsed.data as State) };
  const issue = parsed.error.issues[0];
  throw badRecord(`${collection}.${issue?.path.join('.') ?? ''}`, `is not valid (${issue?.message ?? ''})`);
}

export function withoutMeta(record: Committed): State {
  const { _meta, ...fields } = record;
  return fields;
}

function eventDraft(
  change: AuditedChange,
  before: State | null,
  after: State | null,
  actor: Actor,
  clock: Clock,
  startedMs: number,
): Parameters<typeof nextEvent>[2] {
  const record = after ?? before ?? {};
  const type = record['type'];
  const key = `${change.collection}/${String(change.after?.id ?? change.before?.id)}`;
  const others = (change.redacts ?? []).filter(({ entity_key }) => entity_key !== key).map(({ id }) => id);
  return {
    id: newId(clock),
    event_type: change.event_type,
    ...whose(record),
    invoker_subject_id: actor.who,
    entity_key: key,
    operation: {
      action: change.action,
      ...change.operation,
      ...(others.length > 0 && { redacts: others }),
      ...(change.collection === 'memories' && { memory_type: type as MemoryEvent['operation']['memory_type'] }),
    },
    // What was forgotten is not told once more by the event that says so.
    before: change.hidesBefore ? null : before,
    after,
    why: actor.why ?? null,
    result: { success: true, duration_ms: Math.max(0, clock.now() - startedMs), affected_documents: 1, error: null },
    ...(actor.source !== undefined && { context: { source: actor.source } }),
  };
}

function whose(record: State): { subject_id: string; tenant_id: string; scope?: RecordScope; held?: string } {
  const { subject, learner_id, tenant, scope, held } = record;
  return {
    subject_id: textOr(subject ?? learner_id, LOCAL_SUBJECT),
    tenant_id: textOr(tenant, LOCAL_TENANT),
    ...(typeof scope === 'string' && { scope: scope as RecordScope }),
    ...(typeof held === 'string' && { held }),
  };
}

function textOr(value: unknown, other: string): string {
  return typeof value === 'string' ? value : other;
}

function carriedDraft(event: ChainedEvent, actor: Actor, clock: Clock): Parameters<typeof nextEvent>[2] {
  const { subject_id, tenant_id, entity_key, scope, after = null } = event;
  const at = event.event_type === 'STATE_CARRIED' ? (event.operation['at'] ?? event.created_at) : event.created_at;
  return {
    id: newId(clock),
    event_type: 'STATE_CARRIED',
    subject_id,
    tenant_id,
    invoker_subject_id: actor.who,
    entity_key,
    operation: {
      action: 'carry',
      at,
      ...(event.operation.memory_type && { memory_type: event.operation.memory_type }),
    },
    before: null,
    after,
    why: null,
    result: { success: true, duration_ms: 0, affected_documents: 0, error: null },
    ...(scope !== undefined && { scope }),
  };
}

function sealDraft(
  summary: State,
  replica: string,
  actor: Actor,
  clock: Clock,
  startedMs: number,
  affected: number,
): Parameters<typeof nextEvent>[2] {
  return {
    id: newId(clock),
    event_type: 'LOG_SEALED',
    subject_id: LOCAL_SUBJECT,
    tenant_id: LOCAL_TENANT,
    invoker_subject_id: actor.who,
    entity_key: `memory_events/${replica}`,
    operation: { action: 'seal' },
    before: null,
    after: summary,
    why: actor.why ?? null,
    result: {
      success: true,
      duration_ms: Math.max(0, clock.now() - startedMs),
      affected_documents: affected,
      error: null,
    },
  };
}
