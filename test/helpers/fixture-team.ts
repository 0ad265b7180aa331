import { AppError } from '../../shared/errors.ts';
import type { Handlers } from '../../shared/ipc/contract.ts';
import type { Certificate, ConflictView, TeamStatus } from '../../shared/ipc/team.ts';

/** A vault that knows no team database. */
export const localTeam: TeamStatus = {
  mode: 'local',
  state: 'local',
  since: '2026-11-20T09:00:00.000Z',
  store_id: null,
  server: null,
  database: null,
  configured_by: 'none',
  credentials: 'none',
  reading_from: 'local',
  scope: null,
  waiting: 0,
  last_synced_at: null,
  last_verified_at: null,
  conflicts: 0,
  quarantined: 0,
  decision: null,
  progress: null,
  mismatches: 0,
  clock_offset_ms: null,
  trouble: null,
  collections: {},
};

/** One that is equal with its team's. */
export const syncedTeam: TeamStatus = {
  ...localTeam,
  mode: 'mirror',
  state: 'synced',
  store_id: 'store-1',
  server: 'mongodb://***@db.example:27017/',
  database: 'team',
  configured_by: 'person',
  credentials: 'file',
  last_synced_at: '2026-11-20T14:00:00.000Z',
  last_verified_at: '2026-11-20T14:02:00.000Z',
  clock_offset_ms: 40,
  collections: {
    conversations: { local: 60, remote: 60, waiting: 0 },
    messages: { local: 360, remote: 360, waiting: 0 },
  },
};

export const fixtureConflict: ConflictView = {
  id: 'conflict-1',
  collection: 'conversations',
  record_id: 'c-1',
  title: 'Trip to the harbour',
  reason: 'field-clash',
  at: '2026-11-20T13:00:00.000Z',
  state: 'open',
  resolution: null,
  resolved_at: null,
  fields: ['title'],
  base: { title: 'Trip' },
  mine: { title: 'Trip to the harbour' },
  theirs: { title: 'Trip to the sea' },
};

export const fixtureCertificate: Certificate = {
  equal: true,
  at: '2026-11-20T14:02:00.000Z',
  store_id: 'store-1',
  collections: { conversations: { local: 60, remote: 60, checksum: 'ab'.repeat(32), differing: [] } },
  sha256: 'cd'.repeat(32),
};

type TeamMethods = Extract<keyof Handlers, `team.${string}` | `conflicts.${string}`>;

/** Answers of the Sync page's methods; `team` may be changed by what the page does. */
export function fixtureTeamHandlers(
  given: Partial<TeamStatus> | undefined,
  emit: (status: TeamStatus) => void,
): Pick<Handlers, TeamMethods> {
  let team: TeamStatus = { ...localTeam, ...given };
  let conflicts: ConflictView[] = team.conflicts > 0 ? [fixtureConflict] : [];
  const change = (changes: Partial<TeamStatus>): TeamStatus => {
    team = { ...team, ...changes };
    emit(team);
    return team;
  };
  const one = (id: string): ConflictView => {
    const found = conflicts.find((each) => each.id === id);
    if (!found) throw new AppError('NOT_FOUND', `There is no conflict ${id}.`, { remedy: 'Look at the list again.' });
    return found;
  };
  const put = (next: ConflictView): ConflictView => {
    conflicts = conflicts.map((each) => (each.id === next.id ? next : each));
    change({ conflicts: conflicts.filter(({ state }) => state === 'open').length });
    return next;
  };
  const report = { pushed: 3, pulled: 2, merged: 0, conflicts: 0, quarantined: 0, waiting: 0, duration_ms: 12 };
  return {
    'team.status': async () => team,
    'team.test': async ({ database }) => ({
      ok: true,
      server: 'mongodb://***@db.example:27017/',
      database: database ?? 'team',
      version: '8.2.6',
      streams: true,
      clock_offset_ms: 3,
      prepared: true,
      store_id: 'store-1',
      problem: null,
    }),
    'team.connect': async ({ mode }) => change({ ...syncedTeam, mode: mode ?? 'mirror' }),
    'team.disconnect': async () => change(localTeam),
    'team.set_mode': async ({ mode }) => change({ mode, state: mode === 'local' ? 'local' : 'synced' }),
    'team.set_scope': async ({ scope }) => change({ scope }),
    'team.preview': async () => ({
      collections: [{ collection: 'conversations', records: 60, bytes: 24_000, examples: ['A queue', 'A harbour'] }],
      kept: [{ collection: 'imports', records: 2, why: 'stays on this device' }],
    }),
    'team.sync': async () => report,
    'team.backfill': async () => ({ ok: true, started_at: team.since, duration_ms: 5, pushed: 420, collections: {} }),
    'team.pull': async () => report,
    'team.verify': async () => fixtureCertificate,
    'team.certificate': async () => ({ certificate: fixtureCertificate, text: 'equal' }),
    'team.days': async ({ year }) => [
      { day: `${year}-01-05`, records: 12, state: 'equal' },
      { day: `${year}-01-06`, records: 3, state: 'differing' },
      { day: `${year}-01-07`, records: 1, state: 'waiting' },
    ],
    'team.events': async () => [{ at: team.since, level: 'info', message: 'Connected.' }],
    'team.decide': async () => change({ decision: null, state: 'synced' }),
    'conflicts.list': async ({ state }) => {
      const rows = conflicts.filter((each) => each.state === state);
      return { total: rows.length, rows };
    },
    'conflicts.get': async ({ id }) => one(id),
    'conflicts.resolve': async ({ id, take }) =>
      put({ ...one(id), state: 'resolved', resolution: take, resolved_at: team.since }),
    'conflicts.undo': async ({ id }) => put({ ...one(id), state: 'open', resolution: null, resolved_at: null }),
  };
}
