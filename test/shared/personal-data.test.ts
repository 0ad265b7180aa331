import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import { registry } from '../../shared/collections/registry.ts';

const definitions: readonly CollectionDefinition[] = Object.values(registry) as never;

function row({ name, personal, scope, scopeField, holdField, emptied, retention }: CollectionDefinition): string {
  const leaves = scope === 'team' ? ['team', ...[scopeField, holdField].flatMap((field) => (field ? [`\`${field}\``] : []))] : [scope]; // prettier-ignore
  const cells = [
    `\`${name}\``,
    personal.map((field) => `\`${field}\``).join(', ') || 'none',
    leaves.join(', '),
    emptied ? `\`${emptied.field}: ${String(emptied.value)}\`` : '',
    'keep' in retention
      ? 'forever'
      : `${'deleteAfterDays' in retention ? retention.deleteAfterDays : retention.archiveAfterDays} days`,
  ];
  return `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |');
}

test('docs/security.md lists the fields of every collection that can hold personal text', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/security.md'), 'utf8');
  const section = docs.slice(docs.indexOf('## Personal data'), docs.indexOf('## What runs as root'));
  const table = section.split('\n').filter((line) => line.startsWith('| `'));
  expect(table).toEqual(definitions.map(row));
});

test('no field of a record is personal in words alone: each is one of its schema', () => {
  const unknown = definitions.flatMap(({ name, schema, personal }) =>
    personal.filter((field) => !(field in schema.shape)).map((field) => `${name}.${field}`),
  );
  expect(unknown).toEqual([]);
});

/** Texts that no person writes: names, states, places in a file or in a history. */
const NOT_PERSONAL = new Set([
  'id', 'kind', 'type', 'state', 'status', 'role', 'scope', 'held', 'provider', 'workspace', 'streaming_status', 
  'current_leaf', 'parent_id', 'conversation_id', 'model', 'app', 'format_version', 'reason', 'replica',
  'collection', 'record_id', 'store_id', 'resolution', 'losing_rev', 'winner_rev', 'hash', 'prev_hash', 'body_hash', 'salt',
  'event_type', 'entity_key', 'version', 'learning_level', 'run_id', 'snapshot_id', 'hub_type', 'source', 'source_hash',
  'resume_token', 'poll_cursor', 'merged_from', 'constraints', 'fields',
]); // prettier-ignore

test('every field that takes any text is called personal, or is known to hold none', () => {
  const open = definitions.flatMap(({ name, schema, personal }) =>
    Object.entries(schema.shape)
      .filter(
        ([field, type]) =>
          !personal.includes(field) && !NOT_PERSONAL.has(field) && !/_at$|^at$/.test(field) && takesText(type),
      ) // prettier-ignore
      .map(([field]) => `${name}.${field}`),
  );
  expect(open).toEqual([]);
});

const SECRET = 'Ann lives at 5 Elm Street, call her';

function takesText(type: unknown): boolean {
  const { safeParse } = type as { safeParse: (value: unknown) => { success: boolean } };
  return [SECRET, [SECRET], { any: SECRET }].some((value) => safeParse(value).success);
}
