import type { Output } from '../../../shared/ipc/contract.ts';
import { strings } from '../../lib/strings.ts';

export type MemoryEvent = Output<'memory.log'>[number];

/** A field that an event changed, as text; undefined where it was not there. */
export interface Change {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const words = strings.memory.log;
/** Bookkeeping that says nothing to a person. */
const unsaid = new Set(['id', 'created_at', 'updated_at', 'source_hash', 'forgotten', 'version']);
const longestValue = 600;

type Fields = Readonly<Record<string, unknown>>;

/** What differs between before and after, all fields of what is new or gone; nothing where the content was taken out. */
export function changesOf({ before, after, redacted }: MemoryEvent): readonly Change[] {
  return redacted === true ? [] : changesBetween(before ?? null, after ?? null);
}

export function changesBetween(before: Fields | null, after: Fields | null): readonly Change[] {
  const [was, is] = [before ?? {}, after ?? {}];
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((field) => !unsaid.has(field));
  return fields
    .map((field) => ({ field, before: valueText(was[field]), after: valueText(is[field]) }))
    .filter((change) => change.before !== change.after);
}

function valueText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** What happened, in a word or two. */
export function nameOf({ operation, event_type: type }: MemoryEvent): string {
  return words.actions[operation.action] ?? words.events[type];
}

/** What it happened to. */
export function textOf({ before, after, entity_key: key }: MemoryEvent): string {
  return recordName(key, after ?? before ?? null);
}

const { names } = words;

/** A record as people call it: a memory by its text, others by what they are; by its key where nothing is left of it. */
export function recordName(key: string, state: Fields | null): string {
  const text = (field: string): string | undefined => {
    const value = state?.[field];
    return typeof value === 'string' ? value : undefined;
  };
  const named: Readonly<Record<string, string | undefined>> = {
    memories: text('text'),
    memory_hubs: text('item_key') && names.hub(text('hub_type') ?? '', text('item_key') ?? ''),
    profiles: text('subject') && names.profile(text('subject') ?? ''),
    episodic_memory: text('query') && names.episode(text('query') ?? ''),
    runtime_snapshots: text('snapshot_id') && names.snapshot(text('snapshot_id') ?? ''),
  };
  return named[key.slice(0, key.indexOf('/'))] ?? key;
}

/** The memory to look at; undefined where it is none, or there is nothing left to see. */
export function memoryIdOf({ entity_key: key, after, redacted }: MemoryEvent): string | undefined {
  const [collection, id] = key.split('/');
  const isThere = redacted !== true && after !== null && after?.['state'] !== 'forgotten';
  return collection === 'memories' && isThere ? id : undefined;
}

/** Who did it, and through which door. */
export function whoOf({ invoker_subject_id: who, context }: MemoryEvent): string {
  const door = words.sources[context?.source ?? ''];
  return [personOf(who), door].filter(Boolean).join(' ');
}

function personOf(who: string): string {
  if (who === 'USER:local') return words.you;
  if (who.startsWith('RULES:')) return words.rules;
  return who.startsWith('JOB:') || who.startsWith('MIGRATION:') ? words.program : who;
}
