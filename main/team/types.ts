import type { ReadSource } from './modal-store.ts';
import type { Progress } from '../../shared/ipc/models.ts';
import type {
  BackfillReport,
  Certificate,
  ConflictView,
  ParityDay,
  SyncReport,
  TeamEvent,
  TeamMode,
  TeamPreview,
  TeamScope,
  TeamStatus,
  TeamTest,
} from '../../shared/ipc/team.ts';

export interface TeamJobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Omit<Progress, 'job_id'>) => void) | undefined;
}

export interface VerifyJobOptions extends TeamJobOptions {
  /** Read everything on both sides, also where digests would do. */
  readonly full?: boolean | undefined;
}

export interface Connection {
  readonly url: string;
  readonly database?: string | undefined;
}

/** What a vault and a team's database have to do with each other; the pages and the command line stand on this. */
export interface Team {
  /** As it is set up at this moment; local where that cannot be read. */
  mode(): TeamMode;
  /** Where the app's reads come from; see modal-store.ts. */
  readonly reads: ReadSource;
  status(): Promise<TeamStatus>;
  /** Calls the listener when the status may have changed, at most a few times a second. */
  onStatus(listener: () => void): () => void;
  /** Changes nothing on either side. */
  test(connection?: Connection): Promise<TeamTest>;
  /** Keeps the address, changes the mode, and starts. */
  connect(connection: Connection, mode?: TeamMode): Promise<TeamStatus>;
  disconnect(): Promise<TeamStatus>;
  setMode(mode: TeamMode): Promise<TeamStatus>;
  /** What of the team's archive the vault holds; null: all. What leaves it stays on the server. */
  setScope(scope: TeamScope | null): Promise<TeamStatus>;
  /** The machine woke up or is online again: tries at once. */
  wake(): void;
  preview(): Promise<TeamPreview>;
  /** @throws SYNC_NOT_CONFIGURED, SYNC_NEEDS_DECISION, and what a connection throws; so do the four below */
  sync(options?: TeamJobOptions): Promise<SyncReport>;
  backfill(options?: TeamJobOptions): Promise<BackfillReport>;
  pull(options?: TeamJobOptions): Promise<SyncReport>;
  verify(options?: VerifyJobOptions): Promise<Certificate>;
  /** Makes collections, indexes, validators and views in the team's database; wants an admin's connection. */
  prepare(connection?: Connection): Promise<void>;
  certificate(): { readonly certificate: Certificate; readonly text: string } | null;
  days(year: number): Promise<readonly ParityDay[]>;
  events(): readonly TeamEvent[];
  decide(take: 'mine' | 'server'): Promise<TeamStatus>;
  readonly conflicts: Conflicts;
  /** Ends the loop; what is under way is finished or given up, nothing is lost either way. */
  close(): Promise<void>;
}

export interface Conflicts {
  list(query: { state: 'open' | 'resolved'; offset: number; limit: number }): Promise<{
    readonly total: number;
    readonly rows: readonly ConflictView[];
  }>;
  /** @throws NOT_FOUND */
  get(id: string): Promise<ConflictView>;
  resolve(id: string, take: 'mine' | 'theirs' | 'base'): Promise<ConflictView>;
  undo(id: string): Promise<ConflictView>;
}
