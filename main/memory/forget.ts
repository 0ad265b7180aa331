import type { Store } from '../../shared/store/store.ts';
import { AppError } from '../../shared/errors.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { sha256Hex } from '../lib/hash.ts';
import type { Actor, AuditedWrites } from './audited-writes.ts';
import { type ForgetOrder, type Forgetting, hasContent, planForgetting } from './forgetting.ts';
import type { ChainedEvent } from './log/event.ts';
import type { MemoryBook } from './memory-book.ts';
import type { KnownMemory } from './recall.ts';

type StoredMemory = ReturnType<MemoryBook['all']> extends IterableIterator<infer M> ? M : never;

/** A purge that is not known to be done. Holds the words until it is; they are elsewhere in the vault until then, too. */
export interface PendingPurge {
  /** Memories whose forgetting it belongs to; it counts once they are forgotten. */
  readonly memories: readonly string[];
  readonly order: ForgetOrder;
}

/** How much was taken out, by place. */
export interface PurgeCounts {
  readonly log_lines: number;
  readonly sync_bases: number;
  readonly good_copies: number;
  readonly trash: number;
  readonly quarantine: number;
}

/** What a vault on disk does for forgetting beside its records; other stores keep nothing beside them. */
export interface Purging {
  pending(): readonly PendingPurge[];
  /** Durable when this returns. */
  remember(pending: readonly PendingPurge[]): void;
  /** What `settle` was last given. */
  settled(): string | null;
  settle(traces: string): void;
  /** May be done again. Where it throws, part of it is done. */
  purge(order: ForgetOrder): Promise<PurgeCounts>;
}

export interface Forgot {
  readonly plan: Forgetting;
  /** Null where nothing is kept beside the records, or the disk did not let it happen yet. */
  readonly purged: PurgeCounts | null;
  /** Why what is kept beside the records still has it; null where it has not. It is tried again. */
  readonly pending: string | null;
}

export interface Forgetter {
  /** One commit; then all that is kept beside the records. NOT_FOUND, BAD_INPUT. */
  forget(ids: readonly string[], actor: Actor, action: string): Promise<Forgot>;
  /** Does its part for memories that another copy of the vault has forgotten. Returns how many. */
  carryOut(actor: Actor): Promise<number>;
  /** Finishes what was cut short. Throws what the disk says; what is left is tried again. */
  finish(): Promise<void>;
}

interface Ports {
  readonly store: Store;
  readonly clock: Clock;
  readonly replica: string;
  readonly writes: AuditedWrites;
  readonly book: MemoryBook;
  readonly purging: Purging | undefined;
  /** Alive, or it throws. */
  readonly living: (id: string) => Promise<StoredMemory>;
  readonly isSameOwner: (a: KnownMemory, b: KnownMemory) => boolean;
}

const NOBODY: Actor = { who: 'JOB:forget' };

/**
 * Forgetting in two steps. First one commit: tombstones, events without content. What is kept beside the records is noted
 * before that commit and purged after it, until that is known to be done: a crash in between only makes it later.
 */
export function createForgetter(ports: Ports): Forgetter {
  const { store, clock, replica, writes, book, purging, living, isSameOwner } = ports;
  let finishing: Promise<unknown> = Promise.resolve();

  async function plan(targets: readonly StoredMemory[], action: string): Promise<Forgetting> {
    const found = await planForgetting(
      { store, memories: () => book.all(), isSameOwner, now: isoNow(clock) },
      targets,
      action,
    );
    const memories = found.order.records.filter(({ collection }) => collection === 'memories').map(({ id }) => id);
    purging?.remember([...purging.pending(), { memories, order: found.order }]);
    return found;
  }

  /** In a turn of its own among the writes, so that none is between its note and its commit. */
  async function due(): Promise<readonly PendingPurge[]> {
    if (!purging) return [];
    let left: readonly PendingPurge[] = [];
    await writes.change(NOBODY, async () => {
      await book.refresh();
      left = purging.pending().filter(({ memories }) => memories.some(isGone));
      if (left.length < purging.pending().length) purging.remember(left);
      return [];
    });
    return left;
  }

  function isGone(id: string): boolean {
    return book.get(id)?.state === 'forgotten';
  }

  async function purgeDue(): Promise<PurgeCounts> {
    let counts: PurgeCounts = { log_lines: 0, sync_bases: 0, good_copies: 0, trash: 0, quarantine: 0 };
    for (const each of await due()) {
      counts = sum(counts, (await purging?.purge(each.order)) ?? counts);
      const done = JSON.stringify(each);
      purging?.remember(purging.pending().filter((other) => JSON.stringify(other) !== done));
    }
    return counts;
  }

  function finish(): Promise<PurgeCounts> {
    const result = finishing.then(purgeDue, purgeDue);
    finishing = result.catch(() => undefined);
    return result;
  }

  async function purged(found: Forgetting): Promise<Forgot> {
    if (!purging) return { plan: found, purged: null, pending: null };
    try {
      return { plan: found, purged: await finish(), pending: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { plan: found, purged: null, pending: error.message };
    }
  }

  return {
    async forget(ids, actor, action) {
      let found: Forgetting | undefined;
      await writes.change(actor, async () => {
        const targets = await Promise.all([...new Set(ids)].map(living));
        found = await plan(targets, action);
        return found.changes;
      });
      if (found === undefined) throw new Error('A forgetting without a plan. This is a bug in Almanac.');
      return purged(found);
    },
    async carryOut(actor) {
      const left = await forgottenElsewhere();
      if (left.length > 0) {
        await writes.change(actor, async () => {
          const targets = left.flatMap(({ id }) => book.get(id) ?? []).filter(({ state }) => state === 'forgotten');
          return (await plan(targets, 'forget_here')).changes;
        });
        await finish();
      }
      await purgeTraces();
      return left.length;
    },
    async finish() {
      await finish();
    },
  };

  /** Those of which no event of our own says that they were forgotten, and those of which somebody has told since. */
  async function forgottenElsewhere(): Promise<readonly StoredMemory[]> {
    await book.refresh();
    const forgotten = [...book.all()].filter(({ state }) => state === 'forgotten');
    if (forgotten.length === 0) return [];
    const [known, told] = [new Set<string>(), new Set<string>()];
    const keys = forgotten.map(({ id }) => `memories/${id}`);
    for await (const event of store.collection('memory_events').stream({ entity_key: { $in: keys } })) {
      if (hasContent(event as ChainedEvent)) told.add(event.entity_key);
      else if (event.replica === replica && OWN_WORD.has(event.event_type)) known.add(event.entity_key);
    }
    return forgotten.filter(({ id }) => !known.has(`memories/${id}`) || told.has(`memories/${id}`));
  }

  /** What others have emptied stands in our files as it was; which events these are says whether it was looked for. */
  async function purgeTraces(): Promise<void> {
    if (!purging) return;
    const events: string[] = [];
    for await (const { id, _meta } of store.collection('memory_events').stream({ redacted: true }))
      events.push(`${id} ${_meta.rev}`);
    const memories = [...book.all()].filter(isEmpty).map(({ id }) => id);
    const traces = sha256Hex([...events, ...memories].sort().join('\n'));
    if (events.length + memories.length === 0 || traces === purging.settled()) return;
    const records = [
      ...memories.map((id) => ({ collection: 'memories' as const, id })),
      ...events.map((event) => ({ collection: 'memory_events' as const, id: event.slice(0, event.indexOf(' ')) })),
    ];
    await purging.purge({ records, texts: [], allCopies: true });
    purging.settle(traces);
  }
}

/** A seal may have taken the place of the event. */
const OWN_WORD = new Set(['MEMORY_FORGOTTEN', 'STATE_CARRIED']);

function isEmpty({ state }: KnownMemory): boolean {
  return state === 'forgotten';
}

function sum(a: PurgeCounts, b: PurgeCounts): PurgeCounts {
  return {
    log_lines: a.log_lines + b.log_lines,
    sync_bases: a.sync_bases + b.sync_bases,
    good_copies: a.good_copies + b.good_copies,
    trash: a.trash + b.trash,
    quarantine: a.quarantine + b.quarantine,
  };
}
