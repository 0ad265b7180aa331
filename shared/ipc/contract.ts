import { z } from 'zod';
import { collectionNames } from '../collections/registry.ts';
import { memoryMethods } from './memory.ts';
import {
  ConversationRow,
  ConversationView,
  Count,
  FileHandle,
  ImportPlan,
  JobId,
  PlanRow,
  Progress,
  Receipt,
  RecordId,
  SearchCoverage,
  SearchResult,
  Settings,
  SettingsChange,
  Thread,
  UndoneImport,
  VaultStatus,
} from './models.ts';
import { TeamStatus } from './team.ts';
import { teamMethods } from './team-methods.ts';
import { OutsideEdits, outsideMethods } from './outside.ts';
import { DoctorReport, Finding, QuarantineEntry, TrashBatch } from './upkeep.ts';

const nothing = z.strictObject({});

/**
 * Every method the page can call: the only list. Names are `noun.verb`; inputs are strict, outputs checked too.
 * Adding a line here is adding a method: it does not compile until main has a handler.
 */
export const methods = {
  'vault.status': { input: nothing, output: VaultStatus },
  /** Opens the vault's folder in the file manager; NOT_SUPPORTED on the web host. */
  'vault.reveal': { input: nothing, output: z.null() },
  'settings.get': { input: nothing, output: Settings },
  'settings.set': { input: SettingsChange, output: Settings },

  /** Group sizes of the list, newest day first; the pinned come first under the day `pinned`. */
  'conversations.days': {
    input: z.strictObject({ view: ConversationView, tag: z.string().optional() }),
    output: z.array(z.object({ day: z.string(), count: Count })),
  },
  /** A window of the list, in the order of `conversations.days`. */
  'conversations.list': {
    input: z.strictObject({
      view: ConversationView,
      tag: z.string().optional(),
      offset: Count,
      limit: z.int().min(1).max(500),
    }),
    output: z.object({ total: Count, rows: z.array(ConversationRow) }),
  },
  'conversations.tags': { input: nothing, output: z.array(z.object({ tag: z.string(), count: Count })) },
  /**
   * The messages of one branch. `leaf` absent: the chosen one. `around`: the window that shows this message,
   * changing branch if it is on another; else `offset` counts from the start, absent means the last `limit`.
   */
  'conversations.thread': {
    input: z.strictObject({
      id: RecordId,
      leaf: RecordId.optional(),
      around: RecordId.optional(),
      offset: Count.optional(),
      limit: z.int().min(1).max(500),
    }),
    output: Thread,
  },
  'conversations.create': { input: z.strictObject({ title: z.string().max(500) }), output: ConversationRow },
  'conversations.update': {
    input: z.strictObject({
      id: RecordId,
      title: z.string().min(1).max(500).optional(),
      pinned: z.boolean().optional(),
      archived: z.boolean().optional(),
      tags: z.array(z.string().min(1).max(60)).max(50).optional(),
    }),
    output: ConversationRow,
  },
  /** Shows the branch through this message from now on: its newest descendant becomes the chosen leaf. */
  'conversations.choose_branch': {
    input: z.strictObject({ id: RecordId, message_id: RecordId }),
    output: z.object({ current_leaf: RecordId }),
  },
  /** Moves conversations with their messages to the trash. `undo` restores them. */
  'conversations.delete': {
    input: z.strictObject({ ids: z.array(RecordId).min(1).max(1000) }),
    output: z.object({ deleted: Count, undo: z.string() }),
  },
  'conversations.undelete': {
    input: z.strictObject({ undo: z.string() }),
    output: z.object({ restored: Count }),
  },
  'conversations.export': {
    input: z.strictObject({ id: RecordId, format: z.enum(['markdown', 'json']) }),
    output: z.object({ file_name: z.string(), media_type: z.string(), text: z.string() }),
  },
  /** Adds a message by the user at the end of the chosen branch. */
  'messages.append': {
    input: z.strictObject({ conversation_id: RecordId, text: z.string().min(1).max(1_000_000) }),
    output: z.object({ id: RecordId }),
  },

  'search.query': {
    input: z.strictObject({
      text: z.string().max(1000),
      limit: z.int().min(1).max(200),
      collections: z.array(z.enum(collectionNames as [string, ...string[]])).optional(),
    }),
    output: SearchResult,
  },
  'search.rebuild': { input: nothing, output: SearchCoverage },

  /** Asks the person for a file or folder; null when they cancel. NOT_SUPPORTED where the page has to ask itself (web). */
  'files.pick': {
    input: z.strictObject({ kind: z.enum(['file', 'folder']) }),
    output: z.object({ handle: FileHandle, name: z.string() }).nullable(),
  },
  /** The dry run: writes nothing. The handle stays valid until `import.run` or `import.forget`. */
  'import.preview': {
    input: z.strictObject({ handle: FileHandle, job_id: JobId }),
    output: z.object({ plan: ImportPlan, rows: Count }),
  },
  /** A window of the dry run's table. */
  'import.rows': {
    input: z.strictObject({ handle: FileHandle, offset: Count, limit: z.int().min(1).max(500) }),
    output: z.array(PlanRow),
  },
  'import.run': { input: z.strictObject({ handle: FileHandle, job_id: JobId }), output: Receipt },
  'import.forget': { input: z.strictObject({ handle: FileHandle }), output: z.null() },
  'import.list': { input: nothing, output: z.array(Receipt) },
  'import.undo': { input: z.strictObject({ id: RecordId, job_id: JobId }), output: UndoneImport },
  ...outsideMethods,
  /** Looks through the whole vault; with `repair`, puts right what can be. Followed by `job.progress` and `doctor.finding`. */
  'doctor.run': { input: z.strictObject({ repair: z.boolean(), job_id: JobId }), output: DoctorReport },
  /** What could not be read and was set aside, oldest first. */
  'quarantine.list': { input: nothing, output: z.array(QuarantineEntry) },
  /** Makes records of it again where it can be read by now. */
  'quarantine.restore': { input: z.strictObject({ id: RecordId }), output: z.object({ restored: Count }) },
  /** The bytes as they were, in base64. */
  'quarantine.export': {
    input: z.strictObject({ id: RecordId }),
    output: z.object({ file_name: z.string(), base64: z.string() }),
  },
  /** Moves it to the trash. */
  'quarantine.discard': { input: z.strictObject({ id: RecordId }), output: z.null() },
  /** What was deleted in the last 30 days, newest first. */
  'trash.list': { input: nothing, output: z.array(TrashBatch) },
  'trash.restore': { input: z.strictObject({ id: RecordId }), output: z.object({ restored: Count }) },
  ...teamMethods,
  ...memoryMethods,
  /** Cancels the running method that was started with this job id; false when there is none any more. */
  'jobs.cancel': { input: z.strictObject({ job_id: JobId }), output: z.object({ cancelled: z.boolean() }) },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

/** Every event main sends: facts, never commands. */
export const events = {
  /** Something in these collections changed; `ids` is left out where there are more than 100. */
  'records.changed': z.object({ collections: z.array(z.string()), ids: z.array(RecordId).optional() }),
  'job.progress': Progress,
  /** As the doctor goes; its report at the end has them all. */
  'doctor.finding': z.object({ job_id: JobId, finding: Finding }),
  'search.coverage': SearchCoverage,
  /** Another program has done something to the vault's files, or what waits for the person's word has changed. */
  'outside.changed': OutsideEdits,
  'vault.status': VaultStatus,
  'team.status': TeamStatus,
} as const satisfies Record<string, z.ZodType>;

export type MethodName = keyof typeof methods;
export type EventName = keyof typeof events;
export type Input<M extends MethodName> = z.output<(typeof methods)[M]['input']>;
export type Output<M extends MethodName> = z.output<(typeof methods)[M]['output']>;
export type Payload<E extends EventName> = z.output<(typeof events)[E]>;

/** What main must provide. A method without a handler does not compile. */
export type Handlers = { readonly [M in MethodName]: (input: Input<M>) => Promise<Output<M>> };

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}
export function isEventName(name: string): name is EventName {
  return Object.hasOwn(events, name);
}
