import type { CollectionName } from '../../../../shared/collections/registry.ts';

/** A record of a history, before anybody has made it. */
export interface Doc {
  readonly collection: CollectionName;
  readonly id: string;
  readonly created_at: string;
}

/** Fields in which histories write their values. */
export const valueFields: Partial<Record<CollectionName, readonly string[]>> = {
  memories: ['text', 'tenant', 'domain'],
  conversations: ['title', 'workspace'],
  messages: ['content', 'model'],
};
/** Collections that histories write to, and the one that reconciling does. */
export const watched = ['memories', 'conversations', 'messages', 'conflicts'] as const satisfies CollectionName[];

export function fieldsOf({ collection }: Doc): readonly string[] {
  return valueFields[collection] ?? [];
}

/** What a record has besides values. */
export function firstFields({ collection, created_at }: Doc): Readonly<Record<string, unknown>> {
  if (collection === 'memories') return { created_at, type: 'USER_FACT', confidence: 0.8 };
  if (collection === 'messages') return { created_at, conversation_id: 'c1', role: 'user' };
  return { created_at, kind: 'chat', tags: [], pinned: false, archived: false };
}

/**
 * A value names itself and the one it took the place of, so that an edit whose answer was lost can be understood
 * wherever it turns up.
 */
export function valueText(value: string, over: unknown): string {
  const former = typeof over === 'string' ? valueIn(over) : null;
  return former === null ? value : `${value} over ${former}`;
}
export function valueIn(text: string): string | null {
  return /^(?:v|secret)\d+\.\w+/.exec(text)?.[0] ?? null;
}
export function formerIn(text: string): string | null {
  return / over ((?:v|secret)\d+\.\w+)$/.exec(text)?.[1] ?? null;
}

export function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) yield* textsIn(member);
}
