import type { StagedOperation } from '../store/types.ts';
import { stateBefore } from './earlier-state.ts';
import { isForeign, objectAt, textAt } from './formats/read-values.ts';
import type { Foreign } from './formats/types.ts';
import { contentSum } from './to-records.ts';

export interface ConversationState {
  readonly id: string;
  readonly conversation: Foreign | null;
  readonly messages: readonly Foreign[];
}

export interface ConversationUndo {
  readonly sourceId: string;
  readonly operations: readonly StagedOperation[];
  /** Why the conversation was left as it is; null where the import's part of it was taken back. */
  readonly kept: string | null;
}

/**
 * What taking back an import means for one conversation. Either all that the import did to it is taken back, or nothing:
 * a conversation that somebody has gone on with is left whole.
 */
export function planConversationUndo(state: ConversationState, importId: string): ConversationUndo {
  const { conversation, messages } = state;
  const source = objectAt(conversation ?? {}, 'source');
  const sourceId = textAt(source, 'source_id') ?? state.id;
  const kept = reasonToKeep(state, importId);
  if (kept !== null) return { sourceId, operations: [], kept };
  const operations = messages.flatMap((message) => undoMessage(message, importId));
  if (conversation && source['import_id'] === importId) operations.push(remove('conversations', conversation));
  else if (conversation && source['updated_by'] === importId)
    operations.push(...revertConversation(conversation, importId));
  return { sourceId, operations, kept: null };
}

function reasonToKeep({ conversation, messages }: ConversationState, importId: string): string | null {
  const isCreated = conversation !== null && objectAt(conversation, 'source')['import_id'] === importId;
  const ours = messages.filter((message) => objectAt(message, 'source')['import_id'] === importId);
  const changed = messages.filter((message) => objectAt(message, 'source')['updated_by'] === importId);
  if ([...ours, ...changed].some(isTouched)) return 'a message of it was changed since the import';
  const removed = new Set(ours.map((message) => message['id']));
  const others = messages.filter((message) => !removed.has(message['id']));
  if (isCreated ? others.length > 0 : others.some((message) => removed.has(message['parent_id']))) {
    const isByPerson = others.some((message) => !isForeign(message['source']));
    return isByPerson ? 'messages were written in it since the import' : 'a later import added messages to it';
  }
  const later = [conversation, ...ours].some((record) => isOverwritten(record, importId));
  if (later) return 'a later import has updated it: take that one back first';
  return isCreated ? changedFields(conversation) : null;
}

/** It no longer is what the import wrote. */
function isTouched(message: Foreign): boolean {
  return objectAt(message, 'source')['sum'] !== contentSum(message);
}

function isOverwritten(record: Foreign | null, importId: string): boolean {
  const by = record && objectAt(record, 'source')['updated_by'];
  return typeof by === 'string' && by !== importId && objectAt(record ?? {}, 'source')['import_id'] === importId;
}

/** Choosing another branch to read is not a change that anyone would miss; the other fields are the person's work. */
function changedFields(conversation: Foreign): string | null {
  const imported = objectAt(objectAt(conversation, 'source'), 'imported');
  const names = ['title', 'tags', 'pinned', 'archived'].filter(
    (name) => JSON.stringify(conversation[name]) !== JSON.stringify(imported[name]),
  );
  return names.length > 0 ? `you have changed its ${names.join(' and ')} since the import` : null;
}

function undoMessage(message: Foreign, importId: string): StagedOperation[] {
  const source = objectAt(message, 'source');
  if (source['import_id'] === importId) return [remove('messages', message)];
  const before = source['updated_by'] === importId ? stateBefore({ ...message, source }, importId) : null;
  return before ? [{ op: 'put', collection: 'messages', record: before }] : [];
}

/** What the import had changed goes back; what the person has changed since stays. */
function revertConversation(conversation: Foreign, importId: string): StagedOperation[] {
  const source = objectAt(conversation, 'source');
  const before = stateBefore({ ...conversation, source }, importId);
  if (!before) return [];
  const imported = objectAt(source, 'imported');
  const byPerson = ['title', 'tags', 'pinned', 'archived'].filter(
    (name) => JSON.stringify(conversation[name]) !== JSON.stringify(imported[name]),
  );
  const theirs = Object.fromEntries(byPerson.map((name) => [name, conversation[name]]));
  return [{ op: 'put', collection: 'conversations', record: { ...before, ...theirs } }];
}

function remove(collection: 'conversations' | 'messages', record: Foreign): StagedOperation {
  return { op: 'delete', collection, id: String(record['id']) };
}
