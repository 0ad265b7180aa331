import type { CollectionName } from '../../shared/collections/registry.ts';
import { gather, type Gathered } from './apply-remote.ts';
import { symmetricDifference } from './digest.ts';
import type { LocalPort, LocalState, RevRef, SyncScope, SyncStep } from './ports.ts';
import { applyAll } from './pull.ts';
import type { Found } from './read-remote.ts';
import { firstMonth, hasArchive } from './scope.ts';
import { collectionsOf, commit, type Session } from './session.ts';

/**
 * Of the months before the scope's: what is in it all the same comes, and what has left it goes. Going is no deletion: the
 * server keeps it, and the vault puts it into its trash, only where both have the very same version and nothing waits.
 */
export async function reconcileScope(session: Session, collection: CollectionName): Promise<number> {
  const scope = session.scope();
  if (scope === null || !hasArchive(collection)) return 0;
  const listed = await session.remote.listKept(collection, scope);
  const held = await heldBefore(session.local, collection, scope);
  const differing = symmetricDifference(held, listed);
  const count = await applyAll(session, collection, [differing], { isWanted: true });
  const kept = new Set(listed.map(({ id }) => id));
  await evict(
    session,
    collection,
    held.filter(({ id }) => !kept.has(id)).map(({ id }) => id),
  );
  return count;
}

/** Once something came that brings more with it. */
export async function followScope(session: Session): Promise<void> {
  if (!session.needsScope) return;
  session.needsScope = false;
  for (const collection of collectionsOf(session)) await reconcileScope(session, collection);
}

/** What the vault knows of the months before the scope's. */
export async function heldBefore(
  local: LocalPort,
  collection: CollectionName,
  scope: SyncScope,
): Promise<readonly RevRef[]> {
  const first = firstMonth(collection, scope);
  if (first === null) return [];
  const refs: RevRef[] = [];
  for (const month of (await local.digest(collection, { by: 'month' })).keys()) {
    if (month >= first) continue;
    for (const ref of await local.bases(collection, month)) refs.push(ref);
  }
  return refs;
}

/** Where others differ in the moment, they stay until the next time. */
export async function evict(session: Session, collection: CollectionName, ids: readonly string[]): Promise<void> {
  const { records } = session.limits;
  for (let at = 0; at < ids.length; at += records) {
    const refs = ids.slice(at, at + records).map((id) => ({ collection, id }));
    for await (const part of gather(session, collection, refs)) await evictPart(session, collection, part);
  }
}

async function evictPart(session: Session, collection: CollectionName, { states, found }: Gathered): Promise<void> {
  let steps = [...states].flatMap(([id, state]) => eviction(collection, id, state, found) ?? []);
  while (steps.length > 0) {
    const { moved, refused } = await commit(session, { steps });
    const others = new Set([...moved, ...refused].map(({ id }) => id));
    if (others.size === 0) break;
    steps = steps.filter(({ id }) => !others.has(id));
  }
  for (const step of steps) session.echoes.forget(step);
}

function eviction(collection: CollectionName, id: string, state: LocalState, found: Found): SyncStep | null {
  const { local, base, withheld } = state;
  const there = found.get(id);
  if (base === null || base.aside || withheld) return null;
  if (there === undefined || !('record' in there) || there.foreign || there.record._meta.rev !== base.rev) return null;
  if (local === null) return { collection, id, expected: null, base: null };
  if (local._meta.rev !== base.rev) return null;
  return { collection, id, expected: base.rev, local: { gone: true }, base: null };
}
