import type { z } from 'zod';
import { conflicts } from './conflicts.ts';
import { conversations } from './conversations.ts';
import { episodic_memory } from './episodic_memory.ts';
import { imports } from './imports.ts';
import { memories } from './memories.ts';
import { memory_events } from './memory_events.ts';
import { memory_hubs } from './memory_hubs.ts';
import { messages } from './messages.ts';
import { profiles } from './profiles.ts';
import { runtime_snapshots } from './runtime_snapshots.ts';
import { sync_bases } from './sync_bases.ts';
import { sync_state } from './sync_state.ts';

/** Every collection. Adding one is adding a file and its line here. */
export const registry = {
  conversations,
  messages,
  memories,
  profiles,
  memory_hubs,
  runtime_snapshots,
  episodic_memory,
  memory_events,
  conflicts,
  imports,
  sync_bases,
  sync_state,
} as const;

export type CollectionName = keyof typeof registry;
export type RecordOf<N extends CollectionName> = z.output<(typeof registry)[N]['schema']>;

export const collectionNames = Object.keys(registry) as readonly CollectionName[];

export function isCollectionName(name: string): name is CollectionName {
  return Object.hasOwn(registry, name);
}

/** Almanac's own bookkeeping, which people are not shown. */
export function isInternal(name: CollectionName): boolean {
  return 'internal' in registry[name];
}
