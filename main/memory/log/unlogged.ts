import type { Committed } from '../../../shared/store/commit.ts';
import type { Store } from '../../../shared/store/store.ts';
import { isSameJson } from '../../lib/canonical-json.ts';
import { createTimeSlices } from '../../lib/time-slices.ts';
import { type AuditedChange, type AuditedCollection, auditedCollections, withoutMeta } from '../audited-writes.ts';
import type { ChainedEvent, State } from './event.ts';
import { createReplay, replay } from './replay.ts';

/** What changed without the log: an import, another program, the team. */
export interface Unlogged {
  /**
   * Changes that note it. The first time all records are compared with all events, giving the event loop back in between;
   * then only what the store has told of since.
   */
  check(): Promise<AuditedChange[]>;
  /** The same of some records, by `<collection>/<id>`, as they are now. */
  checkSome(keys: Iterable<string>): Promise<AuditedChange[]>;
  close(): void;
}

type Known = State | 'redacted' | null;

export function createUnlogged(store: Store): Unlogged {
  const events = store.collection('memory_events');
  const changed = new Set<string>();
  const slices = createTimeSlices();
  let isCompared = false;
  const unwatch = store.watch(({ changes }) => {
    for (const { collection, id } of changes) {
      if (isAudited(collection)) changed.add(`${collection}/${id}`);
      // Events that others sent: which record they tell of stands in them alone.
      else if (collection === 'memory_events') changed.add(`memory_events/${id}`);
    }
  });

  async function compareAll(): Promise<AuditedChange[]> {
    const all = createReplay();
    for await (const event of events.stream()) {
      all.take(event as ChainedEvent);
      await slices.pause();
    }
    const states = new Map<string, Known>(all.states());
    const found: AuditedChange[] = [];
    for (const name of auditedCollections) {
      for await (const record of store.collection(name).stream()) {
        const key = `${name}/${record.id}`;
        const change = compare(key, states.get(key) ?? null, record as Committed);
        states.delete(key);
        if (change) found.push(change);
        await slices.pause();
      }
    }
    return [...found, ...[...states].flatMap(([key, known]) => compare(key, known, null) ?? [])];
  }

  async function checkSome(keys: Iterable<string>): Promise<AuditedChange[]> {
    const found: AuditedChange[] = [];
    for (const key of keys) {
      const [name, id] = split(key);
      if (!isAudited(name)) continue;
      const known = replay((await events.find({ entity_key: key })) as ChainedEvent[]).get(key) ?? null;
      const change = compare(key, known, (await store.collection(name).findOne({ id })) as Committed | null);
      if (change) found.push(change);
      await slices.pause();
    }
    return found;
  }

  /** The records that were told of, those that the events tell of included. */
  async function toldOf(): Promise<Set<string>> {
    const keys = new Set<string>();
    const told = [...changed];
    changed.clear();
    for (const key of told) {
      const [name, id] = split(key);
      if (name !== 'memory_events') keys.add(key);
      else {
        const event = await events.findOne({ id });
        if (event) keys.add(event.entity_key);
      }
    }
    return keys;
  }

  return {
    async check() {
      let found: AuditedChange[] = [];
      if (!isCompared) {
        changed.clear();
        found = await compareAll();
        isCompared = true;
      }
      // What changed while it was compared is compared once more.
      const since = await toldOf();
      const rest = found.filter((change) => !since.has(keyOf(change)));
      const again = await checkSome(since);
      const all = [...rest, ...again];
      // Until they are noted they are not.
      for (const change of all) changed.add(keyOf(change));
      return all;
    },
    checkSome,
    close: unwatch,
  };
}

/** The change that notes how a record differs from what the log says of it; null where it does not. */
function compare(key: string, known: Known, record: Committed | null): AuditedChange | null {
  const [collection, id] = split(key);
  const after = record && (withoutMeta(record) as State & { readonly id: string });
  if (!isAudited(collection) || isSameJson(known, after)) return null;
  // Only read to name the record and to say what was; the store is not asked to change anything.
  const before = { id, ...(known === 'redacted' ? {} : known) } as unknown as Committed;
  return { collection, before, after, event_type: 'STATE_OBSERVED', action: 'observe', observed: true };
}

/** `<collection>/<id>` of what a change is about. */
export function keyOf({ collection, before, after }: AuditedChange): string {
  return `${collection}/${String(after?.id ?? before?.id)}`;
}

function isAudited(name: string): name is AuditedCollection {
  return (auditedCollections as readonly string[]).includes(name);
}

function split(key: string): [string, string] {
  const at = key.indexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}
