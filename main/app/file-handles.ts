import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { OfferedFile } from '../../shared/ipc/bridge.ts';
import type { Log } from '../lib/log.ts';
import type { ChosenFile } from './ports.ts';

/** Names that stand for files the person chose, so that the page never sends or receives a path. */
export interface FileHandles {
  /** Gives the file a name of its own, good until it is forgotten or nobody asked for it for an hour. */
  offer(file: ChosenFile): OfferedFile;
  /** The same object for every call with this handle. @throws HANDLE_EXPIRED */
  resolve(handle: string): ChosenFile;
  /** Ends the handle and releases the file. Does nothing for a handle that is unknown. */
  forget(handle: string): Promise<void>;
  /** Forgets all of them. */
  close(): Promise<void>;
}

interface Entry {
  readonly file: ChosenFile;
  readonly expiry: NodeJS.Timeout;
}

const lifeMs = 60 * 60 * 1000;

export function createFileHandles(log: Log): FileHandles {
  const entries = new Map<string, Entry>();

  async function forget(handle: string): Promise<void> {
    const entry = entries.get(handle);
    if (entry === undefined) return;
    entries.delete(handle);
    clearTimeout(entry.expiry);
    try {
      await entry.file.release?.();
    } catch (error) {
      log.warn('a chosen file could not be released', { reason: error instanceof Error ? error.message : 'unknown' });
    }
  }

  return {
    offer(file) {
      const handle = randomUUID();
      entries.set(handle, { file, expiry: setTimeout(() => void forget(handle), lifeMs).unref() });
      return { handle, name: file.name };
    },
    resolve(handle) {
      const entry = entries.get(handle);
      if (entry === undefined) throw handleExpired();
      entry.expiry.refresh();
      return entry.file;
    },
    forget,
    async close() {
      await Promise.all([...entries.keys()].map(forget));
    },
  };
}

function handleExpired(): AppError {
  return new AppError('HANDLE_EXPIRED', 'The chosen file is no longer at hand.', { remedy: 'Choose the file again.' });
}
