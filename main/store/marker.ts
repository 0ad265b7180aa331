import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { diskError } from './disk-errors.ts';
import { durableWrite } from './durable-write.ts';
import { type FsPort, fsErrorCode } from './fs-port.ts';
import { layout } from './layout.ts';
import { isLeftover } from './sweep.ts';

/** The format of everything in a vault. A change that an older Almanac would misread makes it one more. */
export const VAULT_FORMAT = 1;

/** `_store.json`: makes a folder a vault. */
export const Marker = z.looseObject({
  store_id: z.string(),
  /** `min`: the oldest Almanac format that may open it; `current`: what wrote it. */
  format: z.object({ min: z.int(), current: z.int() }),
  created_at: z.string(),
  /** Names this copy of the vault in revisions and clocks. */
  replica: z.string(),
});
export type Marker = z.infer<typeof Marker>;

/** What systems put into any folder. */
const JUNK = new Set<string>(['.DS_Store', 'desktop.ini', 'Thumbs.db']);

/** What stands in the folder before the marker does: of a process that makes a vault there now, or was cut short at it. */
function isOfMaking(name: string): boolean {
  if (name === layout.lock || name === layout.owner || name.startsWith(`${layout.lock}-`)) return true;
  return isLeftover(name) && [layout.owner, layout.marker].some((file) => name.startsWith(`${file}.`));
}

function missing(root: string, cause?: unknown): AppError {
  return new AppError('VAULT_MISSING', `There is no vault at ${root}.`, {
    remedy: 'Give the folder of a vault, or create one there.',
    details: { root },
    cause,
  });
}

function notEmpty(root: string): AppError {
  return new AppError('VAULT_NOT_EMPTY', `${root} holds other files and is no vault.`, {
    remedy: 'Choose an empty folder, or a new one.',
    details: { root },
  });
}

/** Reads the marker. VAULT_MISSING, VAULT_NOT_EMPTY (a folder of something else), VAULT_FORMAT (from a newer Almanac, or damaged). */
export function readMarker(fs: FsPort, root: string): Marker {
  let text: string;
  try {
    text = fs.readFile(join(root, layout.marker)).toString('utf8');
  } catch (error) {
    if (fsErrorCode(error) !== 'ENOENT') throw diskError(error, `opening ${root}`);
    if (isEmpty(fs, root)) throw missing(root, error);
    // What it holds may be a vault's that was made since.
    if (fs.stat(join(root, layout.marker)) === undefined) throw notEmpty(root);
    return readMarker(fs, root);
  }
  return parseMarker(text, root);
}

function parseMarker(text: string, root: string): Marker {
  let marker: Marker;
  try {
    marker = Marker.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('VAULT_FORMAT', `${join(root, layout.marker)} is damaged.`, {
      remedy: 'Restore this one file from a backup; the records beside it are not affected.',
      cause,
    });
  }
  if (marker.format.min <= VAULT_FORMAT) return marker;
  throw new AppError(
    'VAULT_FORMAT',
    `The vault at ${root} was written by a newer Almanac (format ${marker.format.current}).`,
    {
      remedy: 'Update Almanac on this machine.',
      details: { format: marker.format },
    },
  );
}

/** Whether a folder is absent or holds nothing of anyone's: a vault may be made there, by whoever gets the lock. */
export function isEmpty(fs: FsPort, root: string): boolean {
  const stat = fs.stat(root);
  if (stat === undefined) return true;
  return stat.kind === 'folder' && fs.readFolder(root).every(({ name }) => JUNK.has(name) || isOfMaking(name));
}

/** Makes an absent or empty folder a vault. */
export function createMarker(fs: FsPort, root: string, clock: Clock): Marker {
  const marker: Marker = {
    store_id: randomUUID(),
    format: { min: VAULT_FORMAT, current: VAULT_FORMAT },
    created_at: isoNow(clock),
    replica: `r${randomBytes(4).toString('hex')}`,
  };
  durableWrite(fs, root, join(root, layout.marker), Buffer.from(`${JSON.stringify(marker, null, 2)}\n`));
  return marker;
}

/** The folder of an open vault is not there (any more): a disk was unplugged, a folder moved, a network drive lost. */
export function vaultGone(root: string): AppError {
  return new AppError('DISK_ERROR', `The vault’s folder is not there: ${root}.`, {
    remedy: 'Connect the disk or put the folder back; nothing was deleted from the index.',
    details: { root },
  });
}

/** @throws DISK_ERROR. Before anything is concluded from files that are missing. */
export function assertVaultThere(fs: FsPort, root: string): void {
  if (fs.stat(join(root, layout.marker)) === undefined) throw vaultGone(root);
}
