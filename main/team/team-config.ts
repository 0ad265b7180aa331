import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { TeamMode, TeamScope } from '../../shared/ipc/team.ts';
import type { Vault } from '../store/types.ts';
import type { Credentials } from './credentials.ts';

/** Where the team's database is and how it is used: the environment first, then what the person set up. */
export interface TeamConfig {
  readonly mode: TeamMode;
  /** With user and password: never shown, logged or thrown. Null where none is set up. */
  readonly url: string | null;
  readonly database: string;
  readonly configuredBy: 'none' | 'person' | 'environment';
  readonly credentials: 'none' | 'keychain' | 'file' | 'environment';
  /** What of the team's archive this vault holds; null: all. */
  readonly scope: TeamScope | null;
}

/** `_team.json` in the vault: no secrets. Fields that this version does not know are kept. */
const Kept = z.looseObject({
  mode: TeamMode.catch('local'),
  database: z.string().min(1).optional().catch(undefined),
  scope: TeamScope.nullish().catch(undefined),
});
const fileName = 'team';
const usualDatabase = 'almanac';

type Environment = Readonly<Record<string, string | undefined>>;
type AppFiles = Pick<Vault, 'readAppFile' | 'writeAppFile'>;

export function readTeamConfig(files: AppFiles, credentials: Credentials, env: Environment): TeamConfig {
  const kept = readKept(files);
  const given = env['MONGODB_URL'] || undefined;
  const saved = given === undefined ? credentials.load() : null;
  const url = given ?? saved?.url ?? null;
  return {
    mode: modeOf(env) ?? (url === null ? 'local' : kept.mode),
    url,
    database: env['MONGODB_DB_NAME'] || kept.database || databaseOf(url) || usualDatabase,
    configuredBy: given !== undefined ? 'environment' : saved ? 'person' : 'none',
    credentials: given !== undefined ? 'environment' : (saved?.protection ?? 'none'),
    scope: scopeIn(env) ?? kept.scope ?? null,
  };
}

export function writeTeamConfig(
  files: AppFiles,
  changes: { readonly mode?: TeamMode; readonly database?: string | undefined; readonly scope?: TeamScope | null },
): void {
  files.writeAppFile(fileName, { ...readKept(files), ...changes });
}

/** MEMORY_STORE_BACKEND=mongo: remote. MEMORY_DUAL_WRITE=true: mirror. MEMORY_STORE_BACKEND=file: local. Null: not said. */
export function modeOf(env: Environment): TeamMode | null {
  const backend = env['MEMORY_STORE_BACKEND'];
  const dual = env['MEMORY_DUAL_WRITE'];
  if (backend !== undefined && backend !== '' && backend !== 'file' && backend !== 'mongo') {
    throw badEnvironment('MEMORY_STORE_BACKEND', backend, 'file or mongo');
  }
  if (dual !== undefined && dual !== '' && !/^(true|false|1|0)$/i.test(dual)) {
    throw badEnvironment('MEMORY_DUAL_WRITE', dual, 'true or false');
  }
  if (backend === 'mongo') return 'remote';
  if (/^(true|1)$/i.test(dual ?? '')) return 'mirror';
  return backend === 'file' ? 'local' : null;
}

/** MEMORY_SCOPE_DAYS=90: the last so many days, and pinned conversations. Null: not said. */
function scopeIn(env: Environment): TeamScope | null {
  const days = env['MEMORY_SCOPE_DAYS'];
  if (days === undefined || days === '') return null;
  if (!/^\d{1,5}$/.test(days) || Number(days) === 0)
    throw badEnvironment('MEMORY_SCOPE_DAYS', days, 'a number of days');
  return { days: Number(days), pinned: true, users: [] };
}

/** The database named in a URL's path: what follows the hosts, up to `?`. */
export function databaseOf(url: string | null): string | null {
  const path = url === null ? null : /^mongodb(?:\+srv)?:\/\/[^/]+\/([^/?]+)/.exec(url)?.[1];
  if (path === null || path === undefined) return null;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

function readKept(files: AppFiles): z.infer<typeof Kept> {
  try {
    return Kept.catch({ mode: 'local' }).parse(files.readAppFile(fileName) ?? {});
  } catch (error) {
    if (error instanceof AppError && error.code === 'RECORD_DAMAGED') return { mode: 'local' };
    throw error;
  }
}

function badEnvironment(name: string, value: string, allowed: string): AppError {
  return new AppError('BAD_INPUT', `${name} is "${value}".`, { remedy: `Set it to ${allowed}, or leave it out.` });
}
