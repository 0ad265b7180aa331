import { hash128 } from '../../lib/hash.ts';
import { claudeCitations, claudeContent } from './claude-content.ts';
import { readTime } from './read-time.ts';
import { isForeign, listAt, textAt, without } from './read-values.ts';
import type { ExportFormat, Foreign, ParsedConversation, ParsedMessage, ParsedNode } from './types.ts';

/**
 * Claude's data export: messages in a line. Browser extensions and newer exports add `parent_message_uuid` and
 * `current_leaf_message_uuid`: then the line holds all branches one after another, and the parents make it a tree.
 */
export const claude: ExportFormat = {
  app: 'claude',
  title: 'Claude',
  recognise(value) {
    if (!Array.isArray(value['chat_messages'])) return null;
    if (textAt(value, 'uuid') === null && textAt(value, 'name') === null) return null;
    return isTree(value['chat_messages']) ? 'tree' : 'linear';
  },
  parse: parseConversation,
};

function isTree(messages: readonly unknown[]): boolean {
  return messages.some((message) => isForeign(message) && textAt(message, 'parent_message_uuid') !== null);
}

const mapped = ['uuid', 'name', 'created_at', 'updated_at', 'chat_messages', 'current_leaf_message_uuid'];

function parseConversation(conversation: Foreign): ParsedConversation {
  const messages = listAt(conversation, 'chat_messages').filter(isForeign);
  const model = textAt(conversation, 'model');
  const nodes = parseNodes(messages, model);
  const isLine = !isTree(messages);
  return {
    sourceId: textAt(conversation, 'uuid') ?? inventedId(conversation),
    title: textAt(conversation, 'name') ?? '',
    createdAt: readTime(conversation['created_at']),
    updatedAt: readTime(conversation['updated_at']),
    pinned: conversation['is_starred'] === true,
    archived: conversation['is_archived'] === true,
    nodes,
    currentNode: textAt(conversation, 'current_leaf_message_uuid') ?? (isLine ? (nodes.at(-1)?.id ?? null) : null),
    extra: without(conversation, ...mapped),
  };
}

function inventedId(conversation: Foreign): string {
  return `unnamed-${hash128(JSON.stringify([conversation['created_at'], conversation['name']]))}`;
}

function parseNodes(messages: readonly Foreign[], model: string | null): ParsedNode[] {
  const nodes = new Map<string, ParsedNode>();
  const isLine = !isTree(messages);
  let previous: string | null = null;
  for (const [index, message] of messages.entries()) {
    const id = freeId(nodes, textAt(message, 'uuid') ?? `message-${index}`, message);
    // The very same message twice: once is enough.
    if (id === null) continue;
    const named = textAt(message, 'parent_message_uuid');
    const follows = isLine || !('parent_message_uuid' in message);
    const parent = follows ? previous : named === id ? null : named;
    nodes.set(id, { id, parent, message: parseMessage(message, model) });
    previous = id;
  }
  return [...nodes.values()];
}

/** An id that no earlier message has; null where the earlier one is this message. */
function freeId(nodes: ReadonlyMap<string, ParsedNode>, wanted: string, message: Foreign): string | null {
  const text = JSON.stringify(message);
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? wanted : `${wanted}#${count}`;
    const earlier = nodes.get(id);
    if (!earlier) return id;
    if (JSON.stringify(earlier.message?.raw) === text) return null;
  }
}

const mappedOfMessage = [
  'uuid',
  'sender',
  'content',
  'created_at',
  'updated_at',
  'attachments',
  'files',
  'parent_message_uuid',
  'child_message_uuids',
  'model',
];

function parseMessage(message: Foreign, conversationModel: string | null): ParsedMessage {
  const role = roleOf(textAt(message, 'sender', 'role'));
  const { parts, saysText } = claudeContent(message);
  const sender = role === 'assistant' && message['sender'] !== 'assistant' ? { sender: message['sender'] } : {};
  return {
    role,
    content: parts,
    createdAt: readTime(message['created_at']),
    updatedAt: readTime(message['updated_at']),
    hidden: role === 'system' || parts.length === 0,
    authorName: null,
    model: textAt(message, 'model') ?? (role === 'assistant' ? conversationModel : null),
    citations: claudeCitations(message),
    extra: { ...without(message, ...mappedOfMessage, ...(saysText ? ['text'] : [])), ...without(sender) },
    raw: message,
  };
}

function roleOf(sender: string | null): ParsedMessage['role'] {
  if (sender === 'human' || sender === 'user') return 'user';
  return sender === 'system' || sender === 'tool' ? sender : 'assistant';
}
