import type { Conversation } from '../../shared/collections/conversations.ts';
import type { Message } from '../../shared/collections/messages.ts';
import { AppError } from '../../shared/errors.ts';

/** Records as these functions need them: with an id; `_meta` may be there and is not looked at. */
export type ConversationRecord = Conversation & { readonly id: string };
export type MessageRecord = Message & { readonly id: string };

export function conversationNotFound(id: string): AppError {
  return new AppError('NOT_FOUND', `There is no conversation with the id ${JSON.stringify(id)}.`, {
    remedy: 'It may have been deleted: restore it from the trash, or reload the list.',
    details: { collection: 'conversations', id },
  });
}

export function messageNotFound(conversationId: string, id: string): AppError {
  return new AppError(
    'NOT_FOUND',
    `The conversation ${JSON.stringify(conversationId)} has no message with the id ${JSON.stringify(id)}.`,
    {
      remedy: 'It may have been deleted or replaced: open the conversation anew.',
      details: { collection: 'messages', id },
    },
  );
}
