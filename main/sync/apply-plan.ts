import type { CollectionName } from '../../shared/collections/registry.ts';
import { bodyOf, type StoredRecord } from '../records/stored-record.ts';
import { baseOf } from './base.ts';
import { type ConflictRecord, conflictOf, duplicateKeyConflict } from './conflicts.ts';
import { decide, type Past } from './decide.ts';
import { definitionOf } from './definition-of.ts';
import { isRootless } from './foreign.ts';
import { merge, type MergeSides } from './merge.ts';
import { judgeMissing } from './missing.ts';
import type {
  Answer,
  LocalRefusal,
  LocalState,
  RecordRef,
  RemotePoison,
  RemoteVersion,
  SyncState,
  SyncStep,
} from './ports.ts';
import type { Sent } from './sent.ts';
import { entryOf, isWaiting, type NewPoison } from './quarantine.ts';

/** What is known when a batch of one collection is judged. */
export interface ApplyContext {
  readonly collection: CollectionName;
  readonly replica: string;
  readonly nowMs: number;
  readonly sync: SyncState;
  readonly past: Past;
  readonly sent: Sent;
  /** What a person has answered to a fail-safe about this collection. */
  readonly answer: Answer | null;
}

/** What a batch comes to: all of it is committed at once. */
export interface ApplyPlan {
  readonly steps: SyncStep[];
  readonly conflicts: ConflictRecord[];
  readonly poison: NewPoison[];
  readonly release: RecordRef[];
  /** Records alive that would no longer be. */
  removals: number;
  merged: number;
}

export function emptyPlan(): ApplyPlan {
  return { steps: [], conflicts: [], poison: [], release: [], removals: 0, merged: 0 };
}

/** One record's part: what it means that the server holds this version, something unreadable, or nothing. */
export function planRecord(
  plan: ApplyPlan,
  context: ApplyContext,
  id: string,
  state: LocalState,
  found: RemoteVersion | RemotePoison | undefined,
  refusal: LocalRefusal | undefined,
): void {
  const ref = { collection: context.collection, id };
  const entry = entryOf(context.sync.quarantine, ref);
  if (found === undefined) {
    planMissing(plan, context, id, state);
    if (entry?.side === 'local') plan.release.push(ref);
  } else if ('poison' in found) {
    if (!isWaiting(entry, null, context.nowMs)) {
      plan.poison.push({ ...ref, rev: null, side: 'local', reason: found.poison });
    }
  } else if (refusal !== undefined) planAside(plan, context, state, found.record, refusal);
  else if (entry?.side !== 'local' || !isWaiting(entry, found.record._meta.rev, context.nowMs)) {
    if (entry?.side === 'local') plan.release.push(ref);
    planVersion(plan, context, state, found.record);
  }
}

function planVersion(plan: ApplyPlan, context: ApplyContext, known: LocalState, remote: StoredRecord): void {
  const state = context.sent.applied(context.collection, known, remote);
  const { collection } = context;
  const { local } = state;
  const base = baseOf(remote);
  const step = { collection, id: remote.id, expected: local?._meta.rev ?? null, base, baseRecord: remote };
  const verdict = decide(state, remote, context.past);
  switch (verdict.kind) {
    case 'nothing':
      return;
    case 'clean':
    case 'keep':
      plan.steps.push({ collection, id: remote.id, base, baseRecord: remote });
      return;
    case 'aside':
      plan.steps.push({ collection, id: remote.id, base: { ...base, aside: true }, baseRecord: remote });
      return;
    case 'take':
      if (!remote._meta.del || !isAlive(local)) plan.steps.push({ ...step, local: { version: remote } });
      else if (context.answer === 'ours') {
        plan.steps.push({ ...step, local: { merged: bodyOf(local), parent: remote._meta } });
      } else {
        plan.steps.push({ ...step, local: { version: remote } });
        plan.removals += 1;
      }
      return;
    case 'merge':
      if (local !== null) planMerge(plan, context, { base: verdict.base, mine: local, theirs: remote }, step);
  }
}

function planMerge(plan: ApplyPlan, context: ApplyContext, sides: MergeSides, step: SyncStep): void {
  const { collection, replica } = context;
  const { outcome, clash } = merge(definitionOf(collection), sides);
  const { mine, theirs } = sides;
  plan.merged += 1;
  // Conflicts about conflicts would never end; what one sets aside, the other copy of it still says.
  if (clash !== null && collection !== 'conflicts') plan.conflicts.push(conflictOf(collection, sides, clash, replica));
  if (outcome === 'theirs') plan.steps.push({ ...step, local: { version: theirs } });
  else if (outcome === 'mine' && mine._meta.del)
    plan.steps.push({ ...step, local: { deleted: true, parent: theirs._meta } });
  else {
    const merged = outcome === 'mine' ? bodyOf(mine) : outcome.body;
    plan.steps.push({ ...step, local: { merged, parent: theirs._meta } });
  }
}

/** The vault cannot take it: what it has stays, and the server's version is counted but not built on. */
function planAside(
  plan: ApplyPlan,
  { collection, replica }: ApplyContext,
  { local }: LocalState,
  remote: StoredRecord,
  { kind, reason }: LocalRefusal,
): void {
  const { id, _meta } = remote;
  plan.steps.push({ collection, id, base: { ...baseOf(remote), aside: true }, baseRecord: remote });
  plan.poison.push({ collection, id, rev: _meta.rev, side: 'local', reason });
  const conflict =
    kind === 'duplicate-key' && collection !== 'conflicts'
      ? duplicateKeyConflict(collection, { mine: local, theirs: remote }, reason, replica)
      : null;
  if (conflict !== null) plan.conflicts.push(conflict);
}

function planMissing(plan: ApplyPlan, context: ApplyContext, id: string, state: LocalState): void {
  const { collection, answer } = context;
  const missing = judgeMissing(definitionOf(collection), state, context.sync, context.nowMs);
  if (missing === 'nothing') return;
  const goes = missing === 'gone' || (missing === 'lost' && answer === 'theirs');
  if (missing === 'forget' || !goes || (answer === 'ours' && isAlive(state.local))) {
    plan.steps.push({ collection, id, base: null, ...ownVersion(state) });
    return;
  }
  plan.steps.push({ collection, id, expected: state.local?._meta.rev ?? null, local: { gone: true }, base: null });
  if (isAlive(state.local)) plan.removals += 1;
}

/**
 * Another program's version that is pushed again gets one of ours built on it: else it would be taken for the program's
 * newest word about what others have put there since (decide.ts).
 */
function ownVersion({ local, withheld }: LocalState): Pick<SyncStep, 'expected' | 'local'> {
  if (withheld || !isAlive(local) || !isRootless(local._meta)) return {};
  return { expected: local._meta.rev, local: { merged: bodyOf(local), parent: local._meta } };
}

function isAlive(record: StoredRecord | null): record is StoredRecord {
  return record !== null && record._meta.del !== true;
}
