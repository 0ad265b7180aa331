import type { CollectionName } from '../../../shared/collections/registry.ts';
import { type Clock, isoNow } from '../../lib/clock.ts';
import { isEmptied } from '../../records/emptied.ts';
import { type Stamper, isIntact } from '../../records/meta.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import { type Operation, recordId } from '../batch.ts';
import type { RecordReader } from '../record-reader.ts';
import { streamOf } from '../row.ts';
import type { BaseLine, BaseLines } from './base-lines.ts';
import { isSyncing, mayLeave } from './leaving.ts';

interface Port {
  readonly lines: BaseLines;
  readonly reader: RecordReader;
  readonly stamper: Stamper;
  readonly clock: Clock;
  /** The team database that new lines are about. */
  readonly storeId: () => string;
}

/**
 * The lines that have to change in the same commit as these operations of the vault itself (the app, an import, another
 * program's edit). The first edit after a version that the team has keeps that version; a deletion leaves its tombstone;
 * a record that the team has and that may not leave any more leaves one too, and stays in the vault. Records without a line that are only written need none.
 */
export function linesFor(port: Port, operations: readonly Operation[]): Operation[] {
  const changed = new Map<string, BaseLine>();
  for (const operation of operations) {
    const { name } = operation.table;
    if (!isSyncing(name)) continue;
    const key = `${name}/${recordId(operation)}`;
    const former = changed.get(key) ?? port.lines.read(name, recordId(operation));
    const line = operation.kind === 'put' ? afterPut(port, operation, former) : afterDelete(port, operation, former);
    if (line !== former && line !== undefined) changed.set(key, line);
  }
  return [...changed.values()].map((line) => port.lines.put(line));
}

type Put = Extract<Operation, { kind: 'put' }>;
type Delete = Extract<Operation, { kind: 'delete' }>;

function afterPut(port: Port, operation: Put, former: BaseLine | undefined): BaseLine | undefined {
  if (former === undefined) return undefined;
  const { table, record } = operation;
  // Beside what was forgotten nothing stays that says what it was.
  if (!isEmptied(table.definition, record)) return withFormer(port, operation, former);
  const line = withFormer(port, operation, former);
  return line.baseRecord === null ? line : { ...line, baseRecord: null };
}

function withFormer(port: Port, operation: Put, former: BaseLine): BaseLine {
  const { table, record } = operation;
  if (mayLeave(table.definition, record)) {
    if (former.isDirty && former.standIn === null) return former;
    return { ...former, isDirty: true, baseRecord: baseRecordOf(port, operation, former), standIn: null };
  }
  if (former.standIn) return former;
  const { base } = former;
  // There is nothing to withdraw, and nothing to be sent any more.
  if (base === null || base.del || base.aside)
    return former.isDirty ? { ...former, isDirty: false, baseRecord: null } : former;
  const standIn = withdrawal(port, operation);
  return { ...former, isDirty: true, baseRecord: baseRecordOf(port, operation, former), standIn };
}

function afterDelete(port: Port, operation: Delete, former: BaseLine | undefined): BaseLine | undefined {
  const { table, before, tombstone } = operation;
  // What the team does not see goes without their hearing of it.
  if (former?.standIn || !mayLeave(table.definition, before.view)) return former;
  const known = former ?? unknown(table.name, before.view.id, port.storeId());
  const isDirty = known.base !== null;
  return { ...known, isDirty, baseRecord: baseRecordOf(port, operation, known), standIn: tombstone };
}

/** The version that the team has: known at the first change after it, and kept from then on. */
function baseRecordOf({ reader }: Port, operation: Operation, known: BaseLine): StoredRecord | null {
  if (known.isDirty || known.base === null) return known.baseRecord;
  const { table, before } = operation;
  const former = operation.kind === 'put' ? operation.former : undefined;
  const held = known.standIn ?? former ?? (before && reader.read(table, before));
  // A file that another program has changed still says that it is the version it was made from.
  return held?._meta.rev === known.base.rev && isIntact(held) ? held : null;
}

function unknown(collection: CollectionName, recordId: string, storeId: string): BaseLine {
  return { collection, recordId, storeId, base: null, isDirty: false, baseRecord: null, standIn: null };
}

/** The tombstone of a record that stays in the vault. */
function withdrawal({ reader, stamper, clock }: Port, { table, record, before }: Put): StoredRecord {
  const { definition } = table;
  const shown = before && reader.read(table, before);
  const stream = definition.streamField === undefined ? {} : { [definition.streamField]: streamOf(definition, record) };
  const body = { id: record.id, ...stream, created_at: record.created_at, updated_at: isoNow(clock) };
  return stamper.stamp(definition, body, shown?._meta, { deleted: true });
}
