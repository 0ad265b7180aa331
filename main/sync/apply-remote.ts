import type { CollectionName } from '../../shared/collections/registry.ts';
import { assertNever } from '../../shared/assert.ts';
import { type ApplyContext, type ApplyPlan, emptyPlan, planRecord } from './apply-plan.ts';
import { isFarther } from './lineage.ts';
import {
  type Answer,
  type ChangedRef,
  type Decision,
  type LocalRefusal,
  type LocalState,
  type RemotePoison,
  RemoteTrouble,
  type RemoteVersion,
  type SyncState,
} from './ports.ts';
import { quarantined, released } from './quarantine.ts';
import { type Found, readAdopted } from './read-remote.ts';
import { hasArchive, isInScope, rootOf } from './scope.ts';
import { commit, NeedsDecision, type Session } from './session.ts';

/** A person types while we read: so often it is read anew. */
const ATTEMPTS = 8;

/**
 * Brings the vault up to what the server holds of these records, in one commit together with `alongside` (how far the
 * hints went; where nothing is to be done it is only remembered), and returns what the server holds. Reads decide, hints
 * only say where to look.
 */
export async function applyRemote(
  session: Session,
  collection: CollectionName,
  hints: readonly ChangedRef[],
  alongside?: Partial<SyncState>,
): Promise<Found> {
  const all = new Map<string, RemoteVersion | RemotePoison>();
  for await (const part of gather(session, collection, hints)) {
    const found = await applyGathered(session, collection, part, part.isLast ? alongside : undefined);
    for (const [id, version] of found) all.set(id, version);
  }
  return all;
}

/** What both sides hold of some records. */
export interface Gathered {
  /** Those that the vault does not have and, by its scope, is not to have. */
  readonly beyond: ReadonlySet<string>;
  /** Those whose hint does not already say what we know. */
  readonly ids: readonly string[];
  readonly states: ReadonlyMap<string, LocalState>;
  readonly found: Found;
  /** Nothing comes after it. */
  readonly isLast: boolean;
}

export interface GatherOptions {
  /** They are in the vault's scope, whatever they look like. */
  readonly isWanted?: boolean;
}

/** In parts, each of about as many bytes as may be held at a time; at least one. */
export async function* gather(
  session: Session,
  collection: CollectionName,
  hints: readonly ChangedRef[],
  { isWanted = false }: GatherOptions = {},
): AsyncGenerator<Gathered, void> {
  let waiting: readonly string[] = [...new Set(hints.map(({ id }) => id))];
  do {
    const states = await session.local.read(collection, waiting, session.limits.bytes);
    const read = waiting.slice(0, states.size);
    const unknown = unknownOf(hints, read, states);
    const { found, rest } = await readAdopted(session, collection, unknown);
    const beyond = isWanted ? new Set<string>() : await beyondScope(session, collection, states, found);
    waiting = [...rest, ...waiting.slice(states.size)];
    const ids = rest.length === 0 ? unknown : without(unknown, rest);
    yield { ids, states, found, beyond, isLast: waiting.length === 0 };
  } while (waiting.length > 0);
}

function without(ids: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Set(others);
  return ids.filter((id) => !left.has(id));
}

/** As `applyRemote`, of what was read a moment ago: where the vault has moved on since, it is read anew. */
export async function applyGathered(
  session: Session,
  collection: CollectionName,
  { ids: all, states: former, found, beyond }: Gathered,
  alongside?: Partial<SyncState>,
): Promise<Found> {
  const refusals = new Map<string, LocalRefusal>();
  const ids = all.filter((id) => !beyond.has(id));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const states = attempt === 0 ? former : await session.local.read(collection, ids);
    const context = contextOf(session, collection, await isUnbroken(session, states, found));
    const plan = planAll(context, states, found, ids, refusals);
    await guardRemovals(session, collection, plan);
    if (await commitPlan(session, collection, plan, alongside, refusals)) return found;
  }
  throw new RemoteTrouble('transient', 'The records are being changed faster than they can be reconciled.');
}

/** What the vault does not know and its scope does not hold stays where it is. */
async function beyondScope(
  session: Session,
  collection: CollectionName,
  states: ReadonlyMap<string, LocalState>,
  found: Found,
): Promise<ReadonlySet<string>> {
  const scope = session.scope();
  if (scope === null || !hasArchive(collection)) return new Set();
  const unknown = [...found].flatMap(([id, version]) => {
    const state = states.get(id);
    const isKnown = state !== undefined && (state.local !== null || state.base !== null || state.withheld === true);
    return isKnown || !('record' in version) ? [] : [version.record];
  });
  const rootIds = [...new Set(unknown.flatMap((record) => rootOf(collection, record) ?? []))];
  const roots =
    rootIds.length === 0 ? new Map<string, LocalState>() : await session.local.read('conversations', rootIds);
  const beyond = new Set<string>();
  for (const record of unknown) {
    const rootId = rootOf(collection, record);
    const root = rootId === null ? null : (roots.get(rootId)?.local ?? null);
    const isRootHeld = root !== null && root._meta.del !== true;
    if (!isInScope(scope, collection, record, isRootHeld)) beyond.add(record.id);
    // An old conversation comes with its messages, and a message with its conversation.
    else if (rootId === null ? record.created_at < scope.from : !isRootHeld) session.needsScope = true;
  }
  return beyond;
}

function unknownOf(
  hints: readonly ChangedRef[],
  ids: readonly string[],
  states: ReadonlyMap<string, LocalState>,
): readonly string[] {
  const revs = new Map(hints.map(({ id, rev }) => [id, rev]));
  return ids.filter((id) => {
    const rev = revs.get(id);
    return rev === undefined || states.get(id)?.base?.rev !== rev;
  });
}

/**
 * Whether the server's history goes on from where we left it. Asked only where it matters: a version is too many generations
 * later to say what it was built on. Without change streams nobody can tell.
 */
async function isUnbroken(session: Session, states: ReadonlyMap<string, LocalState>, found: Found): Promise<boolean> {
  if (session.isUnbroken) return true;
  const isAsked = [...found].some(([id, version]) => {
    const base = states.get(id)?.base ?? null;
    return base !== null && 'record' in version && isFarther(version.record._meta, base);
  });
  const { resume_token } = session.state;
  if (!isAsked || resume_token === null) return false;
  session.isUnbroken = (await session.remote.history(resume_token)) !== null;
  return session.isUnbroken;
}

function contextOf(session: Session, collection: CollectionName, isUnbroken: boolean): ApplyContext {
  const { local, clock, state, sent, needsDigest } = session;
  return {
    collection,
    replica: local.replica,
    nowMs: clock.now(),
    sync: state,
    past: { isBegunAnew: needsDigest || state.decision?.kind === 'other-store', isUnbroken, replica: local.replica },
    sent,
    answer: answerFor(state.decision, collection),
  };
}

function answerFor(decision: Decision | null, collection: CollectionName): Answer | null {
  if (decision?.answer === undefined) return null;
  switch (decision.kind) {
    case 'other-store':
      // To join another store is no word about what is missing there: it gets it.
      return 'ours';
    case 'empty-server':
      return decision.answer;
    case 'mass-delete':
      return decision.collection === collection ? decision.answer : null;
    default:
      return assertNever(decision.kind, 'decision');
  }
}

function planAll(
  context: ApplyContext,
  states: ReadonlyMap<string, LocalState>,
  found: Found,
  ids: readonly string[],
  refusals: ReadonlyMap<string, LocalRefusal>,
): ApplyPlan {
  const plan = emptyPlan();
  for (const id of ids) {
    const state = states.get(id) ?? { local: null, base: null, baseRecord: null };
    planRecord(plan, context, id, state, found.get(id), refusals.get(id));
  }
  return plan;
}

async function guardRemovals(session: Session, collection: CollectionName, { removals }: ApplyPlan): Promise<void> {
  if (removals === 0 || answerFor(session.state.decision, collection) === 'theirs') return;
  const many = session.guard.tooMany(collection, removals, await session.local.count(collection));
  if (many !== null) await stopFor(session, { kind: 'mass-delete', collection, records: many });
}

/** Remembers that a person has to decide, and ends the cycle. */
export async function stopFor(session: Session, what: Omit<Decision, 'at' | 'answer'>): Promise<never> {
  const decision: Decision = { ...what, at: new Date(session.clock.now()).toISOString() };
  await commit(session, { steps: [], state: { decision } });
  session.note('warning', `Stopped, because ${what.records} records would go. A person decides.`);
  throw new NeedsDecision(what.kind);
}

/** Whether it is done; if not, what was refused is in `refusals`, and the rest is to be judged anew. */
async function commitPlan(
  session: Session,
  collection: CollectionName,
  plan: ApplyPlan,
  alongside: Partial<SyncState> | undefined,
  refusals: Map<string, LocalRefusal>,
): Promise<boolean> {
  const state = stateOf(session, plan, alongside);
  if (plan.steps.length === 0 && plan.conflicts.length === 0 && state === undefined) {
    session.state = { ...session.state, ...alongside };
    return true;
  }
  const result = await commit(session, {
    steps: plan.steps,
    ...(plan.conflicts.length > 0 && { conflicts: plan.conflicts }),
    ...(state !== undefined && { state }),
  });
  for (const refusal of result.refused) refusals.set(refusal.id, refusal);
  if (result.moved.length > 0 || result.refused.length > 0) return false;
  for (const step of plan.steps) if (step.base !== undefined) session.echoes.forget(step);
  session.guard.note(collection, plan.removals);
  session.counts.pulled += plan.steps.filter(({ local }) => local !== undefined).length;
  session.counts.merged += plan.merged;
  for (const { id, reason } of plan.poison) session.note('warning', `Set aside: ${collection} ${id} (${reason})`);
  return true;
}

function stateOf(
  { state, clock }: Session,
  { steps, poison, release }: ApplyPlan,
  alongside: Partial<SyncState> | undefined,
): Partial<SyncState> | undefined {
  let quarantine = released(state.quarantine, release);
  for (const one of poison) quarantine = quarantined(quarantine, one, clock.now());
  const changed = quarantine !== state.quarantine;
  if (changed) return { ...alongside, quarantine };
  return steps.length > 0 ? alongside : undefined;
}
