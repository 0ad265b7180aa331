import { z } from 'zod';
import type { CollectionDefinition } from '../../shared/collections/define.ts';

type Schema = Readonly<Record<string, unknown>>;

/** BSON types that read as text here: another program's dates and ids must not make its edits impossible. */
const READS_AS_TEXT = ['string', 'date', 'objectId', 'timestamp', 'binData', 'decimal', 'long'];
const KEPT = ['minimum', 'maximum', 'minItems', 'maxItems', 'minLength', 'maxLength', 'multipleOf'] as const;

/**
 * The server's rules for a collection, from its zod schema. Documents without `_meta` belong to other programs and are
 * free; records and tombstones of ours have whole bookkeeping, and records fit the schema. Unknown fields are welcome.
 */
export function validatorOf(definition: CollectionDefinition): Schema {
  return {
    $or: [
      { _meta: { $exists: false } },
      { '_meta.del': true, $jsonSchema: { bsonType: 'object', properties: { _meta: metaSchema } } },
      { $jsonSchema: recordSchema(definition) },
    ],
  };
}

const text = { bsonType: 'string' };
const number = { bsonType: 'number' };
const metaSchema: Schema = {
  bsonType: 'object',
  required: ['rev', 'gen', 'anc', 'hlc', 'sv', 'by', 'sum', 'day', 'h0', 'h1', 'h2', 'h3', 'h4', 'at'],
  properties: {
    rev: text,
    gen: number,
    anc: { bsonType: 'array', items: text, maxItems: 20 },
    hlc: text,
    sv: number,
    sum: text,
    by: { bsonType: 'object', required: ['replica'], properties: { replica: text } },
    day: { bsonType: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
    ...Object.fromEntries(['h0', 'h1', 'h2', 'h3', 'h4'].map((lane) => [lane, { bsonType: 'int' }])),
    at: { bsonType: 'date' },
  },
};

function recordSchema(definition: CollectionDefinition): Schema {
  const schema = adapt(z.toJSONSchema(definition.schema, { io: 'input', unrepresentable: 'any' }));
  // What another program wrote may do without dates: they are read off elsewhere, and adopting it adds `_meta` alone.
  const required = listOf(schema['required']).filter((name) => name !== 'created_at' && name !== 'updated_at');
  const properties = { ...(schema['properties'] as Schema), _meta: metaSchema };
  return { bsonType: 'object', required: ['_meta', ...required], properties };
}

/** JSON Schema as zod writes it (2020-12) in MongoDB's dialect (draft 4 with bsonType); what that lacks is left out. */
function adapt(schema: unknown): Schema {
  const from = schema as Schema;
  const alternatives = from['anyOf'] ?? from['oneOf'];
  return {
    ...typeOf(from),
    ...Object.fromEntries(KEPT.filter((name) => isSafe(from[name])).map((name) => [name, from[name]])),
    ...exclusive(from, 'minimum'),
    ...exclusive(from, 'maximum'),
    ...(Array.isArray(from['enum']) && { enum: from['enum'] }),
    ...(Object.hasOwn(from, 'const') && { enum: [from['const']] }),
    ...(Array.isArray(alternatives) && { anyOf: alternatives.map(adapt) }),
    ...(Array.isArray(from['allOf']) && { allOf: from['allOf'].map(adapt) }),
    ...(isSchema(from['properties']) && { properties: mapValues(from['properties'], adapt) }),
    ...(listOf(from['required']).length > 0 && { required: from['required'] }),
    ...(isSchema(from['items']) && { items: adapt(from['items']) }),
    ...(isSchema(from['additionalProperties']) && { additionalProperties: adapt(from['additionalProperties']) }),
  };
}

/** zod bounds whole numbers by 2^53, which says nothing. */
function isSafe(bound: unknown): boolean {
  return typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
}

function exclusive(from: Schema, side: 'minimum' | 'maximum'): Schema {
  const name = side === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
  return isSafe(from[name]) ? { [side]: from[name], [name]: true } : {};
}

function typeOf({ type, enum: choices }: Schema): Schema {
  if (Array.isArray(choices)) return {};
  switch (type) {
    case 'string':
      return { bsonType: READS_AS_TEXT };
    case 'integer':
      return { bsonType: 'number', multipleOf: 1 };
    case 'boolean':
      return { bsonType: 'bool' };
    case 'number':
    case 'object':
    case 'array':
    case 'null':
      return { bsonType: type };
    default:
      return {};
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}

function mapValues(from: Schema, change: (value: unknown) => Schema): Schema {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, change(value)]));
}
