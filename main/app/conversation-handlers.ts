import type { Handlers } from '../../shared/ipc/contract.ts';
import type { Conversations } from '../conversations/types.ts';

type ConversationMethods = Extract<keyof Handlers, `conversations.${string}` | `messages.${string}`>;

export function conversationHandlers(conversations: Conversations): Pick<Handlers, ConversationMethods> {
  return {
    'conversations.days': (input) => conversations.days(input),
    'conversations.list': (input) => conversations.list(input),
    'conversations.tags': () => conversations.tags(),
    'conversations.thread': (input) => conversations.thread(input),
    'conversations.create': (input) => conversations.create(input),
    'conversations.update': (input) => conversations.update(input),
    'conversations.choose_branch': (input) => conversations.chooseBranch(input),
    'conversations.delete': (input) => conversations.delete(input),
    'conversations.undelete': (input) => conversations.undelete(input),
    'conversations.export': (input) => conversations.exportOne(input),
    'messages.append': (input) => conversations.append(input),
  };
}
