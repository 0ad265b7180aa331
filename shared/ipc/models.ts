import { z } from 'zod';
import { collectionNames } from '../collections/registry.ts';
import { Content } from '../collections/content.ts';
import { errorCodes } from '../errors.ts';
import { ImportedMemories, ImportFailure, LeftOutFile } from '../collections/imports.ts';

export const RecordId = z.string().min(1).max(1024);
export const Count = z.int().nonnegative();
/** A one-shot name for a file that the person chose; the page never sees a path. */
export const FileHandle = z.string().min(8).max(64);
/** Chosen by the caller of a long method, so that it can follow `job.progress` and cancel. */
export const JobId = z.string().min(8).max(64);

export const SearchCoverage = z.object({
  /** Records covered by the index, of all there are. */
  indexed: Count,
  total: Count,
  state: z.enum(['building', 'ready', 'failed']),
  /** `scan` where the runtime has no SQLite: slower, and said so on screen. */
  engine: z.enum(['fts5', 'scan']),
});
export type SearchCoverage = z.infer<typeof SearchCoverage>;

/** What is wrong with the open vault, see main/store/health.ts; it clears by itself once the cause is gone. */
export const Trouble = z.object({
  state: z.enum(['files_behind', 'refusing', 'gone', 'lost']),
  code: z.enum(errorCodes),
  since: z.string(),
  message: z.string(),
  remedy: z.string(),
});
export type Trouble = z.infer<typeof Trouble>;

export const VaultStatus = z.object({
  /** Where the vault is, to be shown; opening it is `vault.reveal`. */
  vault: z.string(),
  format: z.int(),
  collections: z.record(z.enum(collectionNames as [string, ...string[]]), z.object({ count: Count })),
  search: SearchCoverage,
  owner: z.object({ pid: z.int(), host: z.string(), since: z.string() }).nullable(),
  mode: z.enum(['local', 'mirror', 'remote']),
  /** Files set aside because they could not be read. */
  quarantined: Count,
  read_only: z.boolean(),
  /** null while all is well. */
  trouble: Trouble.nullable(),
});
export type VaultStatus = z.infer<typeof VaultStatus>;

const settingFields = {
  theme: z.enum(['system', 'light', 'dark']),
  /** Width of the reading column in characters. */
  reading_width: z.int().min(50).max(110),
  /** Shown once, until the person has imported or written something. */
  welcome_done: z.boolean(),
};

/** What a person changes at once. Built from fields without defaults: a default would reset what is not named. */
export const SettingsChange = z.strictObject(settingFields).partial();
export type SettingsChange = z.infer<typeof SettingsChange>;

export const Settings = z.object({
  theme: settingFields.theme.default('system'),
  reading_width: settingFields.reading_width.default(72),
  welcome_done: settingFields.welcome_done.default(false),
});
export type Settings = z.infer<typeof Settings>;

export const ConversationRow = z.object({
  id: RecordId,
  title: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  /** Local calendar day of updated_at, `YYYY-MM-DD`: the list is grouped by it. */
  day: z.string(),
  pinned: z.boolean(),
  archived: z.boolean(),
  tags: z.array(z.string()),
  provider: z.string().nullable(),
});
export type ConversationRow = z.infer<typeof ConversationRow>;

export const ConversationView = z.enum(['active', 'archived']);

export const ThreadMessage = z.object({
  id: RecordId,
  role: z.enum(['user', 'assistant', 'system', 'tool']),
  content: Content,
  created_at: z.string(),
  author_name: z.string().nullable(),
  model: z.string().nullable(),
  citations: z.array(z.record(z.string(), z.unknown())),
  /** Ids of the messages with the same parent, in order, itself included: more than one is a branch point. */
  siblings: z.array(RecordId),
});
export type ThreadMessage = z.infer<typeof ThreadMessage>;

export const Thread = z.object({
  conversation: ConversationRow.extend({
    current_leaf: RecordId.nullable(),
    source_app: z.string().nullable(),
  }),
  /** Messages on the branch shown; `messages` is the window [offset, offset + messages.length) of them. */
  total: Count,
  offset: Count,
  messages: z.array(ThreadMessage),
  /** Hidden and system messages left out of the branch as shown. */
  hidden: Count,
});
export type Thread = z.infer<typeof Thread>;

export const SearchHit = z.object({
  collection: z.string(),
  id: RecordId,
  conversation_id: RecordId.nullable(),
  title: z.string(),
  snippet: z.string(),
  /** Places of the found words in the snippet: [start, end) in UTF-16 code units. */
  ranges: z.array(z.tuple([Count, Count])),
  score: z.number(),
  created_at: z.string(),
});
export type SearchHit = z.infer<typeof SearchHit>;

export const SearchResult = z.object({ hits: z.array(SearchHit), coverage: SearchCoverage, took_ms: z.number() });
export type SearchResult = z.infer<typeof SearchResult>;

export const PlanRow = z.object({
  source_id: z.string(),
  title: z.string(),
  created_at: z.string().nullable(),
  action: z.enum(['create', 'update', 'skip', 'fail']),
  /** Why, for skip and fail; what changes, for update. */
  note: z.string(),
  messages: Count,
  new_messages: Count,
});
export type PlanRow = z.infer<typeof PlanRow>;

export const ImportPlan = z.object({
  app: z.string(),
  format_version: z.string(),
  file_name: z.string(),
  seen: Count,
  created: Count,
  updated: Count,
  skipped: Count,
  failed: z.array(ImportFailure),
  messages: z.object({ seen: Count, created: Count, updated: Count, skipped: Count }),
  /** Attachments that the messages name and the archive lacks or that are not taken over yet. */
  attachments: Count,
  /** Texts that the other program remembered about the person (Claude's memories.json). */
  memories: ImportedMemories.optional(),
  /** Files of the archive that are not taken over, each with the reason. */
  left_out: z.array(LeftOutFile).optional(),
});
export type ImportPlan = z.infer<typeof ImportPlan>;

export const Receipt = ImportPlan.omit({ attachments: true }).extend({
  id: RecordId,
  created_at: z.string(),
  duration_ms: z.number(),
  undone_at: z.string().nullable(),
});
export type Receipt = z.infer<typeof Receipt>;

export const UndoneImport = z.object({
  id: RecordId,
  removed_conversations: Count,
  removed_messages: Count,
  reverted_conversations: Count,
  removed_memories: Count.optional(),
  /** Records that changed since the import and were therefore kept as they are, with the reason. */
  kept: z.array(ImportFailure),
});
export type UndoneImport = z.infer<typeof UndoneImport>;

export const Progress = z.object({
  job_id: JobId,
  phase: z.enum(['upload', 'reading', 'staging', 'writing', 'undoing', 'indexing', 'checking', 'repairing']),
  done: Count,
  /** 0 where it is not known yet. */
  total: Count,
  unit: z.enum(['bytes', 'conversations', 'records', 'files']),
});
export type Progress = z.infer<typeof Progress>;
