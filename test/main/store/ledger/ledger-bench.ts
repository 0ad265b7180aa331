import type { Meta } from '../../../../shared/store/store.ts';
import type { CollectionName } from '../../../../shared/collections/registry.ts';
import { registry } from '../../../../shared/collections/registry.ts';
import { createHybridClock } from '../../../../main/lib/hlc.ts';
import { createStamper } from '../../../../main/records/meta.ts';
import type { StoredRecord } from '../../../../main/records/stored-record.ts';
import type { Ledger } from '../../../../main/store/ledger/file-ledger.ts';
import { baseOf } from '../../../../main/sync/base.ts';
import type { LocalState, SyncState, SyncStep } from '../../../../main/sync/ports.ts';

const at = '2026-02-21T09:00:00.000Z';
const stamper = createStamper(
  createHybridClock({ now: () => Date.parse('2026-02-22T00:00:00.000Z') }, 'rother'),
  'rother',
);

export const newState: SyncState = {
  store_id: 'store-a',
  epoch: 1,
  resume_token: null,
  poll_cursor: null,
  last_synced_at: null,
  last_full_sync_at: null,
  last_verified_at: null,
  quarantine: [],
  decision: null,
};

/** A version as another replica makes it. */
export function foreign(
  collection: CollectionName,
  body: Readonly<Record<string, unknown>> & { readonly id: string },
  parent?: Meta,
  marks: { readonly deleted?: true } = {},
): StoredRecord {
  const dated = { created_at: at, updated_at: at, ...body };
  const parsed = marks.deleted ? dated : { id: body.id, ...registry[collection].schema.parse(dated) };
  return stamper.stamp(registry[collection], parsed as StoredRecord, parent, marks);
}

export const chat = (id: string, title = id): StoredRecord => foreign('conversations', { id, title });
export const message = (id: string, conversation_id: string, content = id): StoredRecord =>
  foreign('messages', { id, conversation_id, role: 'user', content });
export const memory = (id: string, more: Readonly<Record<string, unknown>> = {}): StoredRecord =>
  foreign('memories', { id, type: 'USER_FACT', text: id, confidence: 0.9, ...more });

/** The step by which a version of the server's becomes the vault's. */
export function adopt(collection: CollectionName, record: StoredRecord, expected: string | null = null): SyncStep {
  return { collection, id: record.id, expected, local: { version: record }, base: baseOf(record) };
}

/** What the reconciler does once a push has landed. */
export function landed(collection: CollectionName, record: StoredRecord): SyncStep {
  return { collection, id: record.id, base: baseOf(record) };
}

export async function stateOf(ledger: Ledger, collection: CollectionName, id: string): Promise<LocalState> {
  const state = (await ledger.read(collection, [id])).get(id);
  if (!state) throw new Error(`read gave nothing for ${id}`);
  return state;
}

/** Pushes everything that is dirty to a server that takes it. */
export async function pushAll(ledger: Ledger): Promise<void> {
  for (const collection of ledger.collections) {
    for (const id of await ledger.dirty(collection, 1_000)) {
      const { local } = await stateOf(ledger, collection, id);
      if (local) await ledger.commit({ steps: [landed(collection, local)] });
    }
  }
}
