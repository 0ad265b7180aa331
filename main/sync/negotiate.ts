import { type CollectionName, collectionNames } from '../../shared/collections/registry.ts';
import { definitionOf } from './definition-of.ts';
import type { RemoteHello, SyncState } from './ports.ts';

/** The protocol that this version speaks, and the oldest that it still understands. */
export const PROTOCOL = { min: 1, cur: 1 } as const;

type Store = NonNullable<RemoteHello['store']>;

/** What a first reconciler writes about a team database. */
export function newStore(storeId: string, epoch = 1): Store {
  return {
    store_id: storeId,
    epoch,
    protocol: PROTOCOL,
    collections: Object.fromEntries(
      collectionNames
        .filter((name) => definitionOf(name).scope === 'team')
        .map((name) => {
          const { schemaVersion } = definitionOf(name);
          return [name, { sv: schemaVersion, min_reader: 1, min_writer: 1 }];
        }),
    ),
  };
}

export function newState({ store_id, epoch }: Store): SyncState {
  return {
    store_id,
    epoch,
    resume_token: null,
    poll_cursor: null,
    last_synced_at: null,
    last_full_sync_at: null,
    last_verified_at: null,
    quarantine: [],
    decision: null,
  };
}

export type Negotiation =
  | { readonly kind: 'fine'; readonly readOnly: readonly CollectionName[]; readonly hidden: readonly CollectionName[] }
  /** The server was set back or replaced on purpose: tokens mean nothing, everything is compared. */
  | {
      readonly kind: 'new-epoch';
      readonly readOnly: readonly CollectionName[];
      readonly hidden: readonly CollectionName[];
    }
  | { readonly kind: 'other-store' }
  | { readonly kind: 'incompatible'; readonly why: string };

/** Whether this version of the app, this vault and that database go together (reliability.md §3.11). */
export function negotiate(state: SyncState, store: Store): Negotiation {
  if (PROTOCOL.cur < store.protocol.min) {
    return { kind: 'incompatible', why: 'The team uses a newer version of Almanac. Update this one.' };
  }
  if (store.protocol.cur < PROTOCOL.min) {
    return {
      kind: 'incompatible',
      why: 'The team database was made by a version of Almanac that is too old for this one.',
    };
  }
  if (store.store_id !== state.store_id) return { kind: 'other-store' };
  const allowed = { readOnly: tooOldFor(store, 'min_writer'), hidden: tooOldFor(store, 'min_reader') };
  return { kind: store.epoch === state.epoch ? 'fine' : 'new-epoch', ...allowed };
}

function tooOldFor({ collections }: Store, rule: 'min_reader' | 'min_writer'): readonly CollectionName[] {
  return collectionNames.filter((name) => {
    const wanted = collections[name];
    return wanted !== undefined && definitionOf(name).schemaVersion < wanted[rule];
  });
}
