import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { CollectionTable } from '../collection-table.ts';
import { onDisk } from '../disk-errors.ts';
import { durableWriteParts } from '../durable-write.ts';
import type { FileStat, FsPort } from '../fs-port.ts';
import type { IndexKeeper } from '../index-keeper.ts';
import { collectionFolder } from '../layout.ts';
import type { LogFile } from '../row.ts';
import type { TimeSlices } from '../time-slices.ts';
import { type KeepsLine, type Plan, planOf } from './plan.ts';
import { isMostlyWaste } from './waste.ts';

/** Another reason to write a file anew than that most of it is waste. */
export interface Rewriting {
  readonly keeps: KeepsLine;
}

export interface CompactionPort {
  readonly fs: FsPort;
  readonly root: string;
  readonly slices: TimeSlices;
  readonly keeper: Pick<IndexKeeper, 'markDirty'>;
  /** Everything committed is in the files, and what is owed to the disk is synced, when this resolves. */
  readonly checkpoint: () => Promise<void>;
  /** Whether nothing waits for its file. */
  readonly isSettled: () => boolean;
  readonly assertOwned: () => void;
  /** Has a folder synced before the log lets go of anything that is committed from now on. */
  readonly syncLater: (folder: string) => void;
  /** A table's files are others now; for those who read them. */
  readonly onFiles: (table: CollectionTable) => void;
}

/**
 * One file of a log without its superseded lines; called in the store's write queue, so that no commit comes between.
 * The new file is written beside the old one and verified; then it takes its name, and the rows follow, in one turn of
 * the event loop: no reader ever sees rows of the one and bytes of the other. A crash leaves the old file or the new
 * one. A saved index of before is not believed afterwards: the folder has changed, and the size.
 *
 * @param rewriting absent: superseded lines go, where they are more than half
 * @returns bytes saved; null where the file is not as memory knows it, or changed meanwhile: another time, then
 * @throws DISK_FULL, DISK_ERROR: the old file stands, or the new one
 */
export async function compactFile(
  port: CompactionPort,
  table: CollectionTable,
  file: LogFile,
  rewriting?: Rewriting,
): Promise<number | null> {
  const { fs, root, slices } = port;
  await port.checkpoint();
  const path = join(collectionFolder(root, table.name), file.path);
  const found = fs.stat(path);
  if (table.logFiles.get(file.path) !== file || found?.kind !== 'file' || found.size !== file.size) return null;
  const bytes = onDisk(`reading ${path}`, () => fs.readFile(path));
  const pause = (): Promise<void> => slices.pause();
  if ((await crcOf(bytes, pause)) !== file.crc) return null;
  const plan = await planOf(bytes, pause, rewriting?.keeps);
  if (plan === null) return null;
  if (plan.size === bytes.length) return 0;
  if (rewriting === undefined && !isMostlyWaste(bytes.length, plan.size)) return 0;
  port.assertOwned();
  port.keeper.markDirty();
  // A name that the sweep knows (sweep.ts), as the writer's own.
  const beside = `${path}.1`;
  await durableWriteParts(fs, root, beside, plan.parts, pause);
  if (!swap(port, { table, file, path, beside, found, plan })) return null;
  port.onFiles(table);
  await port.checkpoint();
  return bytes.length - plan.size;
}

const CHUNK_BYTES = 1024 * 1024;

async function crcOf(bytes: Buffer, pause: () => Promise<void>): Promise<number> {
  let crc = 0;
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    crc = crc32(bytes.subarray(at, at + CHUNK_BYTES), crc);
    await pause();
  }
  return crc;
}

interface Swap {
  readonly table: CollectionTable;
  readonly file: LogFile;
  readonly path: string;
  readonly beside: string;
  /** The file as it was when it was read. */
  readonly found: FileStat;
  readonly plan: Plan;
}

/** False: something happened to the file meanwhile, and nothing has changed. Gives nothing back to the event loop. */
function swap(port: CompactionPort, { table, file, path, beside, found, plan }: Swap): boolean {
  const { fs } = port;
  let isDone = false;
  try {
    port.assertOwned();
    const isSame = isSameFile(found, fs.stat(path)) && table.logFiles.get(file.path) === file;
    const isQuiet = file.size === found.size && file.owed === 0 && port.isSettled();
    if (!isSame || !isQuiet || !table.canMoveLines(file, plan.offsets)) return false;
    // Before the name changes: a later commit's bytes go to the new file, and a power cut must not bring the old one back.
    port.syncLater(dirname(path));
    onDisk(`writing ${path}`, () => fs.rename(beside, path));
    isDone = true;
    table.moveLines(file, { ...file, size: plan.size, crc: plan.crc }, plan.offsets);
    return true;
  } finally {
    if (!isDone) removeIfThere(fs, beside);
  }
}

function isSameFile(then: FileStat, now: FileStat | undefined): boolean {
  return now?.size === then.size && now.modifiedMs === then.modifiedMs && now.inode === then.inode;
}

function removeIfThere(fs: FsPort, path: string): void {
  try {
    if (fs.stat(path) !== undefined) fs.unlink(path);
  } catch {
    // The disk refuses this too; the sweep comes later.
  }
}
