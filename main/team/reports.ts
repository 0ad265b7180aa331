import type { SyncReport } from '../../shared/ipc/team.ts';
import type { LocalPort } from '../sync/ports.ts';

interface Counts {
  readonly pushed: number;
  readonly pulled: number;
  readonly merged: number;
  readonly conflicts: number;
}

/** What was done between two counts, and what still waits. */
export async function reportOf(
  before: Counts,
  after: Counts,
  { local, duration_ms }: { readonly local: LocalPort; readonly duration_ms: number },
): Promise<SyncReport> {
  const waiting = Object.values(await local.countDirty()).reduce((sum, count) => sum + count, 0);
  return {
    pushed: after.pushed - before.pushed,
    pulled: after.pulled - before.pulled,
    merged: after.merged - before.merged,
    conflicts: after.conflicts - before.conflicts,
    quarantined: (await local.state())?.quarantine.length ?? 0,
    waiting,
    duration_ms,
  };
}

interface Side {
  readonly local: number;
  readonly remote: number;
  readonly differing: readonly string[];
}

/** For people: collections that neither side has anything of are left out. */
export function certificateOf<T extends Side>(
  collections: Readonly<Partial<Record<string, T>>>,
): Record<string, T & { differing: string[] }> {
  const shown: Record<string, T & { differing: string[] }> = {};
  for (const [name, side] of Object.entries(collections)) {
    if (side && (side.local > 0 || side.remote > 0)) shown[name] = { ...side, differing: [...side.differing] };
  }
  return shown;
}
