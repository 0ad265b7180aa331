import { z } from 'zod';
import { Extra, Timestamp } from './common.ts';
import { defineCollection } from './define.ts';
import { RecordScope } from './scope.ts';

const Node = z.union([z.string(), z.looseObject({ id: z.string() })]);
const Edge = z.union([z.tuple([z.string(), z.string()]), z.looseObject({})]);

/** Seed 000: one run as a graph of its steps. Loose nodes and edges: the programs that write them differ. */
export const Episode = z.looseObject({
  run_id: z.string().min(1),
  query: z.string(),
  /** running, completed, failed, … */
  status: z.string(),
  nodes: z.array(Node).default([]),
  edges: z.array(Edge).default([]),
  created_at: Timestamp,
  updated_at: Timestamp,
  scope: RecordScope.optional(),
  extra: Extra.optional(),
});
export type Episode = z.infer<typeof Episode>;

export const episodic_memory = defineCollection({
  name: 'episodic_memory',
  about: 'Runs of an assistant: the question, the steps, how they hang together',
  kind: 'document',
  schema: Episode,
  schemaVersion: 1,
  rowFields: ['run_id', 'status', 'scope'],
  indexes: [{ fields: { run_id: 1 }, unique: true }, { fields: { updated_at: -1 } }],
  merge: { default: 'lww' },
  scope: 'team',
  scopeField: 'scope',
  // 000's archive of episodes: a year after the last change.
  retention: { archiveAfterDays: 365, by: 'updated_at' },
  personal: ['query', 'nodes', 'edges', 'extra'],
  mongo: { collection: 'episodic_memory' },
});
