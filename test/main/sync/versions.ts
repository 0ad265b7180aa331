import { type CollectionName, registry } from '../../../shared/collections/registry.ts';
import type { CollectionDefinition } from '../../../shared/collections/define.ts';
import { createHybridClock } from '../../../main/lib/hlc.ts';
import { createStamper } from '../../../main/records/meta.ts';
import type { RecordBody, StoredRecord } from '../../../main/records/stored-record.ts';
import type { Parent } from '../../../main/sync/ports.ts';

export function definitionOf(collection: CollectionName): CollectionDefinition {
  // The registry's exact types are narrower in their functions' parameters.
  return registry[collection] as unknown as CollectionDefinition;
}

export const T0 = Date.parse('2026-03-01T10:00:00.000Z');

export interface VersionMaker {
  readonly replica: string;
  version(
    collection: CollectionName,
    id: string,
    fields: Readonly<Record<string, unknown>>,
    parent?: Parent,
  ): StoredRecord;
  tombstone(collection: CollectionName, of: StoredRecord): StoredRecord;
}

const streams: Partial<Record<CollectionName, string>> = { messages: 'conversation_id', memory_events: 'replica' };

/** Makes versions as the replica would. */
export function versionMaker(replica: string, clock = { now: () => T0 }): VersionMaker {
  const stamper = createStamper(createHybridClock(clock, replica), replica);
  return {
    replica,
    version(collection, id, fields, parent) {
      const now = new Date(clock.now()).toISOString();
      const body = { id, created_at: now, updated_at: now, ...fields };
      return stamper.stamp(definitionOf(collection), body, parent);
    },
    tombstone(collection, of) {
      const body = tombstoneBody(collection, of, new Date(clock.now()).toISOString());
      return stamper.stamp(definitionOf(collection), body, of._meta, { deleted: true });
    },
  };
}

export function tombstoneBody(collection: CollectionName, of: RecordBody, now: string): RecordBody {
  const stream = streams[collection];
  return {
    id: of.id,
    created_at: of.created_at,
    updated_at: now,
    ...(stream !== undefined && { [stream]: of[stream] }),
  };
}

/** Valid fields of a memory. */
export function memory(text: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { type: 'USER_FACT', text, confidence: 0.8, ...more };
}
