import { AppError, toAppError } from '../../shared/errors.ts';
import type { Certificate, TeamMode, TeamStatus } from '../../shared/ipc/team.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { redactUrl } from '../lib/redact-url.ts';
import type { Vault } from '../store/types.ts';
import { createConflicts } from './conflicts.ts';
import type { Credentials } from './credentials.ts';
import { parityDays } from './days.ts';
import type { Engine, StartEngine } from './engine.ts';
import { createEventLog } from './event-log.ts';
import { prepareDatabase, testConnection } from './test-connection.ts';
import { createRemoteReads } from './remote-reads.ts';
import { previewOf } from './preview.ts';
import { statusOf } from './status.ts';
import { readTeamConfig, type TeamConfig, writeTeamConfig } from './team-config.ts';
import type { Connection, Team } from './types.ts';

export interface TeamOptions {
  readonly vault: Vault;
  readonly credentials: Credentials;
  readonly startEngine: StartEngine;
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the loop runs by itself in modes mirror and remote: the app's, not a command's. */
  readonly isResident: boolean;
}

const certificateFile = 'certificate';

/** What a vault and its team's database have to do with each other. A resident one begins at once where it is set up. */
export function createTeam(options: TeamOptions): Team {
  const { vault, credentials, startEngine, clock, log, env, isResident } = options;
  const events = createEventLog(clock);
  const listeners = new Set<() => void>();
  const local = vault.ledger();
  let engine: Engine | undefined;
  let isClosed = false;
  const reads = createRemoteReads({
    local,
    config: () => config(),
    isSynced: () => engine?.status().state === 'synced',
    onAway(error) {
      events.add('warning', `Reads are served from this computer: ${toAppError(error).message}`);
      tell();
    },
    log,
  });

  const tell = (): void => listeners.forEach((listener) => listener());
  const config = (): TeamConfig => readTeamConfig(vault, credentials, env);
  const status = (): Promise<TeamStatus> => statusOf({ vault, local, clock, engine: engine?.status() ?? null, config });

  function running(): Engine {
    if (engine) return engine;
    const { url, database, scope } = config();
    if (url === null) throw notConfigured();
    engine = startEngine({
      url,
      database,
      scope,
      onStatus: tell,
      onEvent(level, message) {
        events.add(level, message);
        if (level !== 'info') log.warn('the team’s database', { event: message });
        tell();
      },
    });
    return engine;
  }

  /** What is set up now holds: the former engine ends, and another begins where there is something for it to do. */
  async function restart(): Promise<TeamStatus> {
    const former = engine;
    engine = undefined;
    await former?.stop();
    await reads.close();
    begin();
    const now = await status();
    tell();
    return now;
  }

  function begin(): void {
    if (!isResident || isClosed) return;
    try {
      const { mode, url } = config();
      if (mode === 'local' || url === null) return;
      running()
        .start()
        .catch((error: unknown) => events.add('error', toAppError(error).message));
    } catch (error) {
      events.add('error', toAppError(error).message);
    }
  }

  function addressOf(connection: Connection | undefined): Connection {
    const { url, database } = config();
    const known = connection ?? (url === null ? undefined : { url, database });
    if (known === undefined) throw notConfigured();
    return known;
  }

  function mode(): TeamMode {
    try {
      return config().mode;
    } catch {
      return 'local';
    }
  }

  begin();
  return {
    mode,
    reads: reads.source,
    async status() {
      // A command has no loop that would know the server's side.
      if (!isResident && config().url !== null) await running().look();
      return status();
    },
    onStatus(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    test: async (connection) => testConnection(addressOf(connection), env),
    async connect({ url, database }, mode = 'mirror') {
      credentials.save(url);
      writeTeamConfig(vault, { mode, database });
      events.add('info', `The team’s database is ${redactUrl(url)}.`);
      return restart();
    },
    async disconnect() {
      credentials.clear();
      writeTeamConfig(vault, { mode: 'local' });
      events.add('info', 'The team’s database was disconnected.');
      return restart();
    },
    async setMode(mode: TeamMode) {
      if (mode !== 'local' && config().url === null) throw notConfigured();
      writeTeamConfig(vault, { mode });
      return restart();
    },
    async setScope(scope) {
      writeTeamConfig(vault, { scope });
      return restart();
    },
    wake: () => engine?.wake(),
    preview: () => previewOf(vault, local),
    sync: async (job = {}) => running().sync(job),
    backfill: async (job = {}) => running().backfill(job),
    pull: async (job = {}) => running().pull(job),
    async verify(job = {}) {
      const made = await running().verify(job);
      vault.writeAppFile(certificateFile, made);
      tell();
      return made.certificate;
    },
    prepare: async (connection) => prepareDatabase(addressOf(connection), env),
    certificate: () => readCertificate(vault),
    days: (year) => parityDays({ local, remote: remoteDigest(engine) }, year),
    events: () => events.list(),
    async decide(take) {
      await running().decide(take);
      tell();
      return status();
    },
    conflicts: createConflicts({ store: vault, replica: local.replica, clock, onChange: tell }),
    async close() {
      isClosed = true;
      listeners.clear();
      await engine?.stop();
      await reads.close();
    },
  };
}

function remoteDigest(engine: Engine | undefined): Engine['digest'] | null {
  const state = engine?.status().state;
  if (!engine || (state !== 'synced' && state !== 'catching_up')) return null;
  return (collection, level) => engine.digest(collection, level);
}

function readCertificate(vault: Vault): { certificate: Certificate; text: string } | null {
  try {
    return vault.readAppFile(certificateFile) as { certificate: Certificate; text: string } | null; // ours alone
  } catch {
    // A damaged one proves nothing.
    return null;
  }
}

function notConfigured(): AppError {
  return new AppError('SYNC_NOT_CONFIGURED', 'No team database is set up for this vault.', {
    remedy: 'Set it up on the Sync page, with `almanac remote set URL`, or by MONGODB_URL.',
  });
}
