import { AppError } from '../../shared/errors.ts';
import type { Committed } from '../../shared/store/commit.ts';
import type { Store } from '../../shared/store/store.ts';
import { type AuditedChange, auditedCollections } from './audited-writes.ts';
import type { ChainedEvent, State } from './log/event.ts';

/** Events that do not say what was before them, or after which nothing must come back. */
const final: ReadonlySet<string> = new Set(['MEMORY_FORGOTTEN', 'STATE_OBSERVED', 'STATE_CARRIED', 'LOG_SEALED']);

/**
 * The changes that make what single events of the log changed as it was before them.
 *
 * @throws NOT_FOUND where there is no such event, CHANGED_MEANWHILE where something happened to the record since,
 * BAD_INPUT where what it was is not known any more
 */
export async function changesUndoing(store: Store, eventIds: readonly string[]): Promise<AuditedChange[]> {
  const changes: AuditedChange[] = [];
  for (const id of new Set(eventIds)) changes.push(await changeUndoing(store, id));
  return changes;
}

async function changeUndoing(store: Store, eventId: string): Promise<AuditedChange> {
  const log = store.collection('memory_events');
  const event = (await log.findOne({ id: eventId })) as ChainedEvent | null;
  if (!event) throw noSuchEvent(eventId);
  const [newest] = await log.find(
    { entity_key: event.entity_key },
    { sort: { created_at: -1, event_sequence: -1 }, limit: 1 },
  );
  if (newest?.id !== eventId) throw changedSince(event.entity_key);
  const [name, id] = split(event.entity_key);
  const collection = auditedCollections.find((each) => each === name);
  if (!collection || final.has(event.event_type) || event.redacted === true || event.before === undefined)
    throw cannotBe(event.entity_key);
  const stored = (await store.collection(collection).findOne({ id })) as Committed | null;
  return {
    collection,
    before: stored,
    after: withId(event.before, id),
    event_type: collection === 'memories' ? 'MEMORY_RESTORED' : 'ENTITY_CHANGED',
    action: 'undo',
    operation: { undoes: eventId },
  };
}

/** Its time of change becomes a new one. */
function withId(before: State | null, id: string): (State & { readonly id: string }) | null {
  if (before === null) return null;
  const { updated_at: _then, ...state } = before;
  return { ...state, id };
}

function split(key: string): [string, string] {
  const at = key.indexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}

function noSuchEvent(id: string): AppError {
  return new AppError('NOT_FOUND', `There is no change ${id} in the memory log.`, {
    remedy: 'Look at the memory log for what was changed.',
    details: { id },
  });
}

function changedSince(key: string): AppError {
  return new AppError('CHANGED_MEANWHILE', `The record ${key} has been changed since; nothing was undone.`, {
    remedy: 'Look at it as it is now, and change it by hand where that is meant.',
    details: { entity_key: key },
  });
}

function cannotBe(key: string): AppError {
  return new AppError('BAD_INPUT', `What was done to ${key} cannot be undone: the log does not hold what it was.`, {
    remedy: 'What was forgotten stays forgotten.',
    details: { entity_key: key },
  });
}
