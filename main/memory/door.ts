import type { Constraints } from '../../shared/collections/profiles.ts';
import { AppError } from '../../shared/errors.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { Actor, AuditedChange, AuditedWrites } from './audited-writes.ts';
import { checkAllowed } from './constraints.ts';
import { noSuchMemory } from './errors.ts';
import type { Proposal } from './extract/extract.ts';
import type { MemoryBook } from './memory-book.ts';
import { ownerOf } from './owner.ts';
import type { Profiles, Whose } from './profiles.ts';
import type { KnownMemory } from './recall.ts';
import { LEAST_CONFIDENCE } from './rules.ts';
import type { MemoryService, MemoryView, NewMemory } from './types.ts';
import { checkAdded } from './validate.ts';
import { viewOf } from './view.ts';

/** How memories come in: each is checked against 004, the constraints, what was forgotten and what is known already. */
export type Door = Pick<MemoryService, 'add' | 'propose' | 'refusals'>;

interface Ports {
  readonly clock: Clock;
  readonly writes: AuditedWrites;
  readonly book: MemoryBook;
  readonly profiles: Profiles;
}

export function createDoor({ clock, writes, book, profiles }: Ports): Door {
  function view(id: string): MemoryView {
    const memory = book.get(id);
    if (!memory) throw noSuchMemory(id);
    return viewOf(memory, clock.now());
  }

  async function add(memory: NewMemory, actor: Actor): ReturnType<MemoryService['add']> {
    const whose = ownerOf(memory);
    const draft = draftOf(memory, whose, newId(clock), isoNow(clock));
    checkAdded(draft);
    checkAllowed(await profiles.constraints(whose), draft.type);
    let contradicts: ReturnType<MemoryBook['like']> = [];
    await writes.change(actor, async () => {
      await book.refresh();
      const like = book.like(draft.text, whose);
      contradicts = like.filter(({ likeness }) => likeness === 'contradicts');
      if (memory.anyway !== true) {
        if (book.wasForgotten(draft.text)) throw wasForgotten();
        const same = like.filter(({ likeness }) => likeness !== 'contradicts');
        if (same[0]) throw isKnown(book, same);
      }
      return [
        {
          collection: 'memories',
          before: null,
          after: draft,
          event_type: 'MEMORY_ADDED',
          action: actionOf('add', draft),
        },
      ];
    });
    await book.refresh();
    return { memory: view(draft.id), contradicts };
  }

  async function propose(
    proposals: readonly Proposal[],
    actor: Actor,
    given: { subject?: string; tenant?: string } = {},
  ): ReturnType<MemoryService['propose']> {
    const whose = ownerOf(given);
    const constraints = await profiles.constraints(whose);
    const skipped: Record<string, number> = {};
    const ids: string[] = [];
    await writes.change(actor, async () => {
      await book.refresh();
      const taken: AuditedChange[] = [];
      for (const proposal of proposals) {
        const reason = reasonAgainst(proposal, whose, constraints);
        if (reason !== null) skipped[reason] = (skipped[reason] ?? 0) + 1;
        else {
          const draft = proposalDraft(proposal, whose, newId(clock), isoNow(clock), actor);
          ids.push(draft.id);
          taken.push({
            collection: 'memories',
            before: null,
            after: draft,
            event_type: 'MEMORY_PROPOSED',
            action: 'propose',
          });
        }
      }
      return taken;
    });
    await book.refresh();
    return { proposed: ids.filter((id) => book.get(id)).map(view), skipped };
  }

  function refusal({ type, text }: Pick<Proposal, 'type' | 'text'>, constraints: Constraints): string | null {
    try {
      checkAllowed(constraints, type);
    } catch (error) {
      return error instanceof AppError ? `not allowed: ${String(error.details['constraint'])}` : 'not allowed';
    }
    return book.wasForgotten(text) ? 'forgotten' : null;
  }

  function reasonAgainst(proposal: Proposal, whose: Whose, constraints: Constraints): string | null {
    const { text } = proposal;
    const refused = refusal(proposal, constraints);
    if (refused !== null) return refused;
    return book.like(text, whose).some(({ likeness }) => likeness !== 'contradicts') ? 'known' : null;
  }

  return {
    add,
    propose,
    async refusals(offered, given = {}) {
      const constraints = await profiles.constraints(ownerOf(given));
      await book.refresh();
      return offered.map((each) => refusal(each, constraints));
    },
  };
}

function draftOf(memory: NewMemory, whose: Whose, id: string, now: string): KnownMemory {
  const { anyway: _anyway, confidence, source = 'typed', evidence, text, ...rest } = memory;
  return {
    id,
    ...rest,
    ...whose,
    text: text.trim(),
    confidence: confidence ?? Math.min(1, LEAST_CONFIDENCE[memory.type] + 0.05),
    created_at: now,
    updated_at: now,
    added_at: now,
    confirmation_count: 1,
    state: 'active',
    source,
    ...(evidence !== undefined && { evidence: [...evidence] }),
  };
}

/** Private until the person says yes. */
function proposalDraft(
  { type, text, confidence, evidence, rule }: Proposal,
  whose: Whose,
  id: string,
  now: string,
  actor: Actor,
): KnownMemory {
  const draft = draftOf(
    { type, text, confidence, evidence, source: `${actor.who}:${rule}`, scope: 'private' },
    whose,
    id,
    now,
  );
  return { ...draft, state: 'proposed' };
}

/** 004's names: add_fact, add_pattern, add_narrative. */
function actionOf(verb: string, { type }: Pick<KnownMemory, 'type'>): string {
  return `${verb}_${type.replace(/^(?:USER|SHARED)_/, '').toLowerCase()}`;
}

function isKnown(book: MemoryBook, same: ReturnType<MemoryBook['like']>): AppError {
  const [first] = same;
  const text = book.get(first?.id ?? '')?.text ?? '';
  const how = first?.likeness === 'exact' ? 'is known already' : 'is nearly what is known already';
  return new AppError('MEMORY_KNOWN', `That ${how}: ${JSON.stringify(text.slice(0, 120))} (${first?.id}).`, {
    remedy: 'Confirm or merge that memory, or add this one all the same.',
    details: { duplicates: same },
  });
}

function wasForgotten(): AppError {
  return new AppError('MEMORY_FORGOTTEN', 'That was forgotten or turned down earlier.', {
    remedy: 'Add it all the same if it is to be remembered again.',
  });
}
