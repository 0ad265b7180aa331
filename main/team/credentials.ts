import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { sha256Hex } from '../lib/hash.ts';

/** The system's own safe, where the host has one (Electron's safeStorage). */
export interface Keychain {
  encrypt(text: string): string;
  decrypt(sealed: string): string;
}

/** Keeps one team database's URL, password and all, per vault. Never inside the vault: that gets copied and shared. */
export interface Credentials {
  /** How `save` keeps it. file: readable by this person's programs alone (0600), but not sealed. */
  readonly protection: 'keychain' | 'file';
  /** Null where nothing is kept. CREDENTIALS_UNREADABLE where it cannot be opened here. */
  load(): { readonly url: string; readonly protection: 'keychain' | 'file' } | null;
  save(url: string): void;
  clear(): void;
}

const Kept = z.object({ vault: z.string(), url: z.string().optional(), sealed: z.string().optional() });

interface Place {
  readonly vaultRoot: string;
  readonly folder?: string;
  readonly keychain?: Keychain | undefined;
}

export function createCredentials({ vaultRoot, folder = credentialsFolder(), keychain }: Place): Credentials {
  const path = join(folder, `${sha256Hex(vaultRoot).slice(0, 32)}.json`);
  return {
    protection: keychain ? 'keychain' : 'file',
    load() {
      const kept = readKept(path);
      if (kept === null) return null;
      if (kept.url !== undefined) return { url: kept.url, protection: 'file' };
      return { url: open(kept.sealed ?? '', keychain, path), protection: 'keychain' };
    },
    save(url) {
      const kept = keychain ? { vault: vaultRoot, sealed: keychain.encrypt(url) } : { vault: vaultRoot, url };
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // Beside, then renamed: never half of it, and never readable by others on the way.
      const draft = `${path}.${randomUUID()}`;
      writeFileSync(draft, `${JSON.stringify(kept)}\n`, { mode: 0o600, flag: 'wx' });
      chmodSync(draft, 0o600);
      renameSync(draft, path);
    },
    clear: () => rmSync(path, { force: true }),
  };
}

function readKept(path: string): z.infer<typeof Kept> | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(path, error);
  }
  try {
    return Kept.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function open(sealed: string, keychain: Keychain | undefined, path: string): string {
  if (!keychain) throw unreadable(path);
  try {
    return keychain.decrypt(sealed);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause?: unknown): AppError {
  return new AppError('CREDENTIALS_UNREADABLE', 'The team database’s address cannot be read here.', {
    remedy:
      'It was sealed by the desktop app, or its file is damaged: open the app, or set it again (almanac remote set URL), or give MONGODB_URL.',
    details: { path },
    cause,
  });
}

function credentialsFolder(): string {
  const { env, platform } = process;
  if (env['ALMANAC_CONFIG']) return join(env['ALMANAC_CONFIG'], 'credentials');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Almanac', 'credentials');
  if (platform === 'win32')
    return join(env['APPDATA'] || join(homedir(), 'AppData', 'Roaming'), 'Almanac', 'credentials');
  return join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'Almanac', 'credentials');
}
