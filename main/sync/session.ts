import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Clock } from '../lib/clock.ts';
import type { CommitResult, LocalPort, RemotePort, SyncCommit, SyncScope, SyncState } from './ports.ts';
import type { Echoes } from './echoes.ts';
import type { RemovalGuard } from './removal-guard.ts';
import type { Sent } from './sent.ts';

export type EventLevel = 'info' | 'warning' | 'error';

/** What the parts of a cycle share. Only the reconciler's one cycle at a time changes it. */
export interface Session {
  readonly local: LocalPort;
  readonly remote: RemotePort;
  readonly clock: Clock;
  readonly guard: RemovalGuard;
  readonly sent: Sent;
  readonly echoes: Echoes;
  readonly limits: Limits;
  /** What of the team's archive the vault holds; null: all of it. Of the moment: days pass. */
  readonly scope: () => SyncScope | null;
  /** Something came into the scope that brings more with it. */
  needsScope: boolean;
  /** As the vault has it. */
  state: SyncState;
  /** Collections that this version may not push to, by the store's rules or the server's. */
  readOnly: Set<CollectionName>;
  /** Collections that this version cannot even read. */
  hidden: ReadonlySet<CollectionName>;
  /** Everything has to be compared: history was lost, or never known. */
  needsDigest: boolean;
  /** The server's history was seen to go on from where we left it. */
  isUnbroken: boolean;
  /** The change stream has ended: another session has to open another, before it compares. */
  isOver: boolean;
  readonly counts: Counts;
  note(level: EventLevel, message: string): void;
}

/** What is read, sent or committed at a time (reliability.md §3.6). */
export interface Limits {
  readonly records: number;
  readonly bytes: number;
}

export interface Counts {
  pushed: number;
  pulled: number;
  merged: number;
  conflicts: number;
  mismatches: number;
}

/** Collections of this session; conflicts last, so that those of a cycle go with it. */
export function collectionsOf({ local, hidden }: Session): readonly CollectionName[] {
  const rank = (name: CollectionName): number => (name === 'conflicts' ? 1 : 0);
  return local.collections.filter((name) => !hidden.has(name)).sort((a, b) => rank(a) - rank(b));
}

/** One entry of the vault's log; what the session remembers of the state follows it. */
export async function commit(session: Session, change: SyncCommit): Promise<CommitResult> {
  const result = await session.local.commit(change);
  if (result.moved.length === 0 && result.refused.length === 0) {
    session.state = { ...session.state, ...change.state };
    session.counts.conflicts += change.conflicts?.length ?? 0;
  }
  return result;
}

/** Thrown where only a person can go on; `session.state.decision` says about what. */
export class NeedsDecision extends Error {
  override readonly name = 'NeedsDecision';
}

/** Thrown where this version of the app and the team's database do not understand each other. */
export class Incompatible extends Error {
  override readonly name = 'Incompatible';
}
