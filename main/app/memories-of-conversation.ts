import type { z } from 'zod';
import type { memoryMethods } from '../../shared/ipc/memory.ts';
import type { Store } from '../../shared/store/store.ts';
import type { MemoryService } from '../memory/types.ts';

type Links = z.output<(typeof memoryMethods)['memory.of_conversation']['output']>;
type Link = Links[number];

/** Which sentences of a conversation speak for what is believed, or against it. */
export async function memoriesOfConversation(memory: MemoryService, store: Store, id: string): Promise<Links> {
  const links: (Link & { readonly conversation: string | undefined })[] = [];
  for (const { id: memoryId, text, type, state, current_confidence, evidence } of await memory.list()) {
    const believed = { id: memoryId, text, type, state, current_confidence };
    for (const { conversation_id: conversation, message_id, quote, stance = 'supports' } of evidence) {
      if (conversation !== undefined && conversation !== id) continue;
      links.push({ conversation, message_id, quote: quote ?? null, stance, memory: believed });
    }
  }
  const unsaid = links.filter(({ conversation }) => conversation === undefined).map(({ message_id }) => message_id);
  const ours = await messagesAmong(store, id, unsaid);
  return links
    .filter(({ conversation, message_id }) => conversation !== undefined || ours.has(message_id))
    .map(({ conversation: _said, ...link }) => link);
}

/** Those of the messages that belong to the conversation: some evidence names its message alone. */
async function messagesAmong(store: Store, conversationId: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const found = await store.collection('messages').find({ id: { $in: [...ids] } });
  return new Set(found.filter(({ conversation_id }) => conversation_id === conversationId).map((each) => each.id));
}
