import type { Memory } from '../../shared/collections/memories.ts';
import { Constraints, Profile } from '../../shared/collections/profiles.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { DOCUMENT_KINDS } from '../../shared/memory/profile-document.ts';
import { checkMemory, checkPattern } from './validate.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What became of a profile document that was read. */
export type Migration =
  | { readonly state: 'current' }
  | {
      readonly state: 'migrated';
      readonly from: '1.0' | '1.1';
      /** Version 2.0, with the document as it was in `before_migration`. */
      readonly profile: Fields;
      /** The facts, patterns and narratives, each a record of its own now; `key` is the same at each attempt. */
      readonly memories: readonly { readonly key: string; readonly record: Fields }[];
    }
  /** The document stays as it is, readable; the error says which field stands in the way. */
  | { readonly state: 'failed'; readonly error: AppError };

/**
 * Brings seed 004's profile documents to version 2.0, a version at a time: 1.0 → 1.1 adds the constraints, 1.1 → 2.0
 * makes a record of each memory and gives the profile our names. Pure; all or nothing.
 */
export function migrateProfile(document: Fields): Migration {
  const version = document['version'] ?? (isEmbedded(document) ? '1.0' : '2.0');
  if (version === '2.0') return { state: 'current' };
  try {
    if (version !== '1.0' && version !== '1.1') throw unknownVersion(version);
    const constrained = version === '1.0' ? withConstraints(document) : document;
    return { state: 'migrated', from: version, ...split(constrained, document) };
  } catch (error) {
    return { state: 'failed', error: toAppError(error) };
  }
}

function isEmbedded(document: Fields): boolean {
  return document['creative_profile'] !== undefined || document['user_id'] !== undefined;
}

/** 1.0 → 1.1: compatible, as 004 asks; what is there already stays. */
export function withConstraints(document: Fields): Fields {
  return { ...document, version: '1.1', constraints: Constraints.parse(document['constraints'] ?? {}) };
}

function split(document: Fields, original: Fields): { profile: Fields; memories: { key: string; record: Fields }[] } {
  const { user_id, guild_id, creative_profile, version: _version, _meta, _id, id: _ours, ...rest } = document;
  const subject = idOf('user_id', user_id);
  const tenant = idOf('guild_id', guild_id);
  const embedded = objectOf('creative_profile', creative_profile);
  const lists = new Set(DOCUMENT_KINDS.map(({ list }) => list));
  const kept = Object.fromEntries(Object.entries(embedded).filter(([field]) => !lists.has(field)));
  const { _meta: _was, ...before } = original;
  const profile = Profile.parse({
    ...kept,
    ...rest,
    subject: `USER:${subject}`,
    tenant: `TENANT:${tenant}`,
    version: '2.0',
    before_migration: before,
    updated_at: rest['updated_at'] ?? rest['created_at'],
  });
  const memories = DOCUMENT_KINDS.flatMap((kind) =>
    listOf(kind.list, embedded[kind.list]).map((each, place) => ({
      key: `${kind.list}/${keyOf(each['_id']) ?? place}`,
      record: memoryOf(each, kind, { subject: `USER:${subject}`, tenant: `TENANT:${tenant}` }),
    })),
  );
  return { profile, memories };
}

/** MongoDB's ids come as text or as `{ $oid }`. */
function keyOf(id: unknown): string | undefined {
  return id === undefined ? undefined : typeof id === 'string' ? id : JSON.stringify(id);
}

/** A fact of 004 as a memory; its own names for the text become `text`, everything unknown stays. */
function memoryOf(each: Fields, { text, type }: (typeof DOCUMENT_KINDS)[number], whose: Fields): Fields {
  const { [text]: said, _id, ...rest } = each;
  const record = {
    type,
    source: 'conversation_summary',
    ...withoutNulls(rest),
    ...whose,
    text: said,
  } as Partial<Memory>;
  if (text === 'pattern') checkPattern(record);
  else checkMemory(record);
  const at = record.added_at ?? (record as Fields)['created_at'];
  if (typeof at !== 'string') throw missing(`${text}.added_at`);
  return {
    ...record,
    added_at: at,
    created_at: at,
    updated_at: record.last_confirmed_at ?? record.last_observed ?? at,
  };
}

/** The other way: a profile and its memories as one document of 004, version 1.1, for programs that read that. */
export function toProfileDocument(profile: Fields, memories: readonly (Memory & { readonly id: string })[]): Fields {
  const {
    subject,
    tenant,
    version: _version,
    before_migration: _before,
    _meta,
    preferences,
    domains,
    ...rest
  } = profile;
  const totals = [
    'total_facts_lifetime',
    'total_patterns_lifetime',
    'total_narratives_lifetime',
    'avg_confidence',
    'learning_level',
  ];
  const lists = DOCUMENT_KINDS.map(({ list, text, type }) => [
    list,
    memories
      .filter((memory) => memory.type === type && (memory.state ?? 'active') === 'active')
      .map(({ text: said, id, subject: _subject, tenant: _tenant, ...memory }) => ({
        _id: id,
        [text]: said,
        ...memory,
      })),
  ]);
  return {
    user_id: withoutPrefix(subject),
    guild_id: withoutPrefix(tenant),
    ...Object.fromEntries(Object.entries(rest).filter(([field]) => !totals.includes(field))),
    creative_profile: {
      ...(Object.fromEntries(lists) as Fields),
      preferences: preferences ?? {},
      domains: domains ?? [],
      ...Object.fromEntries(totals.flatMap((field) => (rest[field] === undefined ? [] : [[field, rest[field]]]))),
    },
    version: '1.1',
  };
}

const withoutPrefix = (value: unknown): string =>
  (typeof value === 'string' ? value : '').replace(/^(?:USER|TENANT):/, '');

function idOf(field: string, value: unknown): string {
  if (typeof value === 'string' && /^[0-9]+$/.test(value)) return value;
  throw bad(field, `is not a number in digits but ${JSON.stringify(value) ?? 'absent'}`);
}

function objectOf(field: string, value: unknown): Fields {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw bad(field, 'is no object');
}

function listOf(field: string, value: unknown): Fields[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((each, place) => objectOf(`${field}[${place}]`, each ?? null));
  throw bad(field, 'is no list');
}

function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function missing(field: string): AppError {
  return bad(field, 'is missing');
}

function unknownVersion(version: unknown): AppError {
  return bad('version', `is ${JSON.stringify(version)}, which this Almanac does not know`);
}

function bad(field: string, says: string): AppError {
  return new AppError('BAD_RECORD', `The profile cannot be brought to version 2.0: ${field} ${says}.`, {
    remedy: 'It stays readable as it is. Correct that field in its file, and it is tried again.',
    details: { field },
  });
}
