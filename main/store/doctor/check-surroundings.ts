import { lstatSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../../shared/ipc/upkeep.ts';
import type { Clock } from '../../lib/clock.ts';
import type { FsPort } from '../fs-port.ts';
import { layout } from '../layout.ts';
import { createQuarantineView } from '../quarantine.ts';
import { COMMIT_MARK } from '../staging.ts';
import { expiredTrash } from '../trash-batches.ts';
import { finding } from './finding.ts';

const MEGABYTE = 1_000_000;
/** An import of a large archive needs about this much at once. */
const LOW_SPACE_BYTES = 500 * MEGABYTE;
/** An import that is being prepared writes to its file all the time. */
const STAGING_IDLE_MS = 60 * 60_000;

export interface Surroundings {
  readonly fs: FsPort;
  readonly root: string;
  readonly clock: Clock;
}

/** @param freeBytes for tests; else what the disk says this person may still write */
export function checkSpace({ root }: Surroundings, freeBytes = readFreeBytes(root)): Finding[] {
  if (freeBytes === undefined || freeBytes >= LOW_SPACE_BYTES) return [];
  return [finding('space-low', '', `The vault’s disk has ${Math.floor(freeBytes / MEGABYTE)} MB left.`)];
}

function readFreeBytes(root: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(root);
    return bavail * bsize;
  } catch {
    return undefined; // some file systems do not say
  }
}

/** Whether others may read or write this file or folder. Windows keeps its own lists of who may. */
export function checkPermissions({ root }: Surroundings, path: string): Finding[] {
  // The lock's folder is the library's own, and always empty.
  if (process.platform === 'win32' || path === layout.lock) return [];
  const found = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (!found || found.isSymbolicLink() || (found.mode & 0o077) === 0) return [];
  const mode = (found.mode & 0o777).toString(8);
  return [finding('permissions', path, `Other people on this machine may open it (its mode is ${mode}).`)];
}

export function checkStaging({ fs, root, clock }: Surroundings): Finding[] {
  const folder = join(root, layout.staging);
  if (fs.stat(folder)?.kind !== 'folder') return [];
  const names = fs.readFolder(folder).flatMap(({ name, kind }) => (kind === 'file' ? [name] : []));
  const marked = new Set(
    names.filter((name) => name.endsWith(COMMIT_MARK)).map((name) => name.slice(0, -COMMIT_MARK.length)),
  );
  return names.flatMap((name) => {
    const path = `${layout.staging}/${name}`;
    const modifiedMs = fs.stat(join(folder, name))?.modifiedMs;
    // One that is written to now belongs to work under way.
    if (modifiedMs === undefined || clock.now() - modifiedMs < STAGING_IDLE_MS) return [];
    if (name.endsWith(COMMIT_MARK))
      return [finding('staging-unfinished', path, 'An import was accepted and is not written in full.')];
    return marked.has(name.replace(/\.ndjson$/, ''))
      ? []
      : [finding('staging-left', path, 'An import was prepared and never accepted.')];
  });
}

export function checkTrash({ fs, root, clock }: Surroundings): Finding[] {
  return expiredTrash(fs, root, clock).map((name) =>
    finding('trash-old', `${layout.trash}/${name}`, 'What lies here was deleted more than 30 days ago.'),
  );
}

export function checkQuarantine(surroundings: Surroundings): Finding[] {
  const view = createQuarantineView({ ...surroundings, log: { info: () => undefined, warn: () => undefined } });
  return view
    .list()
    .map(({ id, origin, reason }) =>
      finding('quarantined', `${layout.quarantine}/${id}.bin`, `Set aside from ${origin}: ${reason}.`),
    );
}
