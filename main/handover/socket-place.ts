import { chmodSync, existsSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { hash128 } from '../lib/hash.ts';

/** What a unix socket's address holds on macOS, the shortest of all, its last zero byte aside. */
const MAX_SOCKET_PATH = 103;

/**
 * Where the socket of this vault is: in a folder that only this person can enter, named by the vault's path, since a
 * vault's own path may be too long for a socket. On Windows a pipe, whose name nobody can guess.
 *
 * @param root real and absolute
 * @param nonce tells launches apart where a name cannot be taken over from a dead process
 * @throws DISK_ERROR where no private folder can be made
 */
export function socketPath(root: string, nonce: string): string {
  const name = `almanac-${hash128(root).slice(0, 16)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}-${nonce}`;
  const bases = [process.env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'].filter((base) => base && existsSync(base));
  for (const base of bases) {
    const folder = privateFolder(join(base ?? '', `almanac-${process.getuid?.() ?? 0}`));
    const path = folder && join(folder, `${name.slice('almanac-'.length)}.sock`);
    if (path && Buffer.byteLength(path) <= MAX_SOCKET_PATH) return path;
  }
  throw new AppError('DISK_ERROR', 'There is no private folder for the socket through which commands reach Almanac.', {
    remedy: 'Set TMPDIR to a folder that only you may write, with a short path, and start Almanac again.',
  });
}

/** The folder, made where it is absent; undefined where somebody else could put a socket of theirs into it. */
function privateFolder(path: string): string | undefined {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch {
    // It is there, or cannot be made: looking decides.
  }
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return undefined;
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
  return path;
}

/** A socket left by an owner that died would keep its name taken. Only for the one who holds the vault's lock. */
export function removeDeadSocket(path: string): void {
  if (process.platform !== 'win32' && lstatSync(path, { throwIfNoEntry: false })?.isSocket()) unlinkSync(path);
}
