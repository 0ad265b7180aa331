import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { onDisk } from './disk-errors.ts';
import type { FsPort } from './fs-port.ts';
import { fileNameOf } from './layout.ts';
import { nodeFs } from './node-fs.ts';
import type { StagedBatch, StagedOperation } from './types.ts';

/** Collects operations in one NDJSON file beside the data. Needs no Vault, so a worker thread can fill it. */
export interface Staging {
  write(operation: StagedOperation): void;
  /** Makes the file durable. Nothing can be written after. */
  finish(): StagedBatch;
  /** Removes what was written, unless it is committed; harmless when nothing was, or after `finish`. */
  discard(): void;
}

const BUFFER_BYTES = 256 * 1024;

export function stagedPath(stagingRoot: string, batchId: string): string {
  return join(stagingRoot, `${fileNameOf(batchId)}.ndjson`);
}

/** The file whose presence makes a staged batch a fact; see ingest.ts. */
export function commitMarkPath(stagingRoot: string, batchId: string): string {
  return stagedPath(stagingRoot, batchId).replace(/\.ndjson$/, COMMIT_MARK);
}
export const COMMIT_MARK = '.commit.json';

/** Removes a staged file, whoever wrote it, unless its batch is committed: the vault finishes that one. */
export function discardStaged(stagingRoot: string, batchId: string, fs: FsPort = nodeFs): void {
  const path = stagedPath(stagingRoot, batchId);
  onDisk(`removing ${path}`, () => {
    if (fs.stat(commitMarkPath(stagingRoot, batchId)) === undefined && fs.stat(path) !== undefined) fs.unlink(path);
  });
}

/** DISK_FULL, DISK_ERROR. The staging root must exist: `Vault.stagingRoot` does. */
export function createStaging(stagingRoot: string, batchId: string, fs: FsPort = nodeFs): Staging {
  const path = stagedPath(stagingRoot, batchId);
  if (fs.stat(path) !== undefined) {
    throw new AppError('BAD_INPUT', `A batch named ${batchId} is being prepared already.`, {
      remedy: 'Give each batch a name of its own.',
      details: { batchId },
    });
  }
  const file = onDisk(`writing ${path}`, () => fs.openAppend(path));
  const hash = createHash('sha256');
  let pending: string[] = [];
  let pendingLength = 0;
  let operations = 0;
  let isOpen = true;

  function flush(): void {
    const bytes = Buffer.from(pending.join(''));
    [pending, pendingLength] = [[], 0];
    hash.update(bytes);
    onDisk(`writing ${path}`, () => file.append(bytes));
  }
  function close(): void {
    if (isOpen) file.close();
    isOpen = false;
  }

  return {
    write(operation) {
      const line = `${JSON.stringify(operation)}\n`;
      pending.push(line);
      operations += 1;
      if ((pendingLength += line.length) >= BUFFER_BYTES) flush();
    },
    finish() {
      flush();
      onDisk(`writing ${path}`, () => file.sync());
      close();
      onDisk(`writing ${path}`, () => fs.syncFolder(stagingRoot));
      return { id: batchId, operations, sha256: hash.digest('hex') };
    },
    discard() {
      close();
      discardStaged(stagingRoot, batchId, fs);
    },
  };
}
