import { Constraints } from '../../shared/collections/profiles.ts';
import { AppError } from '../../shared/errors.ts';
import type { Committed, Committing } from '../../shared/store/commit.ts';
import type { Store } from '../../shared/store/store.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import {
  type Actor,
  type AuditedChange,
  type AuditedCollection,
  LOCAL_SUBJECT,
  LOCAL_TENANT,
  createAuditedWrites,
  withoutMeta,
} from './audited-writes.ts';
import { stateAt } from './confidence.ts';
import { OPEN, PERSON } from './constraints.ts';
import { noSuchMemory, wrongState } from './errors.ts';
import { explainConfidence } from './explain.ts';
import { exportMemories } from './export.ts';
import { inspect } from './hygiene.ts';
import { createForgetter, type Purging } from './forget.ts';
import { holdOf } from './holds.ts';
import { confirmed, contradicted, mergedInto, rejected } from './life.ts';
import type { State } from './log/event.ts';
import { KEEP_EVENTS_DAYS, planSeal } from './log/seal.ts';
import { changeMany } from './change-many.ts';
import { createDoor } from './door.ts';
import { createDailyJob } from './daily-job.ts';
import { type StoredMemory, bare, createMemoryBook } from './memory-book.ts';
import { createMemoryLog } from './memory-log.ts';
import { noteRecalled } from './note-recalled.ts';
import { isSameOwner, ownerOf, whoseIs } from './owner.ts';
import { createProfiles, newProfile } from './profiles.ts';
import type { KnownMemory } from './recall.ts';
import { type RedactionChoice, USUAL_REDACTION, rulesFor } from './redact.ts';
import { DAY_MS } from './rules.ts';
import type { MemoryEdit, MemoryService, MemoryView } from './types.ts';
import { changesUndoing } from './undo.ts';
import { checkMemory } from './validate.ts';
import { isAsked, viewOf } from './view.ts';

interface Ports {
  readonly store: Store & Committing;
  readonly clock: Clock;
  /** This copy of the vault: whose chain of the log it writes. */
  readonly replica: string;
  /** For vaults on disk. */
  readonly purging?: Purging;
  /** What the person has chosen for copies that leave. */
  readonly redaction?: () => RedactionChoice;
}

type Kind = Pick<AuditedChange, 'event_type' | 'action'>;

const NOT_REACHED = [
  'backups and copies of the vault: Time Machine, version control, file synchronisers, snapshots of the disk',
  'team-mates’ vaults before they have synchronised, and programs that have received it',
  'the messages that it was taken from, and archives of old episodes (archive/)',
  'blocks of the disk that are free now and not yet written over',
];

/** Opens the memory of a vault. Nothing is read before it is needed. */
export function createMemory({
  store,
  clock,
  replica,
  purging,
  redaction = () => USUAL_REDACTION,
}: Ports): MemoryService {
  const writes = createAuditedWrites({ store, clock, replica, holdOf: (memory) => holdNow(memory as KnownMemory) });
  const book = createMemoryBook(store, whoseIs);
  const log = createMemoryLog(store);
  const profiles = createProfiles(store, writes);
  const forgetter = createForgetter({ store, clock, replica, writes, book, purging, living, isSameOwner });
  const door = createDoor({ clock, writes, book, profiles });
  const daily = createDailyJob({ clock, replica, writes, book, log, profiles, forgetter, holdNow });

  async function holdNow(memory: KnownMemory): Promise<string | null> {
    return holdOf(memory, await profiles.constraintsAsTheyStand(whoseIs(memory)), rulesFor(redaction(), 'sync'));
  }

  const view = (memory: KnownMemory): MemoryView => viewOf(memory, clock.now());

  async function known(id: string): Promise<StoredMemory> {
    await book.refresh();
    const memory = book.get(id);
    if (!memory) throw noSuchMemory(id);
    return memory;
  }

  /** A memory that has text: everything but what was forgotten. */
  async function living(id: string): Promise<StoredMemory> {
    const memory = await known(id);
    if (memory.state === 'forgotten') throw wrongState(id, 'forgotten', 'not forgotten');
    return memory;
  }

  async function change(
    id: string,
    actor: Actor,
    kind: Kind,
    next: (memory: StoredMemory) => KnownMemory,
  ): Promise<MemoryView> {
    await writes.change(actor, async () => {
      const before = await living(id);
      return [{ collection: 'memories', before, after: bare(next(before)), ...kind }];
    });
    return view(await known(id));
  }

  async function forget(id: string, actor: Actor): ReturnType<MemoryService['forget']> {
    const { plan, purged, pending } = await forgetter.forget([id], actor, 'forget');
    return {
      memory: view(await known(id)),
      redacted_events: plan.redactedEvents,
      also_forgotten: plan.alsoForgotten,
      still_says: plan.stillSays,
      purged,
      pending,
      not_reached: NOT_REACHED,
    };
  }

  async function restoreDay(id: string, actor: Actor, day: string): Promise<MemoryView> {
    const [found] = await log.asOf(day, id);
    if (!found) throw noSuchState(id, day, 'the log knows nothing of it on that day');
    if (found.state === 'redacted' || found.state['state'] === 'forgotten')
      throw noSuchState(id, day, 'it was forgotten since');
    const { updated_at: _then, ...state } = found.state;
    await writes.change(actor, async () => {
      await book.refresh();
      const before = book.get(id) ?? null;
      if (before?.state === 'forgotten') throw wrongState(id, 'forgotten', 'not forgotten');
      const after = { ...state, id };
      return [
        { collection: 'memories', before, after, event_type: 'MEMORY_RESTORED', action: 'restore', operation: { day } },
      ];
    });
    return view(await known(id));
  }

  return {
    add: (memory, actor) => door.add(memory, actor),
    async list(query = {}) {
      await book.refresh();
      return [...book.all()]
        .map(view)
        .filter((each) => isAsked(each, query))
        .sort((a, b) => b.current_confidence - a.current_confidence || (a.id < b.id ? -1 : 1));
    },
    show: async (id) => view(await known(id)),
    async why(id) {
      const memory = await living(id);
      return { ...explainConfidence(memory, clock.now()), memory: view(memory) };
    },
    confirm: (id, actor, evidence) =>
      change(id, actor, { event_type: 'MEMORY_CONFIRMED', action: 'confirm' }, (memory) =>
        confirmed(memory, isoNow(clock), evidence),
      ),
    contradict: (id, actor, evidence) =>
      change(id, actor, { event_type: 'MEMORY_CONTRADICTED', action: 'contradict' }, (memory) =>
        contradicted(memory, isoNow(clock), evidence),
      ),
    edit: (id, edit, actor) =>
      change(id, actor, { event_type: 'MEMORY_UPDATED', action: editAction(edit) }, (memory) => edited(memory, edit)),
    async merge(ids, actor) {
      const [first, ...others] = [...new Set(ids)];
      if (first === undefined || others.length === 0) throw tooFew();
      await writes.change(actor, async () => {
        const kept = await living(first);
        const gone = await Promise.all(others.map(living));
        const into = { operation: { into: first } };
        return [
          {
            collection: 'memories',
            before: kept,
            after: bare(mergedInto(kept, gone)),
            event_type: 'MEMORY_MERGED',
            action: 'merge',
          },
          ...gone.map((before): AuditedChange => ({
            collection: 'memories',
            before,
            after: null,
            event_type: 'MEMORY_REMOVED',
            action: 'merge',
            ...into,
          })),
        ];
      });
      return view(await known(first));
    },
    forget,
    changeMany: (action, ids, actor) => changeMany({ clock, writes, book, forgetter }, action, ids, actor),
    finishForgetting: () => forgetter.finish(),
    async restore(id, actor, day) {
      if (day !== undefined) return restoreDay(id, actor, day);
      const memory = await known(id);
      const kind: Kind = { event_type: 'MEMORY_RESTORED', action: 'restore' };
      const state = stateAt(memory, clock.now());
      if (state === 'dormant') return change(id, actor, kind, (before) => confirmed(before, isoNow(clock)));
      if (state === 'rejected') {
        return change(id, actor, kind, ({ forgotten: _hash, ...before }) => ({ ...before, state: 'proposed' }));
      }
      throw wrongState(id, state, 'dormant or turned down');
    },
    propose: (proposals, actor, given) => door.propose(proposals, actor, given),
    refusals: (offered, given) => door.refusals(offered, given),
    accept: (id, actor) =>
      change(id, actor, { event_type: 'MEMORY_ADDED', action: 'accept' }, (memory) => {
        if (memory.state !== 'proposed') throw wrongState(id, memory.state ?? 'active', 'proposed');
        const { scope: _private, ...rest } = memory;
        return { ...rest, state: 'active', added_at: isoNow(clock), is_confirmed: true };
      }),
    reject: (id, actor) =>
      change(id, actor, { event_type: 'MEMORY_UPDATED', action: 'reject' }, (memory) => {
        if (memory.state !== 'proposed') throw wrongState(id, memory.state ?? 'active', 'proposed');
        return rejected(memory, isoNow(clock));
      }),
    async recall(query, { budget = 1000, subject, tenant, audience = PERSON } = {}) {
      const whose = ownerOf({ ...(subject !== undefined && { subject }), ...(tenant !== undefined && { tenant }) });
      const constraints = await profiles.constraints(whose);
      await book.refresh();
      const isTheirs = (memory: KnownMemory): boolean => {
        const owner = whoseIs(memory);
        return owner.subject === whose.subject && owner.tenant === whose.tenant;
      };
      return book.recall.recall({ query, budget, atMs: clock.now(), constraints, audience, isAsked: isTheirs });
    },
    noteRecalled: (ids, actor) => noteRecalled({ clock, writes, book }, ids, actor),
    async export({ subject, tenant, audience = PERSON } = {}) {
      const whose = ownerOf({ ...(subject !== undefined && { subject }), ...(tenant !== undefined && { tenant }) });
      const [profile, constraints] = [await profiles.find(whose), await profiles.constraints(whose)];
      await book.refresh();
      const memories = [...book.all()].filter((memory) => isSameOwner(memory, whose));
      const rules = rulesFor(redaction(), 'exports');
      return exportMemories({ profile, whose, memories, constraints, audience, rules, atMs: clock.now() });
    },
    reviewHolds: (actor) => daily.reviewHolds(actor),
    async hygiene() {
      await book.refresh();
      return inspect([...book.all()], clock.now());
    },
    applyDecay: (actor) => daily.applyDecay(actor),
    async profile(subject = LOCAL_SUBJECT, tenant = LOCAL_TENANT) {
      const profile = await profiles.find({ subject, tenant });
      return profile && withoutMeta(profile);
    },
    async constrain(changes, actor, given = {}) {
      const whose = ownerOf(given);
      const before = await profiles.find(whose);
      const parsed = Constraints.safeParse({ ...OPEN, ...(before?.['constraints'] as object | undefined), ...changes });
      if (!parsed.success) throw badConstraint(parsed.error.issues[0]?.path.join('.') ?? '');
      const base = before ? (withoutMeta(before) as State & { id: string }) : newProfile(whose);
      await writes.change(actor, async () => [
        {
          collection: 'profiles',
          before,
          after: { ...base, constraints: parsed.data },
          event_type: 'ENTITY_CHANGED',
          action: 'constrain',
        },
      ]);
      await daily.reviewHolds({ ...actor, why: 'The profile’s constraints were changed.' });
      return parsed.data;
    },
    async put(collection, record, actor) {
      const given = record['id'];
      const id = typeof given === 'string' ? given : newId(clock);
      const [done] = await writes.change(actor, async () => {
        const before = (await store.collection(collection).findOne({ id })) as Committed | null;
        return [
          {
            collection,
            before,
            after: { ...record, id },
            event_type: 'ENTITY_CHANGED',
            action: before ? 'replace' : 'add',
          },
        ];
      });
      return done ? withoutMeta(done) : record;
    },
    async remove(collection: AuditedCollection, id, actor) {
      await writes.change(actor, async () => {
        const before = (await store.collection(collection).findOne({ id })) as Committed | null;
        if (!before)
          throw new AppError('NOT_FOUND', `There is no record ${id} in ${collection}.`, {
            remedy: 'Look again at what there is.',
          });
        return [{ collection, before, after: null, event_type: 'ENTITY_CHANGED', action: 'remove' }];
      });
    },
    undo: async (events, actor) => (await writes.change(actor, () => changesUndoing(store, events))).length,
    log: (query) => log.events(query),
    asOf: (day, id) => log.asOf(day, id),
    compareDays: (from, to) => log.compareDays(from, to),
    unlogged: async () =>
      (await log.unlogged()).map(({ collection, after, before }) => `${collection}/${String(after?.id ?? before?.id)}`),
    sealOld: (actor) =>
      writes.seal(actor, (events) => planSeal(events, new Date(clock.now() - KEEP_EVENTS_DAYS * DAY_MS).toISOString())),
    close() {
      book.close();
      log.close();
    },
  };
}

function edited(memory: KnownMemory, { domain, ...edit }: MemoryEdit): KnownMemory {
  const { domain: was, ...rest } = memory;
  const about = domain === undefined ? was : (domain ?? undefined);
  const next = { ...rest, ...edit, ...(about !== undefined && { domain: about }) };
  checkMemory(next);
  return next;
}

function editAction({ pinned, ...edit }: MemoryEdit): string {
  if (pinned === undefined || Object.keys(edit).length > 0) return 'edit';
  return pinned ? 'pin' : 'unpin';
}

function noSuchState(id: string, day: string, why: string): AppError {
  return new AppError('NOT_FOUND', `The memory ${id} cannot be made what it was on ${day}: ${why}.`, {
    remedy: 'Look at the memory log for the days on which it changed.',
    details: { id, day },
  });
}

function tooFew(): AppError {
  return new AppError('BAD_INPUT', 'A merge needs two memories or more.', {
    remedy: 'Give their ids, the one to keep first.',
  });
}

function badConstraint(field: string): AppError {
  return new AppError('BAD_INPUT', `The constraint ${field} cannot have that value.`, {
    remedy:
      'Constraints: memory_enabled, learn_patterns, anonymize_dates (true or false), share_with (names), delete_after_days (days or null).',
    details: { field },
  });
}
