import type { z } from 'zod';
import { conversations } from './conversations.ts';
import { imports } from './imports.ts';
import { memories } from './memories.ts';
import { messages } from './messages.ts';

/** Every collection. Adding one is adding a file and its line here. */
export const registry = { conversations, messages, memories, imports } as const;

export type CollectionName = keyof typeof registry;
export type RecordOf<N extends CollectionName> = z.output<(typeof registry)[N]['schema']>;

export const collectionNames = Object.keys(registry) as readonly CollectionName[];

export function isCollectionName(name: string): name is CollectionName {
  return Object.hasOwn(registry, name);
}
