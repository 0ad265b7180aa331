import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What decides where the vault is. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

const here: Surroundings = { env: process.env, platform: process.platform, home: homedir() };

/**
 * The vault of this person on this machine, absolute: the one asked for, else `ALMANAC_VAULT`, else a folder where the
 * platform keeps what programs store. Every door uses this one, so that desktop, browser and command line show the
 * same vault.
 */
export function vaultLocation(asked?: string, { env, platform, home }: Surroundings = here): string {
  if (asked) return resolve(asked);
  if (env['ALMANAC_VAULT']) return resolve(env['ALMANAC_VAULT']);
  return join(dataFolder(env, platform, home), 'Almanac', 'vault');
}

function dataFolder(env: Surroundings['env'], platform: NodeJS.Platform, home: string): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env['APPDATA'] || join(home, 'AppData', 'Roaming');
  return env['XDG_DATA_HOME'] || join(home, '.local', 'share');
}
