import { AppError, cancelled } from '../../shared/errors.ts';
import type { UndoneImport } from '../../shared/ipc/models.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { createStaging, type Staging } from '../store/staging.ts';
import { createTimeSlices } from '../store/time-slices.ts';
import type { StagedOperation, Vault } from '../store/types.ts';
import { watchRecords } from './changed-meanwhile.ts';
import type { RecordRef } from './earlier-state.ts';
import type { ReceiptRecord } from './receipt.ts';
import type { JobOptions } from './types.ts';
import { type ConversationState, planConversationUndo, type ConversationUndo } from './plan-undo.ts';
import { planMemoryUndo } from './plan-memory-undo.ts';

/** How often an undo is planned anew because somebody wrote to its conversations meanwhile; then it gives up. */
const ATTEMPTS = 3;

/**
 * Takes an import back, as one batch: deletes what it created, gives what it changed its earlier state, and leaves alone
 * what the person or a later import has changed since, naming it. IMPORT_NOT_FOUND, IMPORT_UNDONE, CANCELLED.
 */
export async function undoImport(
  vault: Vault,
  clock: Clock,
  importId: string,
  options: JobOptions = {},
): Promise<UndoneImport> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const undone = await undoOnce(vault, clock, importId, options);
    if (undone) return undone;
  }
  throw new AppError('INTERNAL', 'Conversations of this import kept changing while it was being taken back.', {
    remedy: 'Nothing was changed. Let other programs and imports finish, and try again.',
  });
}

/** Null where a record changed between plan and commit, so that nothing was done. */
async function undoOnce(
  vault: Vault,
  clock: Clock,
  importId: string,
  options: JobOptions,
): Promise<UndoneImport | null> {
  const meanwhile = watchRecords(vault);
  const batchId = newId(clock);
  const staging = createStaging(vault.stagingRoot, batchId);
  try {
    const receipt = await undoableReceipt(vault, importId);
    const { undone, touched } = await stageUndo(vault, receipt, staging, options);
    const { _meta, ...record } = receipt;
    const marked = { ...record, undone_at: isoNow(clock), updated_at: isoNow(clock) };
    staging.write({ op: 'put', collection: 'imports', record: marked });
    const batch = staging.finish();
    if (meanwhile.hasChanged(touched)) return null;
    meanwhile.end();
    await vault.ingest(batch, {
      source: 'import',
      trashBatch: batchId,
      signal: options.signal,
      onProgress: (done, total) => options.onProgress?.({ phase: 'undoing', done, total, unit: 'records' }),
    });
    return undone;
  } finally {
    meanwhile.end();
    // Past the commit point the vault owns the file, and this leaves it alone.
    staging.discard();
  }
}

async function stageUndo(
  vault: Vault,
  receipt: StoredReceipt,
  staging: Staging,
  { signal, onProgress }: JobOptions,
): Promise<{ readonly undone: UndoneImport; readonly touched: readonly RecordRef[] }> {
  const counts = { removed_conversations: 0, removed_messages: 0, reverted_conversations: 0, removed_memories: 0 };
  const kept: UndoneImport['kept'] = [];
  const ids = await touchedConversations(vault, receipt);
  const slices = createTimeSlices();
  for (const [index, id] of ids.entries()) {
    await slices.pause();
    if (signal?.aborted) throw cancelled(signal.reason);
    const undo = planConversationUndo(await conversationState(vault, id), receipt.id);
    for (const operation of undo.operations) staging.write(operation);
    count(counts, undo);
    if (undo.kept !== null) kept.push({ source_id: undo.sourceId, reason: undo.kept });
    onProgress?.({ phase: 'undoing', done: index + 1, total: ids.length, unit: 'conversations' });
  }
  const memories = await touchedMemories(vault, receipt);
  for (const memory of memories) {
    const undo = planMemoryUndo(memory, receipt.id);
    if (undo.operation) staging.write(undo.operation);
    if (undo.operation?.op === 'delete') counts.removed_memories += 1;
    if (undo.kept !== null) kept.push({ source_id: undo.sourceId, reason: undo.kept });
  }
  const touched: RecordRef[] = [
    ...ids.map((id): RecordRef => ({ collection: 'conversations', id })),
    ...memories.map((memory): RecordRef => ({ collection: 'memories', id: String(memory['id']) })),
  ];
  return { undone: { id: receipt.id, ...counts, kept }, touched };
}

type StoredReceipt = ReceiptRecord & { readonly _meta?: unknown };

async function undoableReceipt(vault: Vault, importId: string): Promise<StoredReceipt> {
  const receipt = await vault.collection('imports').findOne({ id: importId });
  if (!receipt) {
    throw new AppError('IMPORT_NOT_FOUND', `There is no import with the id ${JSON.stringify(importId)}.`, {
      remedy: 'Take the id from the list of imports.',
    });
  }
  if (receipt.undone_at != null) {
    throw new AppError('IMPORT_UNDONE', `This import was taken back on ${receipt.undone_at.slice(0, 10)} already.`, {
      remedy: 'Import the archive again if you want its conversations back.',
    });
  }
  return receipt;
}

/** Ids of the conversations that the import created, changed, or added messages to. */
async function touchedConversations(vault: Vault, receipt: StoredReceipt): Promise<string[]> {
  const byImport = { 'source.import_id': receipt.id };
  const created = await vault.collection('conversations').find(byImport, { projection: { id: 1 } });
  const ids = new Set([...created.map(({ id }) => id), ...(receipt.changed?.conversations ?? [])]);
  const messages = vault.collection('messages');
  for await (const { conversation_id } of messages.stream(byImport, { projection: { conversation_id: 1 } })) {
    ids.add(conversation_id);
  }
  const changed = receipt.changed?.messages ?? [];
  for (const { conversation_id } of await messages.find({ id: { $in: changed } })) ids.add(conversation_id);
  return [...ids];
}

async function conversationState(vault: Vault, id: string): Promise<ConversationState> {
  const conversation = await vault.collection('conversations').findOne({ id });
  const messages = await vault.collection('messages').find({ conversation_id: id });
  return { id, conversation: conversation && withoutMeta(conversation), messages: messages.map(withoutMeta) };
}

async function touchedMemories(vault: Vault, receipt: StoredReceipt): Promise<Readonly<Record<string, unknown>>[]> {
  const memories = vault.collection('memories');
  const created = await memories.find({ 'source.import_id': receipt.id });
  const changed = await memories.find({ id: { $in: receipt.changed?.memories ?? [] } });
  return [...created, ...changed.filter(({ id }) => !created.some((memory) => memory.id === id))].map(withoutMeta);
}

function withoutMeta<T extends object>(record: T): Omit<T, '_meta'> {
  const { _meta, ...rest } = record as T & { readonly _meta?: unknown };
  return rest;
}

function count(
  undone: { removed_conversations: number; removed_messages: number; reverted_conversations: number },
  { operations }: ConversationUndo,
): void {
  const has = (op: StagedOperation['op'], collection: string): number =>
    operations.filter((operation) => operation.op === op && operation.collection === collection).length;
  undone.removed_conversations += has('delete', 'conversations');
  undone.removed_messages += has('delete', 'messages');
  undone.reverted_conversations += has('put', 'conversations');
}
