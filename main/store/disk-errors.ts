import { AppError } from '../../shared/errors.ts';
import { fsErrorCode } from './fs-port.ts';

/** A failed disk call as the person should read it: DISK_FULL or DISK_ERROR. AppErrors pass through. */
export function diskError(thrown: unknown, doing: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = fsErrorCode(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('DISK_FULL', `The disk is full: ${doing} failed.`, {
      remedy: 'Nothing was changed. Free some space and try again.',
      details: { code },
      cause: thrown,
    });
  }
  return new AppError('DISK_ERROR', `The disk refused: ${doing} failed${code && ` (${code})`}.`, {
    remedy: 'Nothing was changed. Check that the vault’s folder is there and may be written, then try again.',
    details: { code },
    cause: thrown,
  });
}

/** What was thrown, as an AppError where it came from the disk. */
export function translated(thrown: unknown, doing: string): unknown {
  return fsErrorCode(thrown).startsWith('E') && !(thrown instanceof AppError) ? diskError(thrown, doing) : thrown;
}

/** Runs disk work and translates what it throws. */
export function onDisk<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw translated(thrown, doing);
  }
}
