import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import { type CollectionName, collectionNames, registry } from '../../shared/collections/registry.ts';

/** Almanac's own bookkeeping has tests of its own. */
const names = collectionNames.filter((name) => !('internal' in registry[name]));
const definitions: readonly CollectionDefinition[] = names.map((name) => registry[name]);
const at = '2026-02-21T09:00:00.000Z';
const dates = { created_at: at, updated_at: at };

/** A record of each collection with nothing that may be left out. */
const smallest = {
  conversations: dates,
  messages: { ...dates, conversation_id: 'c', role: 'user', content: 'Hello' },
  memories: { ...dates, type: 'USER_FACT', text: 'Likes trains', confidence: 0.9 },
  profiles: dates,
  memory_hubs: { ...dates, hub_type: 'soft_identity', item_key: 'tone', payload: {} },
  runtime_snapshots: { ...dates, snapshot_id: 's', active_runs: [] },
  episodic_memory: { ...dates, run_id: 'r', query: 'Why?', status: 'completed' },
  memory_events: {
    ...dates,
    replica: 'r1',
    event_sequence: 1,
    event_type: 'MEMORY_ADDED',
    subject_id: 'USER:local',
    tenant_id: 'TENANT:local',
    invoker_subject_id: 'USER:local',
    entity_key: 'memories/m',
    operation: { action: 'add' },
    result: { success: true, duration_ms: 1, affected_documents: 1, error: null },
    body_hash: 'a'.repeat(64),
    prev_hash: 'b'.repeat(64),
    hash: 'c'.repeat(64),
  },
  conflicts: {
    ...dates,
    collection: 'memories',
    record_id: 'm',
    reason: 'field-clash',
    base: null,
    mine: {},
    theirs: {},
    losing_rev: '2-a',
    winner_rev: '2-b',
    replica: 'r1',
    at,
  },
  imports: {
    ...dates,
    app: 'claude',
    format_version: '1',
    file_name: 'a.zip',
    seen: 0,
    created: 0,
    updated: 0,
    skipped: 0,
    failed: [],
    messages: { seen: 0, created: 0, updated: 0, skipped: 0 },
    duration_ms: 1,
  },
} satisfies Partial<Record<CollectionName, Record<string, unknown>>>;
const smallestOf = (name: CollectionName): Record<string, unknown> =>
  (smallest as Partial<Record<CollectionName, Record<string, unknown>>>)[name] ?? {};

test.each(names)('%s takes its smallest record and keeps fields that it does not know', (name) => {
  const parsed = registry[name].schema.parse({ ...smallestOf(name), of_tomorrow: 1 });
  expect(parsed).toMatchObject({ ...smallestOf(name), of_tomorrow: 1 });
});

/** What must not be taken, as a change to the smallest record; seeds 000 and 004. */
const refused: readonly (readonly [CollectionName, Record<string, unknown>])[] = [
  ['memories', { confidence: 0.5 }],
  ['memories', { confidence: 1.5 }],
  ['memories', { type: 'USER_GUESS' }],
  ['memories', { confirmation_count: 0 }],
  ['memories', { text: '' }],
  ['memories', { state: 'gone' }],
  ['memories', { scope: 'world' }],
  ['profiles', { version: '3.0' }],
  ['profiles', { user_id: 'ada' }],
  ['profiles', { constraints: { delete_after_days: 0 } }],
  ['memory_hubs', { hub_type: 'Soft Identity' }],
  ['memory_hubs', { payload: 'text' }],
  ['runtime_snapshots', { active_runs: 'two' }],
  ['episodic_memory', { nodes: [{ label: 'without id' }] }],
  ['memory_events', { event_type: 'MEMORY_GUESSED' }],
  ['memory_events', { event_sequence: 0 }],
  ['memory_events', { hash: 'short' }],
  ['conflicts', { reason: 'mood' }],
  ['conflicts', { state: 'perhaps' }],
];

test.each(refused)('%s refuses %j', (name, change) => {
  expect(registry[name].schema.safeParse({ ...smallestOf(name), ...change }).success).toBe(false);
});

test('every index, stream, scope, merge rule and rule of retention names a field that the schema has', () => {
  const missing = definitions.flatMap((definition) => {
    const { name, schema, indexes, streamField, scopeField, holdField, emptied, merge, retention, personal } =
      definition;
    const lww = typeof merge === 'string' ? {} : { ...merge.fields };
    const fields = [
      ...indexes.flatMap(({ fields: keys, partial = {} }) => [...Object.keys(keys), ...Object.keys(partial)]),
      ...Object.keys(lww),
      ...personal,
      ...(streamField ? [streamField] : []),
      ...(scopeField ? [scopeField] : []),
      ...(holdField ? [holdField] : []),
      ...(emptied ? [emptied.field] : []),
      ...('by' in retention ? [retention.by] : []),
    ];
    return fields.filter((field) => !(field.split('.')[0]! in schema.shape)).map((field) => `${name}.${field}`); // split gives at least one part
  });
  expect(missing).toEqual([]);
});

test('what is only proposed, rejected or forgotten is not found by search', () => {
  const textOf = (state?: 'active' | 'dormant' | 'proposed' | 'rejected' | 'forgotten') =>
    registry.memories.searchText?.(
      registry.memories.schema.parse({ ...smallest.memories, ...(state !== undefined && { state }) }),
    ).body;
  expect([textOf(), textOf('active'), textOf('dormant')]).toEqual(['Likes trains', 'Likes trains', 'Likes trains']);
  expect([textOf('proposed'), textOf('rejected'), textOf('forgotten')]).toEqual(['', '', '']);
  expect(definitions.filter(({ searchText }) => searchText).map(({ name }) => name)).toEqual([
    'conversations',
    'messages',
    'memories',
  ]);
});

function row({ name, kind, streamField, about, indexes, scope, scopeField, retention }: CollectionDefinition): string {
  const unique = indexes.filter((index) => index.unique).map(({ fields }) => Object.keys(fields).join(' + '));
  const kept = (): string => {
    if ('keep' in retention) return retention.keep;
    if ('deleteAfterDays' in retention) return `${retention.deleteAfterDays} days by ${retention.by}`;
    return `archived ${retention.archiveAfterDays} days after ${retention.by}`;
  };
  const cells = [
    `\`${name}\``,
    streamField ? `${kind} by \`${streamField}\`` : kind,
    about,
    unique.join('; '),
    scopeField ? `${scope}, or as its \`${scopeField}\` says` : scope,
    kept(),
  ];
  return `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |');
}

test('docs/file-format.md lists every collection that holds something of a person’s', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/file-format.md'), 'utf8');
  const table = docs.slice(docs.indexOf('## The collections'), docs.indexOf('## A document'));
  expect(table.split('\n').filter((line) => line.startsWith('| `'))).toEqual(definitions.map(row));
});
