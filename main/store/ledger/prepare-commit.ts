import { conflicts } from '../../../shared/collections/conflicts.ts';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import { AppError } from '../../../shared/errors.ts';
import { isoNow } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import { stampInsert } from '../../records/stamp.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import type { Base, CommitResult, RecordRef, SyncCommit, SyncState, SyncStep } from '../../sync/ports.ts';
import type { Operation } from '../batch.ts';
import type { CollectionTable } from '../collection-table.ts';
import type { RecordReader } from '../record-reader.ts';
import type { Row } from '../row.ts';
import type { TimeSlices } from '../time-slices.ts';
import type { BaseLine, BaseLines } from './base-lines.ts';
import type { Refusal } from './check-version.ts';
import { heldRecords } from './held-records.ts';
import { isSyncing } from './leaving.ts';
import { type Held, type PlanPort, type Planned, hasMoved, planStep } from './sync-plan.ts';
import type { SyncStates } from './sync-states.ts';
import { keyRefusals } from './unique-steps.ts';

/** Everything that a commit of the reconciler's comes to. */
export interface Prepared {
  readonly operations: readonly Operation[];
  /** The bases that change, with what they were. */
  readonly lines: readonly (BaseLine & { readonly before: Base | null })[];
  readonly touched: readonly RecordRef[];
  readonly state: SyncState | undefined;
}

interface Port extends Omit<PlanPort, 'storeId'> {
  readonly lines: BaseLines;
  readonly states: SyncStates;
  readonly reader: RecordReader;
  readonly slices: TimeSlices;
  readonly tableOf: (collection: CollectionName) => CollectionTable;
  readonly recall: (collection: CollectionName, row: Row) => StoredRecord | undefined;
}

/** Called alone: no other write is under way. `result`: why nothing is to be done. BAD_INPUT without a team database. */
export async function prepareCommit(
  port: Port,
  commit: SyncCommit,
): Promise<Prepared | { readonly result: CommitResult }> {
  const state = commit.state && port.states.changed(commit.state);
  const storeId = (state ?? port.states.current())?.store_id;
  if (storeId === undefined) throw stateless();
  const held = holdAll(port, commit.steps, storeId);
  const moved = commit.steps.filter((step) => hasMoved(step, heldBy(held, step)));
  if (moved.length > 0) return { result: { moved: moved.map(refOf), refused: [] } };
  const planned: (Planned | { readonly refusal: Refusal })[] = [];
  for (const step of commit.steps) {
    planned.push(planStep({ ...port, storeId }, step, heldBy(held, step)));
    await port.slices.pause();
  }
  const refused = refusals(commit.steps, planned);
  if (refused.length > 0) return { result: { moved: [], refused } };
  return gather(port, commit, planned as Planned[], held, state); // none of them is refused
}

function gather(
  port: Port,
  { steps, conflicts: drafts = [] }: SyncCommit,
  planned: readonly Planned[],
  held: HeldSteps,
  state: SyncState | undefined,
): Prepared {
  const lines = planned.flatMap(({ line }, at) => {
    const step = steps[at];
    return line && step ? [{ ...line, before: heldBy(held, step).state.base }] : [];
  });
  const noted = newConflicts(port, drafts);
  return {
    operations: [
      ...planned.flatMap(({ operations }) => operations),
      ...lines.map((line) => port.lines.put(line)),
      ...noted,
      ...(state ? port.states.put(state) : []),
    ],
    lines,
    touched: [...steps, ...noted.map(({ record }) => ({ collection: 'conflicts' as const, id: record.id }))],
    state,
  };
}

/** By collection, then by id. */
type HeldSteps = ReadonlyMap<CollectionName, ReadonlyMap<string, Held>>;

function holdAll(port: Port, steps: readonly SyncStep[], storeId: string): HeldSteps {
  const ids = new Map<CollectionName, Set<string>>();
  // Over what a step puts in its place a file is read anew: another program may have changed it.
  const changing = new Set<CollectionName>();
  for (const { collection, id, local } of steps) {
    if (!isSyncing(collection)) throw notSyncing(collection);
    const known = ids.get(collection) ?? new Set();
    if (known.has(id)) throw twice(collection, id);
    ids.set(collection, known.add(id));
    if (local !== undefined) changing.add(collection);
  }
  const { recall, ...rest } = port;
  return new Map(
    [...ids].map(([name, wanted]) => {
      const holder = changing.has(name) ? rest : { ...rest, recall };
      return [name, heldRecords(holder, name, [...wanted], storeId)];
    }),
  );
}

function heldBy(held: HeldSteps, { collection, id }: SyncStep): Held {
  return held.get(collection)?.get(id) as Held; // there is one for each step
}

function refusals(
  steps: readonly SyncStep[],
  planned: readonly (Planned | { readonly refusal: Refusal })[],
): CommitResult['refused'] {
  const fit = planned.map((each): Planned => ('refusal' in each ? { operations: [] } : each));
  const byKey = keyRefusals(fit);
  return planned.flatMap((each, at) => {
    const refusal = 'refusal' in each ? each.refusal : byKey.get(at);
    const step = steps[at];
    return refusal && step ? [{ ...refOf(step), ...refusal }] : [];
  });
}

function refOf({ collection, id }: RecordRef): RecordRef {
  return { collection, id };
}

/** A conflict that is known already, or was and has been put away, is not noted again. */
function newConflicts(
  { tableOf, lines, stamper, clock }: Port,
  drafts: NonNullable<SyncCommit['conflicts']>,
): Extract<Operation, { kind: 'put' }>[] {
  const table = tableOf('conflicts');
  const noted = new Map<string, Extract<Operation, { kind: 'put' }>>();
  for (const draft of drafts) {
    const body = stampInsert(conflicts, draft, { id: () => newId(clock), now: isoNow(clock) });
    if (table.rows.has(body.id) || lines.row('conflicts', body.id) !== undefined) continue;
    noted.set(body.id, { kind: 'put', table, record: stamper.stamp(conflicts, body), before: undefined });
  }
  return [...noted.values()];
}

function stateless(): AppError {
  return new AppError('BAD_INPUT', 'The vault knows no team database yet.', {
    remedy: 'Give the state of one with the first commit.',
  });
}

function notSyncing(collection: string): AppError {
  return new AppError('BAD_INPUT', `The collection ${collection} does not leave this machine.`, {
    remedy: 'This is a bug in Almanac; nothing was changed.',
    details: { collection },
  });
}

function twice(collection: string, id: string): AppError {
  return new AppError('BAD_INPUT', `One commit changes ${collection} ${id} twice.`, {
    remedy: 'This is a bug in Almanac; nothing was changed.',
    details: { collection, id },
  });
}
