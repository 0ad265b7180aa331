import type { Conversation } from '../../shared/collections/conversations.ts';
import type { Part } from '../../shared/collections/content.ts';
import type { Message } from '../../shared/collections/messages.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { hash128, sha256Hex } from '../lib/hash.ts';
import { derivedId } from '../lib/ids.ts';
import { cutText, ForeignEncoder, safeText } from './encode-foreign.ts';
import { isEmpty } from './formats/read-values.ts';
import type { Foreign, ParsedConversation } from './formats/types.ts';
import { resolveTree, type PlacedMessage } from './resolve-tree.ts';

/** What a conversation's fields were when an import wrote them: what differs from these, the person has changed. */
export interface ImportedFields {
  readonly title: string;
  readonly tags: readonly string[];
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly current_leaf: string | null;
}

/** `source` of an imported conversation. */
export interface ConversationSource {
  readonly app: string;
  readonly format_version: string;
  readonly source_id: string;
  readonly sha256: string;
  readonly import_id: string;
  /** The other program's own time of its last change. */
  readonly updated_at: string;
  readonly imported: ImportedFields;
}

/** `source` of an imported message. */
export interface MessageSource {
  readonly app: string;
  readonly format_version: string;
  readonly source_id: string;
  readonly sha256: string;
  readonly import_id: string;
  /** Of what the import wrote (contentSum): a record with another one has been changed since. */
  readonly sum: string;
}

/** A conversation record without its id, which depends on what the vault holds. */
export type ConversationDraft = Conversation & { readonly source: ConversationSource };
/** A message record without `conversation_id`, which is filled in once it is known. */
export interface MessageDraft {
  readonly id: string;
  readonly role: Message['role'];
  readonly content: readonly Part[];
  readonly parent_id: string | null;
  readonly hidden?: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  readonly author_name?: string;
  readonly model?: string;
  readonly source_citations?: readonly Foreign[];
  readonly source: MessageSource;
  readonly extra?: Foreign;
}

export interface MappedConversation {
  /** The source's own id where it can be a record's id; null where it cannot. */
  readonly keptId: string | null;
  /** The id to take where keptId is null or belongs to another record. */
  readonly derivedId: string;
  readonly record: ConversationDraft;
  readonly messages: readonly MessageDraft[];
  /** Attachments that the messages name. */
  readonly attachments: number;
}

export interface Provenance {
  readonly app: string;
  readonly formatVersion: string;
  /** Of the conversation's bytes in the archive. */
  readonly sha256: string;
  readonly importId: string;
  /** Time of last resort. */
  readonly importedAt: string;
}

const SAFE_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** Half of the store's limits: the rest is for our own fields. */
const MAX_KEYS = 5000;
const MAX_LENGTH = 7 * 1024 ** 2;

/** A parsed conversation as records of ours. Throws where a message is larger than any store can keep. */
export function toRecords(parsed: ParsedConversation, from: Provenance): MappedConversation {
  const times = conversationTimes(parsed, from.importedAt);
  const tree = resolveTree(parsed.nodes, parsed.currentNode, times.createdAt);
  const messageId = (sourceId: string): string => derivedId(from.app, parsed.sourceId, sourceId);
  const messages = tree.messages.map((placed) => messageDraft(placed, from, messageId));
  const imported: ImportedFields = {
    title: safeText(parsed.title),
    tags: [],
    pinned: parsed.pinned,
    archived: parsed.archived,
    current_leaf: tree.leaf === null ? null : messageId(tree.leaf),
  };
  const extra = encodedExtra(parsed.extra);
  return {
    keptId: SAFE_ID.test(parsed.sourceId) ? parsed.sourceId : null,
    derivedId: derivedId(from.app, parsed.sourceId),
    record: {
      ...imported,
      tags: [],
      kind: 'chat',
      created_at: times.createdAt,
      updated_at: times.updatedAt,
      provider: from.app,
      source: {
        app: from.app,
        format_version: from.formatVersion,
        source_id: safeText(parsed.sourceId),
        sha256: from.sha256,
        import_id: from.importId,
        updated_at: times.updatedAt,
        imported,
      },
      ...(isEmpty(extra) ? {} : { extra }),
    },
    messages,
    attachments: messages.reduce((sum, message) => sum + attachmentsIn(message.content), 0),
  };
}

function conversationTimes(parsed: ParsedConversation, importedAt: string): { createdAt: string; updatedAt: string } {
  let first: string | null = null;
  let last: string | null = null;
  for (const { message } of parsed.nodes) {
    const time = message?.createdAt ?? null;
    if (time === null) continue;
    if (first === null || time < first) first = time;
    if (last === null || time > last) last = time;
  }
  const createdAt = parsed.createdAt ?? first ?? parsed.updatedAt ?? importedAt;
  return { createdAt, updatedAt: parsed.updatedAt ?? last ?? createdAt };
}

function messageDraft(placed: PlacedMessage, from: Provenance, messageId: (id: string) => string): MessageDraft {
  const draft = encodedMessage(placed, from, messageId, false);
  if (draft.keys <= MAX_KEYS && draft.length <= MAX_LENGTH) return draft.message;
  const flat = encodedMessage(placed, from, messageId, true);
  if (flat.length > MAX_LENGTH) throw new Error(`its message ${placed.id} is larger than 7 MB`);
  return flat.message;
}

function encodedMessage(
  { id, parent, message, createdAt }: PlacedMessage,
  from: Provenance,
  messageId: (id: string) => string,
  flat: boolean,
): { readonly message: MessageDraft; readonly keys: number; readonly length: number } {
  const encoder = new ForeignEncoder({ flat });
  const body = {
    role: message.role,
    content: message.content.flatMap((part) => encodedPart(part, encoder)),
    parent_id: parent === null ? null : messageId(parent),
    ...(message.hidden ? { hidden: true } : {}),
  };
  const citations = message.citations.map((citation) => encoder.object(citation));
  const extra = encoder.object(message.extra);
  const draft: MessageDraft = {
    id: messageId(id),
    ...body,
    created_at: createdAt,
    updated_at: message.updatedAt ?? createdAt,
    ...(message.authorName === null ? {} : { author_name: safeText(message.authorName) }),
    ...(message.model === null ? {} : { model: safeText(message.model) }),
    ...(citations.length > 0 ? { source_citations: citations } : {}),
    source: {
      app: from.app,
      format_version: from.formatVersion,
      source_id: safeText(id),
      sha256: sha256Hex(JSON.stringify(message.raw)),
      import_id: from.importId,
      sum: contentSum(body),
    },
    ...(isEmpty(extra) ? {} : { extra }),
  };
  return { message: draft, keys: encoder.keys, length: encoder.length };
}

/** Of what a person could have changed in a message. */
export function contentSum(message: {
  readonly role?: unknown;
  readonly content?: unknown;
  readonly parent_id?: unknown;
  readonly hidden?: unknown;
}): string {
  const { role, content, parent_id, hidden } = message;
  return hash128(canonicalJson([role, content, parent_id ?? null, hidden ?? false]));
}

/** A part as the store can keep it; a very long text becomes several parts. */
function encodedPart(part: Part, encoder: ForeignEncoder): Part[] {
  const { extra, ...known } = part as Part & { readonly extra?: Foreign };
  const rest = extra === undefined ? {} : { extra: encoder.object(extra) };
  switch (known.type) {
    case 'text':
    case 'code':
    case 'thinking':
      return cutText(known.text).map((text) => ({ ...known, ...rest, text: encoder.text(text) }));
    case 'attachment':
      if (known.text === undefined) return [{ ...known, ...rest, name: encoder.text(known.name) }];
      return cutText(known.text).map((text) => ({
        ...known,
        ...rest,
        name: safeText(known.name),
        text: encoder.text(text),
      }));
    case 'tool_call':
      return [{ ...known, ...rest, tool_name: safeText(known.tool_name), input: encoder.value(known.input) }];
    case 'tool_result':
      return [{ ...known, ...rest, output: encoder.value(known.output) }];
    case 'unknown':
      return [{ ...known, ...rest, raw: encoder.value(known.raw) }];
  }
}

function encodedExtra(extra: Foreign): Record<string, unknown> {
  const encoder = new ForeignEncoder({ flat: false });
  const encoded = encoder.object(extra);
  if (encoder.keys <= MAX_KEYS && encoder.length <= MAX_LENGTH) return encoded;
  const flat = new ForeignEncoder({ flat: true });
  const text = flat.object(extra);
  if (flat.length > MAX_LENGTH) throw new Error('its fields beside the messages are larger than 7 MB');
  return text;
}

function attachmentsIn(content: readonly Part[]): number {
  return content.filter((part) => part.type === 'attachment').length;
}
