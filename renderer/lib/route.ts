import { useSyncExternalStore } from 'react';
import type { ConversationView } from '../../shared/ipc/models.ts';
import type { z } from 'zod';

export type View = z.infer<typeof ConversationView>;

const memoryViews = [
  'list',
  'recall',
  'overview',
  'inbox',
  'hygiene',
  'log',
  'days',
  'between',
  'profile',
  'hubs',
  'runs',
  'snapshots',
] as const;
export type MemoryView = (typeof memoryViews)[number];

/** Where in the window the person is. Kept in the URL's hash, so that back and forward work. */
export type Route =
  | {
      readonly page: 'conversations';
      readonly view: View;
      readonly conversationId?: string;
      /** The message to show first, from a search. */
      readonly messageId?: string;
      /** The memory whose sentence in that message is to be shown. */
      readonly markId?: string;
    }
  | {
      readonly page: 'memory';
      readonly view: MemoryView;
      /** The memory that is looked at; in `runs` and `snapshots` the one of these. */
      readonly memoryId?: string;
    }
  | { readonly page: 'imports' }
  | { readonly page: 'doctor' }
  | { readonly page: 'sync' }
  | { readonly page: 'settings' };

/**
 * `#/conversations/<id>/<message id>/<memory id>`, `#/archive/<id>`, `#/memory/list/<id>`, `#/memory/<view>`, `#/imports`,
 * `#/doctor`, `#/sync`, `#/settings`; anything else is the list of conversations.
 */
export function parseHash(hash: string): Route {
  const parts = hash.replace(/^#\/?/, '').split('/').map(decodePart);
  const [page = '', conversationId = '', messageId = '', markId = ''] = parts;
  if (page === 'imports' || page === 'doctor' || page === 'sync' || page === 'settings') return { page };
  if (page === 'memory') return memoryRoute(parts);
  return {
    page: 'conversations',
    view: page === 'archive' ? 'archived' : 'active',
    ...(conversationId === '' ? {} : { conversationId }),
    ...(messageId === '' ? {} : { messageId }),
    ...(markId === '' ? {} : { markId }),
  };
}

function memoryRoute([, given = '', memoryId = '']: readonly string[]): Route {
  const view = memoryViews.find((one) => one === given) ?? 'list';
  return { page: 'memory', view, ...(memoryId === '' ? {} : { memoryId }) };
}

export function hashOf(route: Route): string {
  if (route.page === 'memory') return addressOf(['memory', route.view, route.memoryId]);
  if (route.page !== 'conversations') return `#/${route.page}`;
  const { view, conversationId, messageId, markId } = route;
  return addressOf([view === 'archived' ? 'archive' : 'conversations', conversationId, messageId, markId]);
}

function addressOf(parts: readonly (string | undefined)[]): string {
  return `#/${parts
    .filter((part) => part !== undefined)
    .map(encodeURIComponent)
    .join('/')}`;
}

export function navigate(route: Route, how: 'push' | 'replace' = 'push'): void {
  const hash = hashOf(route);
  if (hash === window.location.hash) return;
  if (how === 'push') window.history.pushState(null, '', hash);
  else window.history.replaceState(null, '', hash);
  window.dispatchEvent(new Event('almanac:route'));
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return parseHash(hash);
}

function subscribe(onChange: () => void): () => void {
  const names = ['hashchange', 'popstate', 'almanac:route'];
  for (const name of names) window.addEventListener(name, onChange);
  return () => {
    for (const name of names) window.removeEventListener(name, onChange);
  };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
