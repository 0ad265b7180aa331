import { toAppError } from '../../shared/errors.ts';
import type { TeamStatus } from '../../shared/ipc/team.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { redactUrl } from '../lib/redact-url.ts';
import type { LocalPort } from '../sync/ports.ts';
import type { Vault } from '../store/types.ts';
import type { EngineStatus } from './engine.ts';
import type { TeamConfig } from './team-config.ts';

interface Port {
  readonly vault: Vault;
  readonly local: LocalPort;
  readonly clock: Clock;
  /** Null where nothing reconciles at the moment. */
  readonly engine: EngineStatus | null;
  readonly config: () => TeamConfig;
}

/** All that the pages and the command line tell of the team's database, at this moment. */
export async function statusOf({ vault, local, clock, engine, config: read }: Port): Promise<TeamStatus> {
  const { config, trouble: misconfigured } = configured(read);
  const known = await local.state();
  // Before the first contact everything waits: that needs no looking through a hundred thousand records.
  const waiting = known === null ? {} : await local.countDirty();
  const counts: TeamStatus['collections'] = {};
  for (const name of local.collections) {
    const here = await local.count(name);
    const there = engine?.remote_counts?.[name] ?? null;
    // What neither side has needs no line.
    if (here > 0 || (there ?? 0) > 0) {
      counts[name] = { local: here, remote: there, waiting: isMet(known) ? (waiting[name] ?? 0) : here };
    }
  }
  const isLocal = config.mode === 'local' && engine === null;
  const state = known?.decision && known.decision.answer === undefined ? 'needs_decision' : engine?.state;
  const serves = config.mode === 'remote' && engine?.state === 'synced';
  return {
    mode: config.mode,
    state: misconfigured ? 'needs_login' : isLocal ? 'local' : (state ?? 'connecting'),
    since: engine?.since ?? isoNow(clock),
    store_id: known?.store_id ?? null,
    server: config.url === null ? null : redactUrl(config.url),
    database: config.url === null ? null : config.database,
    configured_by: config.configuredBy,
    credentials: config.credentials,
    reading_from: serves ? 'server' : 'local',
    scope: config.scope,
    waiting: Object.values(counts).reduce((sum, each) => sum + each.waiting, 0),
    last_synced_at: known?.last_synced_at ?? null,
    last_verified_at: known?.last_verified_at ?? null,
    conflicts: await vault.collection('conflicts').count({ state: 'open' }),
    quarantined: known?.quarantine.length ?? 0,
    decision: decisionOf(known),
    progress: engine?.progress ?? null,
    mismatches: engine?.mismatches ?? 0,
    clock_offset_ms: engine?.clock_offset_ms ?? null,
    trouble: misconfigured ?? engine?.trouble ?? null,
    collections: counts,
  };
}

type Known = Awaited<ReturnType<LocalPort['state']>>;

function isMet(known: Known): boolean {
  return known !== null;
}

function decisionOf(known: Known): TeamStatus['decision'] {
  if (!known?.decision || known.decision.answer !== undefined) return null;
  const { kind, collection, records, at } = known.decision;
  return { kind, collection, records, at };
}

const nothing: TeamConfig = {
  mode: 'local',
  url: null,
  database: '',
  configuredBy: 'none',
  credentials: 'none',
  scope: null,
};

/** A configuration that cannot be read is trouble to be shown, not a page that does not open. */
function configured(read: () => TeamConfig): { config: TeamConfig; trouble: TeamStatus['trouble'] } {
  try {
    return { config: read(), trouble: null };
  } catch (thrown) {
    const { code, message, remedy } = toAppError(thrown);
    return { config: nothing, trouble: { code, message, remedy } };
  }
}
