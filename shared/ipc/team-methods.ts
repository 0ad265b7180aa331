import { z } from 'zod';
import { Count, JobId, RecordId } from './models.ts';
import {
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
} from './team.ts';

const nothing = z.strictObject({});
const job = z.strictObject({ job_id: JobId });
/** A connection string; never sent back. */
const Url = z.string().min(1).max(10_000);
const Database = z.string().min(1).max(63).optional();

/** What the Sync page and the command line ask of the reconciling; see contract.ts. */
export const teamMethods = {
  'team.status': { input: nothing, output: TeamStatus },
  /** Tries a connection and changes nothing; `url` absent: the one that is set up. Problems are part of the answer. */
  'team.test': { input: z.strictObject({ url: Url.optional(), database: Database }), output: TeamTest },
  /** Keeps the address and changes to `mode` (mirror unless said). SYNC_NOT_CONFIGURED where there is no address. */
  'team.connect': {
    input: z.strictObject({ url: Url, database: Database, mode: TeamMode.optional() }),
    output: TeamStatus,
  },
  /** Forgets the address; records stay on both sides. */
  'team.disconnect': { input: nothing, output: TeamStatus },
  'team.set_mode': { input: z.strictObject({ mode: TeamMode }), output: TeamStatus },
  /** What of the team's archive this vault holds from now on; null: all. Nothing is lost or deleted by it. */
  'team.set_scope': { input: z.strictObject({ scope: TeamScope.nullable() }), output: TeamStatus },
  /** What would leave this machine at the first push. */
  'team.preview': { input: nothing, output: TeamPreview },
  /** Until nothing waits on either side. SYNC_NEEDS_DECISION where a fail-safe stops it. */
  'team.sync': { input: job, output: SyncReport },
  /** Pushes everything, then compares both sides. */
  'team.backfill': { input: job, output: BackfillReport },
  /** Fetches everything that the server has, into an empty vault too. */
  'team.pull': { input: job, output: SyncReport },
  /** Compares both sides to the last record: by digests where that is a proof and `full` is not asked for. */
  'team.verify': { input: job.extend({ full: z.boolean().optional() }), output: Certificate },
  /** The last one that was made, and as text for people. */
  'team.certificate': {
    input: nothing,
    output: z.object({ certificate: Certificate, text: z.string() }).nullable(),
  },
  /** The days of a year that have records, for the calendar. */
  'team.days': { input: z.strictObject({ year: z.int().min(1970).max(9999) }), output: z.array(ParityDay) },
  /** Newest first, at most 200. */
  'team.events': { input: nothing, output: z.array(TeamEvent) },
  /** Ends a fail-safe's stop. mine: what is here goes (back) to the server. server: the server is right. */
  'team.decide': { input: z.strictObject({ take: z.enum(['mine', 'server']) }), output: TeamStatus },

  /** Newest first. */
  'conflicts.list': {
    input: z.strictObject({ state: z.enum(['open', 'resolved']), offset: Count, limit: z.int().min(1).max(500) }),
    output: z.object({ total: Count, rows: z.array(ConflictView) }),
  },
  'conflicts.get': { input: z.strictObject({ id: RecordId }), output: ConflictView },
  /** Makes that side's values the record's, as an edit like any other. `undo` takes it back. */
  'conflicts.resolve': {
    input: z.strictObject({ id: RecordId, take: z.enum(['mine', 'theirs', 'base']) }),
    output: ConflictView,
  },
  'conflicts.undo': { input: z.strictObject({ id: RecordId }), output: ConflictView },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
