import type { After, DataFile, WatchDelays } from './types.ts';
import { keyOf } from './types.ts';

/** Files that something happened to. Each is handed over once it has been quiet for a while, or its patience is over. */
export interface DirtyFiles {
  mark(file: DataFile): void;
  /** Waiting to be looked at, so that nobody else should write over it just now. */
  has(file: DataFile): boolean;
  readonly size: number;
  stop(): void;
}

interface Waiting {
  readonly file: DataFile;
  readonly sinceMs: number;
  quietFromMs: number;
}

interface Port {
  readonly after: After;
  readonly now: () => number;
  readonly delays: Pick<WatchDelays, 'quietMs' | 'patienceMs'>;
  readonly onQuiet: (files: readonly DataFile[]) => void;
}

/** One timer for all of them: ten thousand files that change at once must not be ten thousand timers. */
export function createDirtyFiles({ after, now, delays, onQuiet }: Port): DirtyFiles {
  const waiting = new Map<string, Waiting>();
  let cancel: (() => void) | undefined;

  function schedule(): void {
    if (cancel !== undefined || waiting.size === 0) return;
    cancel = after(Math.max(5, delays.quietMs / 4), () => {
      cancel = undefined;
      const nowMs = now();
      const due = [...waiting].filter(
        ([, { quietFromMs, sinceMs }]) => quietFromMs <= nowMs || nowMs - sinceMs >= delays.patienceMs,
      );
      for (const [key] of due) waiting.delete(key);
      if (due.length > 0) onQuiet(due.map(([, { file }]) => file));
      schedule();
    });
  }

  return {
    mark(file) {
      const key = keyOf(file);
      const nowMs = now();
      const known = waiting.get(key);
      if (known) known.quietFromMs = nowMs + delays.quietMs;
      else waiting.set(key, { file, sinceMs: nowMs, quietFromMs: nowMs + delays.quietMs });
      schedule();
    },
    has: (file) => waiting.has(keyOf(file)),
    get size() {
      return waiting.size;
    },
    stop() {
      cancel?.();
      waiting.clear();
    },
  };
}
