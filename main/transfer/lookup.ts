import type { Store } from '../../shared/store/store.ts';
import { isForeign } from './formats/read-values.ts';
import { contentSum, type ConversationSource, type MessageSource } from './to-records.ts';

/** A conversation of the vault that an import of ours brought, without `_meta`. */
export interface StoredConversation {
  readonly id: string;
  readonly title: string;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly current_leaf: string | null;
  readonly updated_at: string;
  readonly source: ConversationSource & { readonly updated_by?: string };
  readonly [field: string]: unknown;
}

export interface StoredMessage {
  readonly id: string;
  readonly conversation_id: string;
  readonly created_at: string;
  readonly source: MessageSource & { readonly updated_by?: string };
  readonly [field: string]: unknown;
}

/** What must be known of a stored message to tell whether an archive's one is news. */
export interface MessageHead {
  readonly id: string;
  /** Of what the last import wrote; '' where none did. */
  readonly sum: string;
  /** It still is what the last import wrote. */
  readonly isUntouched: boolean;
}

export interface StoredMemory {
  readonly id: string;
  readonly text: string;
  readonly source: MessageSource & { readonly updated_by?: string };
  readonly [field: string]: unknown;
}

/** Who has an id: nobody, a record that we imported (it is given), or somebody else. */
export interface IdState {
  readonly id: string;
  readonly record: StoredConversation | 'foreign';
}

/** What another program remembers, as it is judged at the door. */
export interface OfferedMemory {
  readonly type: 'USER_FACT' | 'USER_PATTERN' | 'SHARED_NARRATIVE';
  readonly text: string;
}

/** Why a memory may not come in, one answer for each: a constraint, or that it was forgotten. Null: it may. */
export type MemoryDoor = (offered: readonly OfferedMemory[]) => Promise<readonly (string | null)[]>;

/** What an import asks of the vault. Asynchronous, because the import runs in a worker and the vault does not. */
export interface Lookup {
  /** Those of these ids that are taken. */
  conversations(ids: readonly string[]): Promise<IdState[]>;
  messageHeads(conversationId: string): Promise<MessageHead[]>;
  messages(ids: readonly string[]): Promise<StoredMessage[]>;
  memories(ids: readonly string[]): Promise<StoredMemory[]>;
  refusals: MemoryDoor;
}

/** For a dry run without a vault: nothing is there yet. */
export const emptyLookup: Lookup = {
  conversations: async () => [],
  messageHeads: async () => [],
  messages: async () => [],
  memories: async () => [],
  refusals: async (offered) => offered.map(() => null),
};

export function vaultLookup(store: Store, refusals: MemoryDoor): Lookup {
  return {
    refusals,
    async conversations(ids) {
      const records = await store.collection('conversations').find({ id: { $in: ids } });
      return records.map(({ _meta, ...record }): IdState => {
        const source: unknown = record.source;
        // Only what we wrote has `imported`; a record with another source is somebody else's.
        const isOurs = isForeign(source) && isForeign(source['imported']) && typeof source['updated_at'] === 'string';
        return { id: record.id, record: isOurs ? (record as unknown as StoredConversation) : 'foreign' };
      });
    },
    async messageHeads(conversationId) {
      const heads: MessageHead[] = [];
      for await (const message of store.collection('messages').stream({ conversation_id: conversationId })) {
        const sum = message.source?.['sum'];
        const isUntouched = typeof sum === 'string' && sum === contentSum(message);
        heads.push({ id: message.id, sum: typeof sum === 'string' ? sum : '', isUntouched });
      }
      return heads;
    },
    async messages(ids) {
      const records = await store.collection('messages').find({ id: { $in: ids } });
      // Only messages whose head was untouched are asked for, and these have a source of ours.
      return records.map(({ _meta, ...record }) => record as unknown as StoredMessage);
    },
    async memories(ids) {
      const records = await store.collection('memories').find({ id: { $in: ids } });
      // Their ids are derived from ours, so that nobody else has them by accident.
      return records.map(({ _meta, ...record }) => record as unknown as StoredMemory);
    },
  };
}
