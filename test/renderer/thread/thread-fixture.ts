import { buildForest } from '../../../main/conversations/forest.ts';
import type { MessageRecord } from '../../../main/conversations/records.ts';
import { branchShowing, branchThrough, windowOf } from '../../../main/conversations/thread.ts';
import type { Handlers } from '../../../shared/ipc/contract.ts';
import { fixtureRow } from '../../helpers/fixture-vault.ts';

const now = new Date('2026-11-20T12:00:00.000Z');
export const conversationId = 'c000000';
export const title = fixtureRow(0, now).title;

type Fields = Partial<MessageRecord> & Pick<MessageRecord, 'id' | 'role' | 'content'>;

/** Messages of one conversation, a minute apart; without a `parent_id` each answers the one before it. */
export function messagesOf(...given: readonly Fields[]): MessageRecord[] {
  return given.map((fields, at): MessageRecord => {
    const time = new Date(Date.parse('2026-11-14T09:00:00.000Z') + at * 60_000).toISOString();
    const parent = at === 0 ? null : (given[at - 1]?.id ?? null);
    return { conversation_id: conversationId, created_at: time, updated_at: time, parent_id: parent, ...fields };
  });
}

/** Serves the messages through main's own branches and windows, so that the page meets real answers. */
export function threadHandlers(messages: MessageRecord[]): Partial<Handlers> {
  let chosen: string | undefined;
  const forest = () => buildForest(messages);
  return {
    'conversations.thread': async (input) => {
      const branch =
        input.around === undefined
          ? branchThrough(forest(), input.leaf ?? chosen)
          : branchShowing(forest(), input.leaf ?? chosen, input.around);
      const leaf = branch.leaf?.message.id ?? null;
      const conversation = { ...fixtureRow(0, now), id: input.id, current_leaf: leaf, source_app: 'chatgpt' };
      return { conversation, ...windowOf(forest(), branch, input) };
    },
    'conversations.choose_branch': async ({ message_id }) => {
      chosen = branchThrough(forest(), message_id).leaf?.message.id ?? message_id;
      return { current_leaf: chosen };
    },
    'messages.append': async ({ text }) => {
      const parent = branchThrough(forest(), chosen).leaf?.message.id ?? null;
      const id = `written-${messages.length}`;
      messages.push(
        ...messagesOf({ id, role: 'user', content: text, parent_id: parent, created_at: now.toISOString() }),
      );
      chosen = id;
      return { id };
    },
  };
}
