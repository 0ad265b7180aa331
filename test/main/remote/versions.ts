import { registry } from '../../../shared/collections/registry.ts';
import { createHybridClock } from '../../../main/lib/hlc.ts';
import { createStamper } from '../../../main/records/meta.ts';
import { stampInsert } from '../../../main/records/stamp.ts';
import { type StoredRecord, bodyOf } from '../../../main/records/stored-record.ts';
import { tickingClock } from '../../contracts/store-contract.ts';

const clock = tickingClock();
const stamper = createStamper(createHybridClock(clock, 'aaaa'), 'aaaa');

/** A first version of a conversation. */
export function firstVersion(draft: Readonly<Record<string, unknown>>): StoredRecord {
  const definition = registry.conversations;
  const body = stampInsert(definition, draft, { id: () => 'unused', now: new Date(clock.now()).toISOString() });
  return stamper.stamp(definition, body);
}

export function nextVersion(before: StoredRecord, changes: Readonly<Record<string, unknown>>): StoredRecord {
  return stamper.stamp(registry.conversations, { ...bodyOf(before), ...changes }, before._meta);
}

export function tombstoneOf({ id, created_at, updated_at, _meta }: StoredRecord): StoredRecord {
  return stamper.stamp(registry.conversations, { id, created_at, updated_at }, _meta, { deleted: true });
}
