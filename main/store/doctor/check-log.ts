import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Finding } from '../../../shared/ipc/upkeep.ts';
import { type FsPort, fsErrorCode } from '../fs-port.ts';
import { layout } from '../layout.ts';
import { recoverLog } from '../log/recover-log.ts';
import { readMarker } from '../marker.ts';
import { finding } from './finding.ts';

/** Entries up to `last` are in the files; see engine.ts. */
const Mark = z.object({ last: z.int().nonnegative() });

/**
 * Reads the write-ahead log as the next opening would, and changes nothing.
 *
 * @param isLive an owner is writing: an unfinished end is a write under way
 */
export function checkLog(fs: FsPort, root: string, isLive: boolean): Finding[] {
  if (fs.stat(join(root, layout.log))?.kind !== 'folder') return [];
  try {
    return readLog(fs, root, isLive);
  } catch (error) {
    if (isLive && fsErrorCode(error) === 'ENOENT') return []; // its owner has just dropped a segment
    const reason = error instanceof Error ? error.message : 'unknown';
    return [finding('log-damaged', layout.log, `The log cannot be read: ${reason}.`)];
  }
}

function readLog(fs: FsPort, root: string, isLive: boolean): Finding[] {
  const folder = join(root, layout.log);
  const { gap, tails, entries } = recoverLog(fs, folder, readMarker(fs, root).store_id, lastInFiles(fs, folder));
  const findings: Finding[] = [];
  const pathOf = (path: string): string => `${layout.log}/${basename(path)}`;
  if (gap) {
    const message = `From entry ${gap.expected} on the log is not whole: ${gap.reason}.`;
    findings.push(finding('log-damaged', pathOf(gap.path), message));
  }
  if (isLive) return findings;
  for (const { path, bytes } of tails.filter((tail) => tail.bytes.length > 0)) {
    findings.push(finding('log-tail', pathOf(path), `The log ends with ${bytes.length} bytes of an unfinished write.`));
  }
  if (entries.length > 0) {
    const message = `The log holds ${entries.length} entries that are not in the files yet.`;
    findings.push(finding('log-late', layout.log, message));
  }
  return findings;
}

function lastInFiles(fs: FsPort, folder: string): number {
  const path = join(folder, layout.checkpoint);
  if (fs.stat(path)?.kind !== 'file') return 0;
  return Mark.parse(JSON.parse(fs.readFile(path).toString('utf8'))).last;
}
