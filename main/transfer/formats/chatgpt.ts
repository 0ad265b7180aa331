import { hash128 } from '../../lib/hash.ts';
import { chatgptCitations } from './chatgpt-citations.ts';
import { chatgptContent } from './chatgpt-content.ts';
import { ifAny, isEmpty, isForeign, listAt, objectAt, textAt, without } from './read-values.ts';
import { readTime } from './read-time.ts';
import type { ExportFormat, Foreign, ParsedConversation, ParsedMessage, ParsedNode } from './types.ts';

/**
 * ChatGPT's data export: a conversation is a graph of nodes under `mapping`, `current_node` its chosen end.
 * One `conversations.json` until 2025, `conversations-000.json`, `-001.json`, … since 2026; the shape is the same.
 */
export const chatgpt: ExportFormat = {
  app: 'chatgpt',
  title: 'ChatGPT',
  recognise(value, fileName) {
    const mapping = Object.hasOwn(value, 'mapping') ? value['mapping'] : undefined;
    const isGraph = isForeign(mapping) && Object.values(mapping).slice(0, 20).every(isNode);
    // A conversation without any node left: its other fields must speak for it.
    const isHollow = mapping === null && 'current_node' in value && 'create_time' in value;
    if (!isGraph && !isHollow) return null;
    return /-\d+\.json$/i.test(fileName) ? 'sharded' : 'single';
  },
  parse: parseConversation,
};

/** Some exports hold `null` for a node that was deleted. */
function isNode(value: unknown): boolean {
  if (value === null) return true;
  return isForeign(value) && ('message' in value || 'children' in value || 'parent' in value);
}

function parseConversation(conversation: Foreign): ParsedConversation {
  const mapping = objectAt(conversation, 'mapping');
  const model = textAt(conversation, 'default_model_slug', 'model_slug');
  const childOf = parentsByChildren(mapping);
  const nodes = Object.entries(mapping).flatMap(([id, node]) =>
    isForeign(node) ? [parseNode(id, node, childOf.get(id) ?? null, model)] : [],
  );
  return {
    sourceId: textAt(conversation, 'conversation_id', 'id') ?? inventedId(conversation, mapping),
    title: textAt(conversation, 'title') ?? '',
    createdAt: readTime(conversation['create_time']),
    updatedAt: readTime(conversation['update_time']),
    pinned: conversation['is_starred'] === true || readTime(conversation['pinned_time']) !== null,
    archived: conversation['is_archived'] === true,
    nodes,
    currentNode: textAt(conversation, 'current_node'),
    extra: unmappedOf(conversation),
  };
}

/** Both ids are kept where they differ. */
function unmappedOf(conversation: Foreign): Foreign {
  const ids = conversation['id'] === conversation['conversation_id'] ? ['id'] : [];
  const mapped = ['title', 'create_time', 'update_time', 'mapping', 'current_node', 'conversation_id', 'is_archived'];
  const rest = without(conversation, ...mapped, ...ids);
  return textAt(conversation, 'conversation_id') === null ? without(rest, 'id') : rest;
}

/** The same conversation gets the same id in every export, whatever has been added to it since. */
function inventedId(conversation: Foreign, mapping: Foreign): string {
  return `unnamed-${hash128(JSON.stringify([conversation['create_time'], Object.keys(mapping)[0]]))}`;
}

/** For nodes that do not name their parent: the one that lists them as its child. */
function parentsByChildren(mapping: Foreign): Map<string, string> {
  const parents = new Map<string, string>();
  for (const [id, node] of Object.entries(mapping)) {
    if (!isForeign(node)) continue;
    for (const child of listAt(node, 'children')) {
      if (typeof child === 'string' && !parents.has(child)) parents.set(child, id);
    }
  }
  return parents;
}

function parseNode(id: string, node: Foreign, listedBy: string | null, model: string | null): ParsedNode {
  const named = textAt(node, 'parent');
  const message = node['message'];
  const parent = named ?? listedBy;
  return {
    id,
    parent: parent === id ? null : parent,
    message: isForeign(message) ? parseMessage(id, node, message, model) : null,
  };
}

function parseMessage(id: string, node: Foreign, message: Foreign, conversationModel: string | null): ParsedMessage {
  const author = objectAt(message, 'author');
  const metadata = objectAt(message, 'metadata');
  const role = roleOf(textAt(author, 'role'));
  const { parts, rest, isContext } = chatgptContent(message, role);
  const isHidden = metadata['is_visually_hidden_from_conversation'] === true || role === 'system' || isContext;
  return {
    role,
    content: parts,
    createdAt: readTime(message['create_time']),
    updatedAt: readTime(message['update_time']),
    hidden: isHidden || parts.length === 0,
    authorName: textAt(author, 'name'),
    model: textAt(metadata, 'model_slug') ?? (role === 'assistant' ? conversationModel : null),
    citations: chatgptCitations(metadata, objectAt(message, 'content')),
    extra: unmappedOfMessage(id, node, message, rest),
    // Not the children: a reply written later does not change the message that it answers.
    raw: [message, node['parent'] ?? null],
  };
}

function roleOf(role: string | null): ParsedMessage['role'] {
  if (role === 'user' || role === 'assistant' || role === 'system' || role === 'tool') return role;
  return role === null ? 'assistant' : 'tool';
}

function unmappedOfMessage(id: string, node: Foreign, message: Foreign, content: Foreign): Foreign {
  const author = objectAt(message, 'author');
  const known = roleOf(textAt(author, 'role')) === author['role'] ? ['role', 'name'] : ['name'];
  const metadata = without(
    objectAt(message, 'metadata'),
    'citations',
    'model_slug',
    'is_visually_hidden_from_conversation',
    'attachments',
  );
  const ids = message['id'] === id ? ['id'] : [];
  return {
    ...without(message, ...ids, 'author', 'content', 'create_time', 'update_time', 'metadata'),
    ...ifAny('author', nonEmpty(without(author, ...known))),
    ...ifAny('content', content),
    ...ifAny('metadata', metadata),
    ...ifAny('node', without(node, 'id', 'parent', 'children', 'message')),
  };
}

/** `{metadata: {}}` says nothing. */
function nonEmpty(author: Foreign): Foreign {
  const metadata = author['metadata'];
  return isForeign(metadata) && isEmpty(metadata) ? without(author, 'metadata') : author;
}
