import type { BackfillReport, Certificate, SyncReport, TeamState, TeamStatus } from '../../shared/ipc/team.ts';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type { DigestLevel, Lanes } from '../sync/ports.ts';
import type { ScopeWish } from '../sync/scope.ts';
import type { TeamJobOptions, VerifyJobOptions } from './types.ts';

/** What the reconciling says of itself. */
export interface EngineStatus {
  readonly state: Exclude<TeamState, 'local'>;
  readonly since: string;
  readonly progress: TeamStatus['progress'];
  /** Differences that digests found since it was started. */
  readonly mismatches: number;
  readonly clock_offset_ms: number | null;
  readonly trouble: TeamStatus['trouble'];
  /** Records alive there, by collection; null before they were asked for. */
  readonly remote_counts: Readonly<Partial<Record<CollectionName, number>>> | null;
}

/** Before the server has been heard of. */
export function connecting(): EngineStatus {
  return {
    state: 'connecting',
    since: new Date().toISOString(),
    progress: null,
    mismatches: 0,
    clock_offset_ms: null,
    trouble: null,
    remote_counts: null,
  };
}

/** The reconciling with one database: the same whether it runs in a thread or, in tests, beside its caller. */
export interface Engine {
  status(): EngineStatus;
  /** Begins the loop that keeps both sides equal. */
  start(): Promise<void>;
  /** Tries again now, whatever was waited for. */
  wake(): void;
  sync(options: TeamJobOptions): Promise<SyncReport>;
  backfill(options: TeamJobOptions): Promise<BackfillReport>;
  pull(options: TeamJobOptions): Promise<SyncReport>;
  verify(options: VerifyJobOptions): Promise<{ readonly certificate: Certificate; readonly text: string }>;
  decide(take: 'mine' | 'server'): Promise<void>;
  /** Asks the server for its counts, so that `status` tells them. */
  look(): Promise<void>;
  digest(collection: CollectionName, level: DigestLevel): Promise<ReadonlyMap<string, Lanes>>;
  /** Ends the loop and the connection; nothing is lost by it. */
  stop(): Promise<void>;
}

export interface EnginePorts {
  readonly url: string;
  readonly database: string;
  /** What of the team's archive the vault holds; null: all. */
  readonly scope: ScopeWish | null;
  readonly onStatus: () => void;
  readonly onEvent: (level: 'info' | 'warning' | 'error', message: string) => void;
}
export type StartEngine = (ports: EnginePorts) => Engine;
