import { join } from 'node:path';
import { collectionNames } from '../../../shared/collections/registry.ts';
import type { Finding } from '../../../shared/ipc/upkeep.ts';
import type { FsPort } from '../fs-port.ts';
import { layout } from '../layout.ts';
import type { TimeSlices } from '../time-slices.ts';
import { finding } from './finding.ts';

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly slices: TimeSlices;
}

/** The saved indexes: derived, but a damaged one makes every opening read all files. */
export async function checkSavedIndexes({ fs, root, slices }: Port): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of collectionNames) {
    const path = `${layout.data}/${name}/${layout.index}`;
    if (fs.stat(join(root, path))?.kind !== 'file') continue;
    const isReadable = await isWhole(fs.readFile(join(root, path)), slices);
    if (!isReadable) findings.push(finding('index-damaged', path, 'The saved index cannot be read.'));
  }
  return findings;
}

const NEWLINE = 0x0a;
const ITEMS = '"items":{';

/**
 * Whether all of a saved index is JSON. It is written an item a line (index-file.ts), and read so here: parsing tens of
 * megabytes at once would hold up the window. One in another layout is parsed as a whole.
 */
async function isWhole(bytes: Buffer, slices: TimeSlices): Promise<boolean> {
  const headEnd = bytes.indexOf(NEWLINE);
  const head = bytes.subarray(0, Math.max(0, headEnd)).toString('utf8');
  if (!head.endsWith(ITEMS)) return isIndex(bytes.toString('utf8'));
  if (!isIndex(`${head}}}`)) return false;
  for (let start = headEnd + 1; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const line = bytes.subarray(start, newline === -1 ? bytes.length : newline).toString('utf8');
    start = newline === -1 ? bytes.length : newline + 1;
    if (line === '}}') return start === bytes.length;
    // An index of nothing has an empty line in its middle.
    if (line !== '' && parsed(`{${line.replace(/,$/, '')}}`) === undefined) return false;
    await slices.pause();
  }
  return false;
}

function isIndex(text: string): boolean {
  const saved = parsed(text);
  return typeof saved === 'object' && saved !== null && 'version' in saved && 'items' in saved;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
