import { isIntact } from '../records/meta.ts';
import type { LocalPort, LocalState } from '../sync/ports.ts';
import type { ThreadVault } from './thread-protocol.ts';

/** `read`, of which this thread does the checking: what another program has changed is read once more, as a version of its own. */
export async function readChecked(
  vault: Pick<ThreadVault, 'read' | 'readUnchecked'>,
  ...[collection, ids, maxBytes]: Parameters<LocalPort['read']>
): Promise<ReadonlyMap<string, LocalState>> {
  const states = await vault.readUnchecked(collection, ids, maxBytes);
  const changed = [...states].flatMap(([id, { local }]) => (local !== null && !isIntact(local) ? [id] : []));
  if (changed.length === 0) return states;
  const again = await vault.read(collection, changed);
  return new Map([...states].map(([id, state]) => [id, again.get(id) ?? state]));
}
