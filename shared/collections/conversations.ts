import { z } from 'zod';
import { Extra, Source, Timestamp } from './common.ts';
import { defineCollection } from './define.ts';

/** Field names of seeds 001 and 003; messages are a collection of their own. */
export const Conversation = z.looseObject({
  title: z.string().default(''),
  kind: z.enum(['chat', 'bot']).default('chat'),
  created_at: Timestamp,
  updated_at: Timestamp,
  /** bot conversations: `slack:U123:C456`, unique. */
  lookup_key: z.string().optional(),
  user_id: z.string().nullish(),
  workspace: z.string().nullish(),
  provider: z.string().nullish(),
  streaming_status: z.string().nullish(),
  context: z.record(z.string(), z.unknown()).optional(),
  tags: z.array(z.string()).default([]),
  pinned: z.boolean().default(false),
  archived: z.boolean().default(false),
  /** The chosen branch: id of its last message. Absent: the newest message. */
  current_leaf: z.string().nullish(),
  source: Source.optional(),
  extra: Extra.optional(),
});
export type Conversation = z.infer<typeof Conversation>;

export const conversations = defineCollection({
  name: 'conversations',
  about: 'A chat with an assistant, or a bot’s channel',
  kind: 'document',
  schema: Conversation,
  schemaVersion: 1,
  rowFields: [
    'title',
    'kind',
    'lookup_key',
    'user_id',
    'workspace',
    'provider',
    'tags',
    'pinned',
    'archived',
    'source.app',
    'source.import_id',
    'source.source_id',
    'source.sha256',
  ],
  indexes: [
    { fields: { updated_at: -1 } },
    { fields: { created_at: -1 } },
    { fields: { lookup_key: 1 }, unique: true, partial: { lookup_key: { $exists: true } } },
    { fields: { user_id: 1 } },
    { fields: { tags: 1 } },
    { fields: { 'source.source_id': 1 } },
    { fields: { 'source.import_id': 1 } },
  ],
  searchText: (record) => ({ title: record.title, body: record.tags.join(' ') }),
  merge: { default: 'lww', fields: { tags: 'tags' } },
  scope: 'team',
  retention: { keep: 'forever' },
  personal: ['title', 'tags', 'user_id', 'lookup_key', 'context', 'extra'],
  archive: { pinned: 'pinned', owner: 'user_id' },
  mongo: { collection: 'conversations' },
});
