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
const unsaid = new Set(['id', 'updated_at', 'source_hash', 'forgotten']);
const longestValue = 600;

/** What differs between before and after; nothing where the record is new, gone, or its content was taken out. */
export function changesOf({ before, after }: MemoryEvent): readonly Change[] {
  if (!before || !after) return [];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => !unsaid.has(field));
  return fields
    .map((field) => ({ field, before: valueText(before[field]), after: valueText(after[field]) }))
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

/** What it happened to: the memory's text, else the record's key. */
export function textOf({ before, after, entity_key: key }: MemoryEvent): string {
  const text = after?.['text'] ?? before?.['text'];
  return typeof text === 'string' ? text : key;
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
