import { cancelled } from '../../../shared/errors.ts';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { Operation } from '../batch.ts';
import type { CollectionTable } from '../collection-table.ts';
import type { RecordReader } from '../record-reader.ts';
import type { TimeSlices } from '../time-slices.ts';
import type { BaseLine, BaseLines } from './base-lines.ts';
import { heldRecords } from './held-records.ts';
import { syncingCollections } from './leaving.ts';
import { type Held, isUnsent } from './sync-plan.ts';

interface Port {
  readonly lines: BaseLines;
  readonly reader: RecordReader;
  readonly slices: TimeSlices;
  readonly storeId: string;
  readonly tableOf: (collection: CollectionName) => CollectionTable;
  /** What is held of these records, once edits of their files have become versions. */
  readonly versions: (collection: CollectionName, ids: readonly string[]) => Promise<unknown>;
  /** `prepare` is called when no other write is under way. */
  readonly commit: (prepare: () => readonly Operation[]) => Promise<void>;
}

const CHUNK = 200;

/** Puts right the lines that are not as their records say. Returns how many. CANCELLED between two commits. */
export async function compareBases(port: Port, signal?: AbortSignal): Promise<number> {
  const known = new Map<CollectionName, string[]>(syncingCollections.map((name) => [name, []]));
  for (const { collection, id, storeId } of port.lines.states()) {
    if (storeId === port.storeId) known.get(collection)?.push(id);
    await port.slices.pause();
  }
  let count = 0;
  for (const [collection, ids] of known) {
    for (let start = 0; start < ids.length; start += CHUNK) {
      if (signal?.aborted) throw cancelled(signal.reason);
      count += await compareSome(port, collection, ids.slice(start, start + CHUNK));
      await port.slices.pause();
    }
  }
  return count;
}

async function compareSome(port: Port, collection: CollectionName, ids: readonly string[]): Promise<number> {
  await port.versions(collection, ids);
  if (corrected(port, collection, ids).length === 0) return 0;
  let lines: readonly BaseLine[] = [];
  await port.commit(() => {
    lines = corrected(port, collection, ids);
    return lines.map((line) => port.lines.put(line));
  });
  return lines.length;
}

function corrected(port: Port, collection: CollectionName, ids: readonly string[]): BaseLine[] {
  return [...heldRecords(port, collection, ids, port.storeId).values()].flatMap((held) => correctedLine(held) ?? []);
}

function correctedLine({ line, row, record, isEdited, state }: Held): BaseLine | undefined {
  if (line === undefined) return undefined;
  // Its file cannot be read just now: nothing is concluded from that.
  if (isEdited || (row !== undefined && record === undefined)) return undefined;
  // Gone without a deletion: whoever forgets that the team has it gets it back.
  if (row === undefined && line.standIn === null)
    return line.base === null ? undefined : { ...line, base: null, isDirty: false, baseRecord: null };
  const isDirty = isUnsent(state.local, state.base);
  return isDirty === line.isDirty ? undefined : { ...line, isDirty, baseRecord: isDirty ? line.baseRecord : null };
}
