import type { Payload } from '../../shared/ipc/contract.ts';
import type { ChangeBatch } from '../../shared/store/store.ts';
import type { Broadcast } from '../ipc/broadcast.ts';
import { announceIntervalMs, createThrottle } from '../ipc/throttle.ts';
import type { Log } from '../lib/log.ts';
import type { AppParts } from './parts.ts';
import { vaultStatus } from './vault-status.ts';

type Changed = Payload<'records.changed'>;

/** Above this many ids a screen reads everything again anyway. */
const maxIds = 100;
const statusIntervalMs = 500;

/** Turns what vault and search report into events for screens. Returns the function that ends it. */
export function announce(
  parts: Pick<AppParts, 'vault' | 'search' | 'team'>,
  broadcast: Broadcast,
  log: Log,
): () => void {
  const sendStatus = (): void => {
    vaultStatus(parts).then(
      (status) => broadcast.emit('vault.status', status),
      (error: unknown) => log.warn('no status', { reason: error instanceof Error ? error.message : 'unknown' }),
    );
  };
  const sendTeam = (): void => {
    parts.team.status().then(
      (team) => broadcast.emit('team.status', team),
      (error: unknown) => log.warn('no status', { reason: error instanceof Error ? error.message : 'unknown' }),
    );
  };
  const changes = createThrottle<Changed>(
    (changed) => broadcast.emit('records.changed', changed),
    announceIntervalMs,
    joinChanges,
  );
  const status = createThrottle<null>(sendStatus, statusIntervalMs);
  const team = createThrottle<null>(sendTeam, statusIntervalMs);
  const coverage = createThrottle<Payload<'search.coverage'>>(
    (covered) => broadcast.emit('search.coverage', covered),
    announceIntervalMs,
  );
  const unwatch = parts.vault.watch((batch) => {
    changes.push(changesOf(batch));
    status.push(null);
    if (parts.team.mode() !== 'local') team.push(null);
  });
  const unteam = parts.team.onStatus(() => team.push(null));
  const uncover = parts.search.onCoverage((covered) => {
    coverage.push(covered);
    status.push(null);
  });
  const unhealth = parts.vault.onHealth(() => status.push(null));
  return () => {
    unwatch();
    unhealth();
    uncover();
    unteam();
    for (const throttle of [changes, status, coverage, team]) throttle.cancel();
  };
}

/** A message's change names its conversation too: that is what screens hold open. */
export function changesOf(batch: ChangeBatch): Changed {
  const collections = [...new Set(batch.changes.map((change) => change.collection))];
  const ids = new Set<string>();
  for (const { id, stream } of batch.changes) {
    ids.add(id);
    if (stream !== undefined) ids.add(stream);
    if (ids.size > maxIds) return { collections };
  }
  return { collections, ids: [...ids] };
}

export function joinChanges(earlier: Changed, later: Changed): Changed {
  const collections = [...new Set([...earlier.collections, ...later.collections])];
  if (earlier.ids === undefined || later.ids === undefined) return { collections };
  const ids = [...new Set([...earlier.ids, ...later.ids])];
  return ids.length > maxIds ? { collections } : { collections, ids };
}
