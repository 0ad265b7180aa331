import type { Store } from '../../shared/store/store.ts';
import { buildForest, type Forest } from './forest.ts';

/** Conversations whose messages are kept: the one being read, and those just left. */
const kept = 4;

/** The messages of the last conversations read, so that scrolling does not read the file again; follows the store's changes. */
export class ThreadCache {
  readonly #store: Store;
  readonly #unwatch: () => void;
  /** In the order of use, the last used at the end. */
  readonly #forests = new Map<string, Promise<Forest>>();

  constructor(store: Store) {
    this.#store = store;
    this.#unwatch = store.watch(({ changes }) => {
      for (const change of changes) {
        if (change.collection !== 'messages') continue;
        if (change.stream === undefined) this.#forests.clear();
        else this.#forests.delete(change.stream);
      }
    });
  }

  async forest(conversationId: string): Promise<Forest> {
    const forest = this.#forests.get(conversationId) ?? this.#read(conversationId);
    this.#forests.delete(conversationId);
    this.#forests.set(conversationId, forest);
    for (const oldest of this.#forests.keys()) {
      if (this.#forests.size <= kept) break;
      this.#forests.delete(oldest);
    }
    try {
      return await forest;
    } catch (error) {
      if (this.#forests.get(conversationId) === forest) this.#forests.delete(conversationId);
      throw error;
    }
  }

  close(): void {
    this.#unwatch();
    this.#forests.clear();
  }

  async #read(conversationId: string): Promise<Forest> {
    const filter = { conversation_id: conversationId };
    return buildForest(await this.#store.collection('messages').find(filter, { sort: { created_at: 1 } }));
  }
}
