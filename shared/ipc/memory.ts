import { z } from 'zod';
import { Evidence, MemoryState, MemoryType } from '../collections/memories.ts';
import { MemoryEvent } from '../collections/memory_events.ts';
import { Constraints } from '../collections/profiles.ts';
import { RecordScope } from '../collections/scope.ts';
import { memoryRecordMethods } from './memory-records.ts';
import { Count, RecordId } from './models.ts';

/** A memory as people and programs see it, now. */
export const MemoryView = z.object({
  id: RecordId,
  type: MemoryType,
  text: z.string(),
  /** The base; what is left of it today is `current_confidence`. */
  confidence: z.number(),
  current_confidence: z.number(),
  state: MemoryState,
  subject: z.string().nullable(),
  tenant: z.string().nullable(),
  domain: z.string().nullable(),
  scope: RecordScope,
  pinned: z.boolean(),
  evidence: z.array(Evidence),
  added_at: z.string(),
  last_confirmed_at: z.string().nullable(),
  confirmation_count: Count,
  contradiction_count: Count,
  last_recalled_at: z.string().nullable(),
  /** UTC days on which recall gave it. */
  recall_count: Count,
  /** When it goes dormant unless something confirms it; null: never. */
  fades_at: z.string().nullable(),
  updated_at: z.string(),
});

const Step = z.object({
  kind: z.enum(['base', 'evidence', 'confirmations', 'contradictions', 'decay']),
  text: z.string(),
  change: z.number(),
  confidence: z.number(),
});
export const MemoryWhy = z.object({
  memory: MemoryView,
  confidence: z.number(),
  current_confidence: z.number(),
  state: MemoryState,
  floor: z.number(),
  half_life_days: z.number(),
  fades_at: z.string().nullable(),
  steps: z.array(Step),
  evidence: z.array(Evidence),
  curve: z.array(z.object({ at: z.string(), confidence: z.number() })),
});

const Duplicate = z.object({
  id: RecordId,
  likeness: z.enum(['exact', 'near', 'contradicts']),
  similarity: z.number(),
});
const Recalled = z.object({
  id: RecordId,
  type: MemoryType,
  text: z.string(),
  score: z.number(),
  relevance: z.number(),
  confidence: z.number(),
  recency: z.number(),
  tokens: Count,
  matched: z.array(z.string()),
  why: z.string(),
  last_confirmed_at: z.string(),
});
const Pair = z.object({ ids: z.tuple([RecordId, RecordId]), similarity: z.number() });
export const MemoryHygiene = z.object({
  at: z.string(),
  memories: Count,
  duplicates: z.array(Pair),
  contradictions: z.array(Pair),
  without_evidence: z.array(RecordId),
  never_recalled: z.array(RecordId),
  about_to_fade: z.array(z.object({ id: RecordId, fades_at: z.string(), confidence: z.number() })),
  dormant: z.array(RecordId),
  crowded_sources: z.array(z.object({ source: z.string(), memories: Count, share: z.number() })),
});
export const LogVerdict = z.object({
  ok: z.boolean(),
  events: Count,
  redacted: Count,
  first_broken: z
    .object({
      reason: z.string(),
      path: z.string(),
      line: Count,
      replica: z.string().nullable(),
      event_sequence: z.number().nullable(),
      id: z.string().nullable(),
    })
    .nullable(),
  chains: z.array(z.object({ replica: z.string(), events: Count, last_hash: z.string() })),
});

const RuleNames = z.array(z.string().max(32)).max(50);
/** What is taken out of copies that leave the records, by names of rules: email, phone, card, token, and own ones. */
export const RedactionChoice = z.object({
  logs: RuleNames,
  /** A memory in which they find something is not sent: synchronising sends whole records. */
  sync: RuleNames,
  exports: RuleNames,
  own: z.array(z.object({ name: z.string().max(32), pattern: z.string().max(200) })).max(50),
});

const State = z.record(z.string(), z.unknown());
const StateThen = z.union([State, z.literal('redacted')]);
const Day = z.string();
/** Why the person does it, for the log. */
const why = z.string().max(1000).optional();
const byId = z.strictObject({ id: RecordId, why });
/** Messages that a memory rests on: by their ids, or each with the sentence in it. */
const cited = z
  .array(z.union([RecordId, z.strictObject({ message_id: RecordId, quote: z.string().min(1).max(10_000) })]))
  .max(1000)
  .optional();
const whose = { subject: z.string().optional(), tenant: z.string().optional() };
const proposed = z.object({ proposed: z.array(MemoryView), skipped: z.record(z.string(), Count) });

/** What the page and the command line ask of the memory; each is a method and a request of the same name. */
export const memoryMethods = {
  /** What is believed, best believed first; another state where it is named. */
  'memory.list': {
    input: z.strictObject({
      state: MemoryState.optional(),
      type: MemoryType.optional(),
      least: z.number().optional(),
      ...whose,
    }),
    output: z.array(MemoryView),
  },
  'memory.show': { input: z.strictObject({ id: RecordId }), output: MemoryView },
  'memory.why': { input: z.strictObject({ id: RecordId }), output: MemoryWhy },
  /** MEMORY_KNOWN (with the `duplicates` in its details) and MEMORY_FORGOTTEN unless `anyway`. */
  'memory.add': {
    input: z.strictObject({
      type: MemoryType,
      text: z.string().max(10_000),
      confidence: z.number().optional(),
      domain: z.string().optional(),
      scope: RecordScope.optional(),
      evidence: cited,
      anyway: z.boolean().optional(),
      ...whose,
      why,
    }),
    output: z.object({ memory: MemoryView, contradicts: z.array(Duplicate) }),
  },
  'memory.confirm': { input: byId.extend({ evidence: cited }), output: MemoryView },
  'memory.contradict': { input: byId.extend({ evidence: cited }), output: MemoryView },
  'memory.edit': {
    input: byId.extend({
      text: z.string().max(10_000).optional(),
      type: MemoryType.optional(),
      confidence: z.number().optional(),
      domain: z.string().nullable().optional(),
      scope: RecordScope.optional(),
      pinned: z.boolean().optional(),
    }),
    output: MemoryView,
  },
  'memory.merge': { input: z.strictObject({ ids: z.array(RecordId), why }), output: MemoryView },
  /**
   * The same for many, each with its event in the log. `undo`: the events that `memory.undo` takes back; none for what cannot
   * be, or was so before. merge: the first is kept.
   */
  'memory.bulk': {
    input: z.strictObject({
      action: z.enum(['confirm', 'pin', 'unpin', 'merge', 'forget']),
      ids: z.array(RecordId).min(1).max(1000),
      why,
    }),
    output: z.object({
      done: z.array(RecordId),
      refused: z.array(z.object({ id: RecordId, message: z.string() })),
      undo: z.array(RecordId),
    }),
  },
  /** Makes what these events of the log changed as it was before, all or nothing. CHANGED_MEANWHILE where one has changed since. */
  'memory.undo': {
    input: z.strictObject({ events: z.array(RecordId).min(1).max(2000), why }),
    output: z.object({ undone: Count }),
  },
  /** What is believed because of messages of a conversation, and what was said against it. */
  'memory.of_conversation': {
    input: z.strictObject({ id: RecordId }),
    output: z.array(
      z.object({
        message_id: RecordId,
        quote: z.string().nullable(),
        stance: z.enum(['supports', 'contradicts']),
        memory: MemoryView.pick({ id: true, text: true, type: true, state: true, current_confidence: true }),
      }),
    ),
  },
  'memory.forget': {
    input: byId,
    output: z.object({
      memory: MemoryView,
      redacted_events: Count,
      /** Others that said the very same. */
      also_forgotten: z.array(RecordId),
      /** Records that hold the words and were left, by `<collection>/<id>`. */
      still_says: z.array(z.string()),
      /** How much was taken out of what is kept beside the records, by place; null: it is still to be done. */
      purged: z
        .object({ log_lines: Count, sync_bases: Count, good_copies: Count, trash: Count, quarantine: Count })
        .nullable(),
      /** Why it is still to be done. */
      pending: z.string().nullable(),
      not_reached: z.array(z.string()),
    }),
  },
  'memory.restore': { input: byId.extend({ day: Day.optional() }), output: MemoryView },
  /** Looks for proposals in the person's own messages: of one conversation, or of all. */
  'memory.extract': { input: z.strictObject({ conversation_id: RecordId.optional() }), output: proposed },
  'memory.accept': { input: byId, output: MemoryView },
  'memory.reject': { input: byId, output: MemoryView },
  'memory.recall': {
    input: z.strictObject({
      query: z.string().max(10_000),
      budget: Count.optional(),
      /** A program that the memories are for; absent: the person. */
      program: z.string().optional(),
      ...whose,
    }),
    output: z.object({
      picks: z.array(Recalled),
      tokens: Count,
      withheld: z.record(z.string(), Count),
      left_out: Count,
    }),
  },
  'memory.decay': {
    input: z.strictObject({}),
    output: z.object({
      looked_at: Count,
      dormant: z.array(RecordId),
      woken: z.array(RecordId),
      deleted: z.array(RecordId),
      observed: Count,
    }),
  },
  'memory.hygiene': { input: z.strictObject({}), output: MemoryHygiene },
  /** Newest first. `id`: a memory's, or `<collection>/<id>`. */
  'memory.log': {
    input: z.strictObject({ id: RecordId.optional(), limit: z.int().min(1).max(1000).optional() }),
    output: z.array(MemoryEvent.extend({ id: RecordId })),
  },
  /** The UTC days on which something changed, oldest first. */
  'memory.log_days': { input: z.strictObject({}), output: z.array(z.object({ day: Day, events: Count })) },
  'memory.verify': { input: z.strictObject({}), output: LogVerdict },
  /** How it was at the end of a UTC day. */
  'memory.as_of': {
    input: z.strictObject({ day: Day, id: RecordId.optional() }),
    output: z.array(z.object({ entity_key: z.string(), state: StateThen })),
  },
  'memory.compare': {
    input: z.strictObject({ from: Day, to: Day }),
    output: z.array(
      z.object({
        entity_key: z.string(),
        kind: z.enum(['added', 'removed', 'changed']),
        before: StateThen.nullable(),
        after: StateThen.nullable(),
        fields: z.array(z.string()),
      }),
    ),
  },
  'memory.profile': { input: z.strictObject(whose), output: State.nullable() },
  /** The rules about personal data: those given are changed, all are answered. BAD_INPUT for a pattern that cannot be used. */
  'memory.redaction': { input: RedactionChoice.partial().strict(), output: RedactionChoice },
  /**
   * Memories and the profile as one document of seed 004, for a program that `share_with` names, or without one for the
   * person; constraints, scope and the rules for exports hold, and what they keep back is counted.
   */
  'memory.export': {
    input: z.strictObject({ program: z.string().optional(), ...whose }),
    output: z.object({ document: State, memories: Count, withheld: z.record(z.string(), Count) }),
  },
  'memory.constrain': {
    input: z.strictObject({
      memory_enabled: z.boolean().optional(),
      learn_patterns: z.boolean().optional(),
      share_with: z.array(z.string()).optional(),
      anonymize_dates: z.boolean().optional(),
      delete_after_days: z.int().positive().nullable().optional(),
      ...whose,
      why,
    }),
    output: Constraints,
  },
  ...memoryRecordMethods,
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
