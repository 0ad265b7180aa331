import type { CollectionName } from '../../shared/collections/registry.ts';
import type { CommitOptions, Committed, Write } from '../../shared/store/commit.ts';
import { isoNow } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { meantRecord, namedTwice, replacedBody } from '../records/replaced-body.ts';
import { stampInsert } from '../records/stamp.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import type { Operation } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import { deletion } from './deletion.ts';
import type { CollectionPort } from './file-collection.ts';
import { recordsOf } from './select.ts';
import { duplicateId, guardUnique } from './unique-guard.ts';

interface Planned {
  readonly operations: readonly Operation[];
  readonly after: Committed | null;
}

/** `Committing.commit` over the tables of a vault: gathered and checked whole, then one batch of the log. */
export function commitWrites(
  port: CollectionPort,
  tableOf: (name: CollectionName) => CollectionTable,
  writes: readonly Write[],
  options: CommitOptions = {},
): Promise<readonly (Committed | null)[]> {
  return port.write(() => {
    const now = isoNow(port.clock);
    const seen = new Set<string>();
    const planned = writes.map((write) => {
      const table = tableOf(write.collection);
      const { plan, id } = planOf(port, table, write, now);
      const key = `${write.collection}/${id}`;
      if (seen.has(key)) throw namedTwice(key);
      seen.add(key);
      return plan;
    });
    const operations = planned.flatMap((plan) => plan.operations);
    guardUnique(operations);
    if (operations.length > 0) port.commit(operations, options);
    return planned.map(({ after }) => after);
  });
}

function planOf(
  port: CollectionPort,
  table: CollectionTable,
  write: Write,
  now: string,
): { plan: Planned; id: string } {
  if (write.op === 'insert') {
    const body = stampInsert(table.definition, write.draft, { id: () => newId(port.clock), now });
    if (table.rows.has(body.id)) throw duplicateId(table.name, body.id);
    const record = port.stamper.stamp(table.definition, body);
    return { plan: { operations: [{ kind: 'put', table, record, before: undefined }], after: record }, id: body.id };
  }
  const before = current(port, table, write);
  if (write.op === 'delete') {
    return { plan: { operations: deletion(table, port.stamper, before, now), after: null }, id: write.id };
  }
  return { plan: replacement(port, table, before, write.record, now), id: write.id };
}

function replacement(
  port: CollectionPort,
  table: CollectionTable,
  before: StoredRecord,
  record: Readonly<Record<string, unknown>>,
  now: string,
): Planned {
  const next = replacedBody(table.definition, before, record, now);
  if (next === null) return { operations: [], after: before };
  const stamped = port.stamper.stamp(table.definition, next, before._meta);
  return { operations: [{ kind: 'put', table, record: stamped, before: table.rows.get(before.id) }], after: stamped };
}

function current(port: CollectionPort, table: CollectionTable, write: Exclude<Write, { op: 'insert' }>): StoredRecord {
  const row = table.rows.get(write.id);
  const [record] = row ? recordsOf(port, table, [{ row, record: undefined }]) : [];
  return meantRecord(table.name, write, record);
}
