import { z } from 'zod';
import { Extra, Source, Timestamp } from './common.ts';
import { Content, textOfContent } from './content.ts';
import { defineCollection } from './define.ts';

/** Field names of seed 003 (`timestamp` there is `created_at` here, as in every collection). */
export const Message = z.looseObject({
  conversation_id: z.string(),
  role: z.enum(['user', 'assistant', 'system', 'tool']),
  content: Content,
  created_at: Timestamp,
  updated_at: Timestamp,
  /** The message it answers; null or absent at the root. Branches are messages with the same parent. */
  parent_id: z.string().nullish(),
  /** The program kept it but did not show it. */
  hidden: z.boolean().optional(),
  author_name: z.string().nullish(),
  model: z.string().nullish(),
  agent_steps: z.array(z.unknown()).optional(),
  pdf_names: z.array(z.string()).optional(),
  source_citations: z.array(z.record(z.string(), z.unknown())).optional(),
  meta_data: z.record(z.string(), z.unknown()).optional(),
  source: Source.optional(),
  extra: Extra.optional(),
});
export type Message = z.infer<typeof Message>;

export const messages = defineCollection({
  name: 'messages',
  about: 'What was said: one line each, in the order it was written',
  kind: 'log',
  schema: Message,
  schemaVersion: 1,
  streamField: 'conversation_id',
  // Nothing shows former versions, which pile up where a reply is saved while it is being written; what was deleted is in the trash.
  history: 'drop',
  rowFields: ['conversation_id', 'source.import_id'],
  indexes: [
    { fields: { conversation_id: 1, created_at: 1 } },
    { fields: { created_at: -1 } },
    { fields: { 'source.import_id': 1 } },
  ],
  searchText: (record) => ({ title: '', body: textOfContent(record.content) }),
  merge: 'union',
  scope: 'team',
  retention: { keep: 'forever' },
  personal: ['content', 'author_name', 'pdf_names', 'agent_steps', 'source_citations', 'meta_data', 'extra'],
  archive: { of: 'conversations', by: 'conversation_id' },
  mongo: { collection: 'messages', shardKey: { _id: 'hashed' } },
});
