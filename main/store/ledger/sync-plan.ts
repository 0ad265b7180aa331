import { AppError } from '../../../shared/errors.ts';
import { type Clock, isoNow } from '../../lib/clock.ts';
import type { HybridClock } from '../../lib/hlc.ts';
import { isEmptied } from '../../records/emptied.ts';
import type { Stamper } from '../../records/meta.ts';
import { stampInsert } from '../../records/stamp.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import type { Base, LocalState, SyncStep } from '../../sync/ports.ts';
import type { Operation } from '../batch.ts';
import type { CollectionTable } from '../collection-table.ts';
import { deletion } from '../deletion.ts';
import type { Row } from '../row.ts';
import type { BaseLine } from './base-lines.ts';
import { type Refusal, invalid, refusalOf } from './check-version.ts';

export interface PlanPort {
  readonly clock: Clock;
  readonly hlc: Pick<HybridClock, 'observe'>;
  /** The vault's own, that knows nothing of bases: a step says itself what its version follows. */
  readonly stamper: Stamper;
  readonly storeId: string;
}

/** What the vault has of a step's record. */
export interface Held {
  readonly table: CollectionTable;
  readonly row: Row | undefined;
  /** The record of the row, where it can be read. */
  readonly record: StoredRecord | undefined;
  readonly line: BaseLine | undefined;
  /** Another program has changed its file, and nobody has made a version of that yet; see edited-files.ts. */
  readonly isEdited: boolean;
  readonly state: LocalState;
}

/** What a step comes to. */
export interface Planned {
  readonly operations: readonly Operation[];
  /** Absent where there is nothing to remember. */
  readonly line?: BaseLine;
}

/** Whether the vault's version is another one than the step expects. */
export function hasMoved({ expected, local }: SyncStep, { state, isEdited }: Held): boolean {
  if (isEdited) return true;
  // Nothing from outside takes the place of what a person keeps to this machine.
  if (state.withheld && local !== undefined) return true;
  return expected !== undefined && expected !== (state.local?._meta.rev ?? null);
}

export function planStep(port: PlanPort, step: SyncStep, held: Held): Planned | { readonly refusal: Refusal } {
  const next = nextVersion(port, step, held);
  if ('refusal' in next) return next;
  const line = nextLine(port, step, held, next.version);
  return { operations: operationsFor(port, step, held, next.version), ...(line && { line }) };
}

type Next = { readonly version: StoredRecord | null } | { readonly refusal: Refusal };

function nextVersion(port: PlanPort, { id, local }: SyncStep, { table, state }: Held): Next {
  const { definition } = table;
  if (local === undefined) return { version: state.local };
  if ('gone' in local) return { version: null };
  if ('version' in local) {
    const refusal = refusalOf(definition, id, local.version);
    if (refusal) return { refusal };
    port.hlc.observe(local.version._meta.hlc);
    return { version: local.version };
  }
  port.hlc.observe(local.parent.hlc);
  if ('deleted' in local) {
    const held = state.local ?? state.baseRecord;
    return held
      ? { version: tombstone(port, table, held, local.parent) }
      : { refusal: invalid('there is no such record') };
  }
  try {
    const now = isoNow(port.clock);
    const body = stampInsert(definition, { ...local.merged, id }, { id: () => id, now });
    const version = port.stamper.stamp(definition, body, local.parent);
    const refusal = refusalOf(definition, id, version);
    return refusal ? { refusal } : { version };
  } catch (error) {
    if (error instanceof AppError) return { refusal: invalid(error.message) };
    throw error;
  }
}

function tombstone(
  { stamper, clock }: PlanPort,
  { definition }: CollectionTable,
  held: StoredRecord,
  parent: Parameters<Stamper['stamp']>[2],
): StoredRecord {
  const { id, created_at } = held;
  const stream = definition.streamField === undefined ? {} : { [definition.streamField]: held[definition.streamField] };
  return stamper.stamp(definition, { id, ...stream, created_at, updated_at: isoNow(clock) }, parent, { deleted: true });
}

function operationsFor(port: PlanPort, step: SyncStep, held: Held, version: StoredRecord | null): Operation[] {
  const { table, row, record } = held;
  if (step.local === undefined) return [];
  const remove = (): Operation[] => (row ? deletion(table, port.stamper, record ?? stub(row), isoNow(port.clock)) : []);
  if (version === null) return remove();
  if (version._meta.del) return row ? [{ kind: 'delete', table, before: row, tombstone: version }] : [];
  if (record?._meta.rev === version._meta.rev) return [];
  const put = (before: Row | undefined): Operation => ({ kind: 'put', table, record: version, before });
  return row && isElsewhere(table, row, version) ? [...remove(), put(undefined)] : [put(row)];
}

/** Whether the version belongs into another file than the one before it. */
function isElsewhere({ definition }: CollectionTable, { view }: Row, version: StoredRecord): boolean {
  const stream = definition.streamField;
  return view.created_at !== version.created_at || (stream !== undefined && view[stream] !== version[stream]);
}

/** Stands in for a record whose bytes cannot be read, for as long as it takes to delete it. */
function stub({ view }: Row): StoredRecord {
  return { ...view, _meta: { rev: '', gen: 0, anc: [], hlc: '', sv: 0, by: { replica: '' }, sum: '' } };
}

function nextLine(port: PlanPort, step: SyncStep, held: Held, version: StoredRecord | null): BaseLine | undefined {
  const { state, line } = held;
  const base = step.base === undefined ? state.base : step.base;
  const standIn = standInOf(state, base, version);
  // A record that the team has never seen needs no line, unless its tombstone has no other place.
  if (base === null && standIn === null && line === undefined) return undefined;
  const shown = state.withheld ? standIn : version;
  const isDirty = isUnsent(shown, base);
  // Beside what was forgotten nothing stays that says what it was.
  const keepsFormer = isDirty && !(version && isEmptied(held.table.definition, version));
  const baseRecord = keepsFormer ? baseRecordOf(step, state) : null;
  return { collection: step.collection, recordId: step.id, storeId: port.storeId, base, isDirty, baseRecord, standIn };
}

function standInOf(
  { withheld, local }: LocalState,
  base: Base | null,
  version: StoredRecord | null,
): StoredRecord | null {
  if (!withheld) return version?._meta.del ? version : null;
  // What the team has made of it since is theirs: there is nothing left to withdraw.
  return base === null || base.aside ? null : local;
}

function baseRecordOf({ base, baseRecord }: SyncStep, state: LocalState): StoredRecord | null {
  if (base !== undefined) return baseRecord ?? null;
  return isUnsent(state.local, state.base) ? state.baseRecord : state.local;
}

/** Whether the server has yet to be told of this version. It need not hear of the end of what it never had. */
export function isUnsent(local: StoredRecord | null, base: Base | null): boolean {
  if (local === null || local._meta.rev === base?.rev) return false;
  return base !== null || !local._meta.del;
}
