import type { PlanRow } from '../../shared/ipc/models.ts';
import { overwriting, type RecordRef } from './earlier-state.ts';
import type { ConversationSource, ImportedFields, MappedConversation, MessageDraft } from './to-records.ts';
import type { MessageHead, StoredConversation, StoredMessage } from './lookup.ts';

export type Put =
  | { readonly collection: 'conversations'; readonly record: Readonly<Record<string, unknown>> }
  | { readonly collection: 'messages'; readonly record: Readonly<Record<string, unknown>> };

export interface ConversationPlan {
  readonly action: Exclude<PlanRow['action'], 'fail'>;
  readonly note: string;
  readonly conversationId: string;
  /** In the order in which they are to be written. */
  readonly puts: readonly Put[];
  /** Records of the vault that the puts replace. */
  readonly replaces: readonly RecordRef[];
  /** Messages that are new to the vault. */
  readonly created: readonly string[];
  readonly updated: number;
}

const UNCHANGED = 'already in the vault';

/** For a conversation that the vault does not have. */
export function planCreate(mapped: MappedConversation, conversationId: string): ConversationPlan {
  return {
    action: 'create',
    note: '',
    conversationId,
    puts: [
      { collection: 'conversations', record: { id: conversationId, ...mapped.record } },
      ...mapped.messages.map((message) => putMessage(message, conversationId)),
    ],
    replaces: [],
    created: mapped.messages.map((message) => message.id),
    updated: 0,
  };
}

export function planSkip(conversationId: string, note: string = UNCHANGED): ConversationPlan {
  return { action: 'skip', note, conversationId, puts: [], replaces: [], created: [], updated: 0 };
}

/** Whether what the vault has came from these very bytes. */
export function isSame(mapped: MappedConversation, stored: StoredConversation): boolean {
  return stored.source.sha256 === mapped.record.source.sha256;
}

/**
 * Whether the archive knows more than the vault: a later change by the other program's clock, or the same state with the
 * branches that an earlier, linear export had lost.
 */
export function isNewer(
  mapped: MappedConversation,
  stored: Pick<ConversationSource, 'updated_at' | 'format_version'>,
): boolean {
  const { updated_at, format_version } = mapped.record.source;
  if (updated_at !== stored.updated_at) return updated_at > stored.updated_at;
  return format_version === 'tree' && stored.format_version === 'linear';
}

/**
 * For a conversation that the vault has in another state. Messages that it lacks are added in any case; what it has is
 * replaced only by newer data, and never where the person has changed it.
 *
 * @param changed the stored records of the messages in `changedMessages`
 */
export function planUpdate(
  mapped: MappedConversation,
  stored: StoredConversation,
  heads: ReadonlyMap<string, MessageHead>,
  changed: readonly StoredMessage[],
): ConversationPlan {
  const added = mapped.messages.filter((message) => !heads.has(message.id));
  const replaced = replacements(mapped, changed);
  const conversation = isNewer(mapped, stored.source)
    ? mergedConversation(mapped, stored, added.length + replaced.length)
    : null;
  if (added.length === 0 && replaced.length === 0 && !conversation) {
    return planSkip(stored.id, isNewer(mapped, stored.source) ? UNCHANGED : `${UNCHANGED}, as new or newer`);
  }
  return {
    action: 'update',
    note: noteOf(added.length, replaced.length, conversation !== null),
    conversationId: stored.id,
    puts: [
      ...(conversation ? [{ collection: 'conversations' as const, record: conversation }] : []),
      ...added.map((message) => putMessage(message, stored.id)),
      ...replaced.map((record) => ({ collection: 'messages' as const, record })),
    ],
    replaces: [
      ...(conversation ? [{ collection: 'conversations' as const, id: stored.id }] : []),
      ...changed.map(({ id }) => ({ collection: 'messages' as const, id })),
    ],
    created: added.map((message) => message.id),
    updated: replaced.length,
  };
}

/** Messages that newer data would replace: they differ, and the person has not touched them. */
export function changedMessages(
  mapped: MappedConversation,
  stored: StoredConversation,
  heads: ReadonlyMap<string, MessageHead>,
): string[] {
  if (!isNewer(mapped, stored.source)) return [];
  return mapped.messages
    .filter((message) => {
      const head = heads.get(message.id);
      return head !== undefined && head.isUntouched && head.sum !== message.source.sum;
    })
    .map((message) => message.id);
}

function putMessage(message: MessageDraft, conversationId: string): Put {
  const { id, ...fields } = message;
  return { collection: 'messages', record: { id, conversation_id: conversationId, ...fields } };
}

function replacements(mapped: MappedConversation, changed: readonly StoredMessage[]): Record<string, unknown>[] {
  const drafts = new Map(mapped.messages.map((message) => [message.id, message]));
  return changed.flatMap((stored) => {
    const draft = drafts.get(stored.id);
    if (!draft) return [];
    const { id, conversation_id, created_at } = stored;
    const record = { ...draft, id, conversation_id, created_at, source: { ...draft.source } };
    return [overwriting(record, { ...stored, source: { ...stored.source } }, draft.source.import_id)];
  });
}

/** Null where the conversation's own record stays as it is. */
function mergedConversation(
  mapped: MappedConversation,
  stored: StoredConversation,
  messageChanges: number,
): Record<string, unknown> | null {
  const incoming = mapped.record.source.imported;
  const fields = mergedFields(stored, stored.source.imported, incoming);
  const isSameFields = fieldNames.every((name) => fields[name] === stored[name]);
  if (isSameFields && messageChanges === 0) return null;
  const updatedAt = mapped.record.updated_at > stored.updated_at ? mapped.record.updated_at : stored.updated_at;
  const { source } = mapped.record;
  const record = {
    ...stored,
    ...fields,
    updated_at: updatedAt,
    source: { ...source },
    ...(mapped.record.extra === undefined ? {} : { extra: mapped.record.extra }),
  };
  return overwriting(record, { ...stored, source: { ...stored.source } }, source.import_id);
}

const fieldNames = ['title', 'pinned', 'archived', 'current_leaf'] as const;
type Fields = Pick<ImportedFields, (typeof fieldNames)[number]>;

/** Three-way: a field that the person has changed since the last import is theirs. */
function mergedFields(stored: StoredConversation, base: Partial<ImportedFields>, incoming: Fields): Fields {
  const pick = <N extends keyof Fields>(name: N): Fields[N] =>
    (stored[name] ?? null) === (base[name] ?? null) ? incoming[name] : stored[name];
  // A title that the other program has lost is no news.
  const title = incoming.title === '' ? stored.title : pick('title');
  return { title, pinned: pick('pinned'), archived: pick('archived'), current_leaf: pick('current_leaf') };
}

function noteOf(added: number, replaced: number, isConversationChanged: boolean): string {
  const parts = [
    added > 0 ? `${added} new ${added === 1 ? 'message' : 'messages'}` : '',
    replaced > 0 ? `${replaced} changed ${replaced === 1 ? 'message' : 'messages'}` : '',
  ].filter(Boolean);
  return parts.length > 0 || !isConversationChanged ? parts.join(', ') : 'title or state changed';
}
