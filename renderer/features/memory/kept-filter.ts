import type { Client } from '../../lib/client.ts';
import { wholeList, type MemoryFilter } from './shown-memories.ts';

/**
 * How the list was narrowed last, in one window: it outlives a look at another page, and other pages set it before they
 * lead to the list. In memory only, like everything about a person.
 */
const kept = new WeakMap<Client, MemoryFilter>();

export function keptFilter(client: Client): MemoryFilter {
  return kept.get(client) ?? wholeList;
}

export function keepFilter(client: Client, filter: MemoryFilter): void {
  kept.set(client, filter);
}
