import type { Constraints } from '../../shared/collections/profiles.ts';
import type { Clock } from '../lib/clock.ts';
import { createTimeSlices } from '../lib/time-slices.ts';
import type { Actor, AuditedChange, AuditedWrites } from './audited-writes.ts';
import { IN_A_TURN } from './change-many.ts';
import { stateAt } from './confidence.ts';
import { isPastKeeping } from './constraints.ts';
import type { Forgetter } from './forget.ts';
import type { MemoryBook, StoredMemory } from './memory-book.ts';
import { bare } from './memory-book.ts';
import type { MemoryLog } from './memory-log.ts';
import { whoseIs } from './owner.ts';
import type { Profiles } from './profiles.ts';
import type { KnownMemory } from './recall.ts';
import type { DecayReport } from './types.ts';

/** What is done to all memories, daily or when what may be kept or sent has changed. It gives the event loop back in between. */
export interface DailyJob {
  /** As in `MemoryService`. */
  applyDecay(actor: Actor): Promise<DecayReport>;
  /** As in `MemoryService`. */
  reviewHolds(actor: Actor): Promise<number>;
}

interface Ports {
  readonly clock: Clock;
  readonly replica: string;
  readonly writes: AuditedWrites;
  readonly book: MemoryBook;
  readonly log: MemoryLog;
  readonly profiles: Profiles;
  readonly forgetter: Forgetter;
  /** Why a memory is kept from the team now; null: it is not. */
  readonly holdNow: (memory: KnownMemory) => Promise<string | null>;
}

/** What is forgotten in one commit. */
const FORGOTTEN_TOGETHER = 500;

export function createDailyJob({ clock, replica, writes, book, log, profiles, forgetter, holdNow }: Ports): DailyJob {
  const slices = createTimeSlices();

  /** Ids of the memories of which something holds, each looked at as it is then. */
  async function idsWhere(holds: (memory: StoredMemory) => boolean | Promise<boolean>): Promise<string[]> {
    await book.refresh();
    const found: string[] = [];
    for (const memory of book.all()) {
      if (await holds(memory)) found.push(memory.id);
      await slices.pause();
    }
    return found;
  }

  /** Changes these a few at a time; each is looked at once more in its turn. */
  async function changeEach(
    ids: readonly string[],
    actor: Actor,
    changeOf: (memory: StoredMemory) => AuditedChange | null,
  ): Promise<void> {
    for (const some of slicesOf(ids, IN_A_TURN)) {
      await writes.change(actor, async () => {
        await book.refresh();
        return some.flatMap((id) => {
          const memory = book.get(id);
          return (memory && changeOf(memory)) ?? [];
        });
      });
      await slices.pause();
    }
  }

  async function reviewHolds(actor: Actor): Promise<number> {
    const stale = await idsWhere(
      async (memory) =>
        memory._meta.by.replica === replica &&
        memory.state !== 'forgotten' &&
        (await holdNow(memory)) !== (memory.held ?? null),
    );
    await changeEach(stale, actor, (before) => ({
      collection: 'memories',
      before,
      after: bare(before),
      event_type: 'MEMORY_UPDATED',
      action: 'hold',
    }));
    return stale.length;
  }

  /** Forgets what is older than its owner wants anything to be kept. */
  async function forgetPast(actor: Actor, nowMs: number): Promise<string[]> {
    const byOwner = new Map<string, Constraints>();
    const past = await idsWhere(async (memory) => {
      const whose = whoseIs(memory);
      const key = `${whose.subject}\n${whose.tenant}`;
      const constraints = byOwner.get(key) ?? (await profiles.constraints(whose));
      byOwner.set(key, constraints);
      return memory.state !== 'forgotten' && isPastKeeping(memory, constraints, nowMs);
    });
    const because = { ...actor, why: 'delete_after_days is over' };
    for (const some of slicesOf(past, FORGOTTEN_TOGETHER)) await forgetter.forget(some, because, 'delete_after_days');
    return past;
  }

  /** Writes into the log what changed without it: imports, other programs, the team. */
  async function note(actor: Actor): Promise<number> {
    const noted = { ...actor, why: 'Changed by an import, another program or the team.' };
    let count = 0;
    for (const some of slicesOf(await log.unlogged(), IN_A_TURN)) {
      await writes.change(noted, async () => {
        // In turn with the changes of this vault, so that none of them is noted as it was before.
        const still = await log.unloggedOf(some);
        count += still.length;
        return still;
      });
      await slices.pause();
    }
    return count;
  }

  return {
    async applyDecay(actor) {
      const nowMs = clock.now();
      const deleted = await forgetPast(actor, nowMs);
      await reviewHolds({ ...actor, why: 'The profile’s constraints, or the rules about personal data, say so.' });
      const observed = (await note(actor)) + (await forgetter.carryOut(actor));
      const [dormant, woken]: [string[], string[]] = [[], []];
      let lookedAt = 0;
      const changed = await idsWhere((memory) => {
        lookedAt += 1;
        return (memory.state ?? 'active') !== stateAt(memory, nowMs);
      });
      await changeEach(changed, actor, (before) => {
        const state = stateAt(before, nowMs);
        if ((before.state ?? 'active') === state) return null;
        (state === 'dormant' ? dormant : woken).push(before.id);
        const action = state === 'dormant' ? 'fade' : 'wake';
        const after = bare({ ...before, state });
        return { collection: 'memories', before, after, event_type: 'DECAY_APPLIED', action };
      });
      await profiles.noteDecay(actor, new Date(nowMs).toISOString());
      return { looked_at: lookedAt, dormant, woken, deleted, observed };
    },
    reviewHolds,
  };
}

function* slicesOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}
