import type { Output, Input } from '../../shared/ipc/contract.ts';
import { AppError } from '../../shared/errors.ts';
import type { Store } from '../../shared/store/store.ts';
import { isoNow, type Clock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { conversationToJson, conversationToMarkdown } from './export-one.ts';
import { exportFileName } from './file-name.ts';
import type { Forest } from './forest.ts';
import { ListCache } from './list-cache.ts';
import { conversationNotFound, messageNotFound, type ConversationRecord } from './records.ts';
import { toRow, type Row } from './rows.ts';
import { ThreadCache } from './thread-cache.ts';
import { branchShowing, branchThrough, windowOf } from './thread.ts';
import type { Conversations } from './types.ts';

export interface ConversationsPorts {
  readonly store: Store;
  /** Brings back what was deleted under this name; the number of records. NOT_FOUND where nothing is kept. */
  readonly restoreTrash: (trashBatch: string) => Promise<number>;
  /** What becomes of records in an export, as the person has it now; absent: they are as they are. */
  readonly redactExports?: () => <T extends object>(collection: 'conversations' | 'messages', record: T) => T;
  readonly clock: Clock;
}

/** Stop following the store with `close`. */
export function createConversations(ports: ConversationsPorts): Conversations & { close(): void } {
  return new StoredConversations(ports);
}

class StoredConversations implements Conversations {
  readonly #ports: ConversationsPorts;
  readonly #list: ListCache;
  readonly #threads: ThreadCache;

  constructor(ports: ConversationsPorts) {
    this.#ports = ports;
    this.#list = new ListCache(ports.store);
    this.#threads = new ThreadCache(ports.store);
  }

  async days(input: Input<'conversations.days'>): Promise<Output<'conversations.days'>> {
    return [...(await this.#list.page(input.view, input.tag)).days];
  }

  async list(input: Input<'conversations.list'>): Promise<Output<'conversations.list'>> {
    const { rows } = await this.#list.page(input.view, input.tag);
    return { total: rows.length, rows: rows.slice(input.offset, input.offset + input.limit) };
  }

  async tags(): Promise<Output<'conversations.tags'>> {
    return [...(await this.#list.tags())];
  }

  /** `current_leaf` of the answer is the leaf of the branch shown: ask for further windows with it. */
  async thread(input: Input<'conversations.thread'>): Promise<Output<'conversations.thread'>> {
    const [record, forest] = await Promise.all([this.#conversation(input.id), this.#threads.forest(input.id)]);
    for (const id of [input.leaf, input.around]) {
      if (id !== undefined && !forest.byId.has(id)) throw messageNotFound(input.id, id);
    }
    const chosen = input.leaf ?? record.current_leaf;
    const branch =
      input.around === undefined ? branchThrough(forest, chosen) : branchShowing(forest, chosen, input.around);
    return {
      conversation: {
        ...toRow(record),
        current_leaf: branch.leaf?.message.id ?? null,
        source_app: record.source?.app ?? null,
      },
      ...windowOf(forest, branch, input),
    };
  }

  async create(input: Input<'conversations.create'>): Promise<Output<'conversations.create'>> {
    const now = isoNow(this.#ports.clock);
    const draft = { title: input.title.trim(), kind: 'chat' as const, created_at: now, updated_at: now };
    const { insertedId } = await this.#records.insertOne(draft);
    return this.#row(insertedId);
  }

  /** Keeps updated_at, which the store would set: renaming or tagging an old conversation leaves it at its day. */
  async update(input: Input<'conversations.update'>): Promise<Output<'conversations.update'>> {
    const { id, title, pinned, archived, tags } = input;
    if (title?.trim() === '') {
      throw new AppError('BAD_INPUT', 'A title of blanks only cannot be found again.', { remedy: 'Type a title.' });
    }
    const fields = {
      ...(title === undefined ? {} : { title: title.trim() }),
      ...(pinned === undefined ? {} : { pinned }),
      ...(archived === undefined ? {} : { archived }),
      ...(tags === undefined ? {} : { tags: [...new Set(tags.map((tag) => tag.trim()).filter(Boolean))] }),
    };
    const { updated_at } = await this.#conversation(id);
    if (Object.keys(fields).length > 0) await this.#records.updateOne({ id }, { $set: { ...fields, updated_at } });
    return this.#row(id);
  }

  async chooseBranch(input: Input<'conversations.choose_branch'>): Promise<Output<'conversations.choose_branch'>> {
    const { updated_at } = await this.#conversation(input.id);
    const forest = await this.#threads.forest(input.id);
    if (!forest.byId.has(input.message_id)) throw messageNotFound(input.id, input.message_id);
    const leaf = branchThrough(forest, input.message_id).leaf?.message.id ?? input.message_id;
    await this.#records.updateOne({ id: input.id }, { $set: { current_leaf: leaf, updated_at } });
    return { current_leaf: leaf };
  }

  /**
   * Messages go first: were it interrupted between the two, the conversation is still in the list, and deleting it
   * again finishes the work.
   */
  async delete(input: Input<'conversations.delete'>): Promise<Output<'conversations.delete'>> {
    const ids = [...new Set(input.ids)];
    if ((await this.#records.count({ id: { $in: ids } })) === 0) throw conversationNotFound(ids.join(', '));
    const undo = newId(this.#ports.clock);
    try {
      const options = { trashBatch: undo };
      await this.#ports.store.collection('messages').deleteMany({ conversation_id: { $in: ids } }, options);
      const { deletedCount } = await this.#records.deleteMany({ id: { $in: ids } }, options);
      return { deleted: deletedCount, undo };
    } catch (error) {
      // All or nothing: what had gone comes back. Where nothing had, there is nothing to restore.
      await this.#ports.restoreTrash(undo).catch(() => 0);
      throw error;
    }
  }

  async undelete(input: Input<'conversations.undelete'>): Promise<Output<'conversations.undelete'>> {
    const before = await this.#records.count();
    const records = await this.#ports.restoreTrash(input.undo);
    // The trash gives back messages, too; the person thinks of conversations.
    return { restored: Math.min(records, (await this.#records.count()) - before) };
  }

  async append(input: Input<'messages.append'>): Promise<Output<'messages.append'>> {
    const id = input.conversation_id;
    const [record, forest] = await Promise.all([this.#conversation(id), this.#threads.forest(id)]);
    const leaf = branchThrough(forest, record.current_leaf).leaf?.message.id;
    const now = isoNow(this.#ports.clock);
    const { insertedId } = await this.#ports.store.collection('messages').insertOne({
      conversation_id: id,
      role: 'user',
      content: input.text,
      created_at: now,
      updated_at: now,
      ...parentField(forest, leaf),
    });
    await this.#records.updateOne({ id }, { $set: { updated_at: now, current_leaf: insertedId } });
    return { id: insertedId };
  }

  async exportOne(input: Input<'conversations.export'>): Promise<Output<'conversations.export'>> {
    const redact = this.#ports.redactExports?.() ?? asItIs;
    const record = redact('conversations', await this.#conversation(input.id));
    const messages = (await this.#threads.forest(input.id)).nodes.map((node) => redact('messages', node.message));
    return input.format === 'markdown'
      ? {
          file_name: exportFileName(record, 'md'),
          media_type: 'text/markdown',
          text: conversationToMarkdown(record, messages),
        }
      : {
          file_name: exportFileName(record, 'json'),
          media_type: 'application/json',
          text: conversationToJson(record, messages),
        };
  }

  close(): void {
    this.#list.close();
    this.#threads.close();
  }

  get #records() {
    return this.#ports.store.collection('conversations');
  }

  async #conversation(id: string): Promise<ConversationRecord> {
    const record = await this.#records.findOne({ id });
    if (!record) throw conversationNotFound(id);
    return record;
  }

  async #row(id: string): Promise<Row> {
    return toRow(await this.#conversation(id));
  }
}

/**
 * A conversation in which no message names a parent is read as one line: a first parent would turn the others into
 * branches of their own.
 */
function parentField(forest: Forest, leaf: string | undefined): { parent_id?: string | null } {
  if (leaf === undefined) return { parent_id: null };
  const isLinear = forest.nodes.length > 1 && !forest.nodes.some((node) => node.message.parent_id != null);
  return isLinear ? {} : { parent_id: leaf };
}

function asItIs<T>(_collection: string, record: T): T {
  return record;
}
