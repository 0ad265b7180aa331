import { join } from 'node:path';
import { z } from 'zod';
import { durableWrite } from '../durable-write.ts';
import type { FsPort } from '../fs-port.ts';
import { layout } from '../layout.ts';

/** How far the files are: entries up to `last` are in them. `epoch`: of the owner who wrote it. */
const CheckpointMark = z.object({ last: z.int().nonnegative(), epoch: z.int().nonnegative() });
export type CheckpointMark = z.infer<typeof CheckpointMark>;

const pathOf = (root: string): string => join(root, layout.log, layout.checkpoint);

export function readCheckpointMark(fs: FsPort, root: string): CheckpointMark {
  const path = pathOf(root);
  if (fs.stat(path)?.kind !== 'file') return { last: 0, epoch: 0 };
  return CheckpointMark.parse(JSON.parse(fs.readFile(path).toString('utf8')));
}

/** Durable when this returns: from then on the log may go. */
export function writeCheckpointMark(fs: FsPort, root: string, mark: CheckpointMark): void {
  durableWrite(fs, root, pathOf(root), Buffer.from(`${JSON.stringify(mark)}\n`));
}
