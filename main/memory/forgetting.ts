import type { Conflict } from '../../shared/collections/conflicts.ts';
import type { Evidence } from '../../shared/collections/memories.ts';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Committed, Write } from '../../shared/store/commit.ts';
import type { Store } from '../../shared/store/store.ts';
import { type Words, createWords } from '../lib/forgotten-words.ts';
import { type AuditedChange, auditedCollections, withoutMeta } from './audited-writes.ts';
import { tombstoneOf } from './life.ts';
import type { ChainedEvent, State } from './log/event.ts';
import type { KnownMemory } from './recall.ts';
import { normalised } from './text/normalise.ts';

type StoredMemory = KnownMemory & Committed;

/** What is to go from all that is kept beside the records, once the forgetting itself is committed. */
export interface ForgetOrder {
  readonly records: readonly { readonly collection: CollectionName; readonly id: string }[];
  readonly texts: readonly string[];
  /** All last good copies, too: what they may hold is not known here any more. */
  readonly allCopies?: true;
}

/** Everything that a forgetting comes to. */
export interface Forgetting {
  readonly changes: readonly AuditedChange[];
  readonly order: ForgetOrder;
  /** Memories that said the very same, or were merged into it and still there. */
  readonly alsoForgotten: readonly string[];
  /** Records that hold the words and were left as they are, by `<collection>/<id>`. */
  readonly stillSays: readonly string[];
  readonly redactedEvents: number;
}

interface Port {
  readonly store: Store;
  /** All memories, up to date. */
  readonly memories: () => Iterable<StoredMemory>;
  readonly isSameOwner: (a: KnownMemory, b: KnownMemory) => boolean;
  readonly now: string;
}

/**
 * What it takes to forget memories: their tombstones, those of memories that say the very same, the same words taken out
 * of the evidence of others, of profiles, conflicts and the memory log. Changes nothing.
 *
 * @param targets alive, or forgotten already by another copy of the vault: then what is left of them here goes
 */
export async function planForgetting(
  port: Port,
  targets: readonly StoredMemory[],
  action: string,
): Promise<Forgetting> {
  const gone = withTheSame(port, targets);
  const history = await historyOf(port.store, gone);
  const words = createWords([...gone.values()].flatMap(textsOf).concat([...history.states].flatMap(textsOf)));
  const others = [...port.memories()].filter(({ id, state }) => !gone.has(id) && state !== 'forgotten');
  const stillSays = others.filter(({ text }) => words.inText(text)).map(({ id }) => `memories/${id}`);
  const quoting = others.flatMap((memory) => unquoted(memory, words) ?? []);
  const elsewhere = await inOtherRecords(port.store, words);
  stillSays.push(...elsewhere.left);
  const events = await eventsThatQuote(port.store, words, history, new Set(stillSays));
  const conflicts = await conflictsAbout(port, words, new Set([...gone.keys(), ...history.merged]), events);
  const changes: AuditedChange[] = [
    ...[...gone.values()].map((before) => goneChange(before, port.now, action)),
    ...history.merged.filter((id) => !gone.has(id)).map((id) => mergedChange(id, targets[0], action)),
    ...quoting,
    ...elsewhere.changes,
  ];
  const wanted = new Set(targets.map(({ id }) => id));
  return {
    changes: withRedactions(changes, events, conflicts),
    order: { records: recordsOf(changes, [...history.events, ...events], conflicts), texts: words.texts },
    alsoForgotten: [...gone.keys()].filter((id) => !wanted.has(id)),
    stillSays,
    redactedEvents: events.length,
  };
}

/** Each forgetting takes out what was said of its own memory; the first one names the events of others that quoted it. */
function withRedactions(
  changes: readonly AuditedChange[],
  events: readonly ChainedEvent[],
  beside: readonly Write[],
): AuditedChange[] {
  const keys = new Set(changes.filter(({ event_type }) => event_type === 'MEMORY_FORGOTTEN').map(keyOf));
  return changes.map((each, at) => {
    const isFirst = at === 0;
    const own = keys.has(keyOf(each)) ? keyOf(each) : null;
    const redacts = events.filter(({ entity_key: key }) => key === own || (isFirst && !keys.has(key)));
    return { ...each, redacts, ...(isFirst && { beside }) };
  });
}

function keyOf({ collection, before, after }: AuditedChange): string {
  return `${collection}/${String(after?.id ?? before?.id)}`;
}

/** The memories, and those of the same owner that say the very same. */
function withTheSame({ memories, isSameOwner }: Port, targets: readonly StoredMemory[]): Map<string, StoredMemory> {
  const gone = new Map(targets.map((memory) => [memory.id, memory]));
  const said = new Map(
    targets.filter(({ state }) => state !== 'forgotten').map((each) => [normalised(each.text), each]),
  );
  for (const memory of memories()) {
    const like = memory.state === 'forgotten' ? undefined : said.get(normalised(memory.text));
    if (like && isSameOwner(like, memory)) gone.set(memory.id, memory);
  }
  return gone;
}

interface History {
  /** Ids of events about these memories. */
  readonly own: ReadonlySet<string>;
  readonly events: readonly ChainedEvent[];
  /** What the events say that they were. */
  readonly states: readonly State[];
  /** Ids of memories that became part of them. */
  readonly merged: readonly string[];
}

/** Follows what was merged into what, as far as the log tells. */
async function historyOf(store: Store, gone: ReadonlyMap<string, StoredMemory>): Promise<History> {
  const seen = new Set<string>(gone.keys());
  const events: ChainedEvent[] = [];
  const states: State[] = [];
  let look = new Set(seen);
  for (const { merged_from = [] } of gone.values()) for (const id of merged_from) look.add(id);
  while (look.size > 0) {
    for (const id of look) seen.add(id);
    const keys = [...look].map((id) => `memories/${id}`);
    const found = (await store.collection('memory_events').find({ entity_key: { $in: keys } })) as ChainedEvent[];
    events.push(...found);
    const said = found.flatMap(({ before, after }) => [before, after]).filter((state) => state != null);
    states.push(...said);
    look = new Set(said.flatMap((state) => namesIn(state['merged_from'])).filter((id) => !seen.has(id)));
  }
  const merged = [...seen].filter((id) => !gone.has(id));
  return { own: new Set(events.map(({ id }) => id)), events, states, merged };
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

/** What a memory says and said before an import, and the sentences that it was taken from. A tombstone says nothing. */
function textsOf(state: State | KnownMemory): string[] {
  if (state['state'] === 'forgotten') return [];
  const text = state['text'];
  const evidence = Array.isArray(state['evidence']) ? (state['evidence'] as readonly Evidence[]) : [];
  const source = state['source'] as { readonly before?: { readonly text?: unknown } } | string | undefined;
  const former = typeof source === 'object' ? source.before?.text : undefined;
  return [text, former, ...evidence.map(({ quote }) => quote)].filter((each) => typeof each === 'string');
}

/** The link to the message stays; its sentence can be read there. */
function unquoted(memory: StoredMemory, words: Words): AuditedChange | null {
  const evidence = memory.evidence ?? [];
  if (!evidence.some(({ quote }) => quote !== undefined && words.inText(quote))) return null;
  const left = evidence.map(({ quote, ...link }) =>
    quote === undefined || words.inText(quote) ? link : { ...link, quote },
  );
  const after = { ...withoutMeta(memory), id: memory.id, evidence: left };
  return change(memory, after, { event_type: 'MEMORY_UPDATED', action: 'unquote' });
}

type Kind = Pick<AuditedChange, 'event_type' | 'action'>;

function change(before: Committed, after: AuditedChange['after'], kind: Kind): AuditedChange {
  return { collection: 'memories', before, after, ...kind, hidesBefore: true };
}

/** One that is forgotten already is only noted: this copy of the vault has done its part. */
function goneChange(before: StoredMemory, now: string, action: string): AuditedChange {
  const isGone = before.state === 'forgotten';
  const { _meta, ...after } = isGone ? before : { ...tombstoneOf(before, now), _meta: before._meta };
  return {
    ...change(before, after, { event_type: 'MEMORY_FORGOTTEN', action }),
    ...(isGone && { observed: true }),
  };
}

/** A memory that is there no more, since it became part of another. */
function mergedChange(id: string, into: StoredMemory | undefined, action: string): AuditedChange {
  const { subject, tenant, scope } = into ?? {};
  const named = {
    id,
    ...(subject !== undefined && { subject }),
    ...(tenant !== undefined && { tenant }),
    ...(scope !== undefined && { scope }),
  };
  return {
    collection: 'memories',
    before: named as unknown as Committed, // only read to name the record
    after: null,
    event_type: 'MEMORY_FORGOTTEN',
    action,
    operation: { into: into?.id ?? null },
    hidesBefore: true,
    observed: true,
  };
}

/** Profiles lose the words (copies of older versions quote facts); what a person wrote into hubs and episodes is named. */
async function inOtherRecords(store: Store, words: Words): Promise<{ changes: AuditedChange[]; left: string[] }> {
  const changes: AuditedChange[] = [];
  const left: string[] = [];
  if (words.isEmpty) return { changes, left };
  for (const collection of auditedCollections) {
    if (collection === 'memories') continue;
    for await (const record of store.collection(collection).stream({})) {
      const before = record as Committed;
      const fields = withoutMeta(before);
      const after = words.takenFrom(fields);
      if (after === fields) continue;
      if (collection !== 'profiles') left.push(`${collection}/${before.id}`);
      else
        changes.push({
          collection,
          before,
          after: { ...after, id: before.id },
          event_type: 'ENTITY_CHANGED',
          action: 'forget',
          hidesBefore: true,
        });
    }
  }
  return { changes, left };
}

/** Events that still say it: all about the memories themselves, and those of others that quote it. */
async function eventsThatQuote(
  store: Store,
  words: Words,
  history: History,
  left: ReadonlySet<string>,
): Promise<ChainedEvent[]> {
  const found = history.events.filter(hasContent);
  if (words.isEmpty) return found;
  for await (const record of store.collection('memory_events').stream({ redacted: { $ne: true } })) {
    const event = record as ChainedEvent;
    if (history.own.has(event.id) || left.has(event.entity_key) || !hasContent(event)) continue;
    const { before, after, why } = event;
    const body = { before, after, why };
    if (words.takenFrom(body) !== body) found.push(event);
  }
  return found;
}

/** An event without content has nothing to lose; one of a forgetting has a tombstone. */
export function hasContent({ redacted, before, after, why }: ChainedEvent): boolean {
  if (redacted === true) return false;
  return before != null || why != null || (after != null && after['state'] !== 'forgotten');
}

async function conflictsAbout(
  { store, now }: Port,
  words: Words,
  memories: ReadonlySet<string>,
  events: readonly ChainedEvent[],
): Promise<Write[]> {
  const ids = new Set(events.map(({ id }) => id));
  const writes: Write[] = [];
  const concerned = { collection: { $in: [...auditedCollections, 'memory_events'] } };
  for (const { _meta, ...conflict } of await store.collection('conflicts').find(concerned)) {
    const isAbout = conflict.collection === 'memories' ? memories.has(conflict.record_id) : ids.has(conflict.record_id);
    const sides = { base: conflict.base, mine: conflict.mine, theirs: conflict.theirs };
    if (!isAbout && words.takenFrom(sides) === sides) continue;
    writes.push({ op: 'replace', collection: 'conflicts', id: conflict.id, record: withoutSides(conflict, now) });
  }
  return writes;
}

/** Nothing is left to decide between. */
function withoutSides(conflict: Conflict, now: string): Conflict {
  const kept = conflict.state === 'open' ? { resolution: 'forgotten', resolved_at: now } : {};
  const empty = { base: null, mine: null, theirs: null, forgotten: true };
  return { ...conflict, ...kept, ...empty, state: 'resolved', updated_at: now };
}

function recordsOf(
  changes: readonly AuditedChange[],
  events: readonly ChainedEvent[],
  conflicts: readonly Write[],
): ForgetOrder['records'] {
  return [
    ...changes.map(({ collection, before, after }) => ({ collection, id: String(after?.id ?? before?.id) })),
    ...[...new Set(events.map(({ id }) => id))].map((id) => ({ collection: 'memory_events' as const, id })),
    ...conflicts.flatMap((write) => (write.op === 'replace' ? [{ collection: write.collection, id: write.id }] : [])),
  ];
}
