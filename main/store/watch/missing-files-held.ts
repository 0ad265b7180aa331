import { isMassLoss } from './mass-loss.ts';
import { type DataFile, type WatchDelays, keyOf } from './types.ts';

interface Port {
  /** Calls it once the time is over; returns what calls it off. */
  readonly after: (ms: number, work: () => void) => () => void;
  readonly delays: Pick<WatchDelays, 'vanishedMs' | 'quietMs'>;
  /** Files of records that there are, for what share of them is missing. */
  readonly fileCount: () => number;
  /** Whether the missing are held has changed, or how many are. */
  readonly onChange: () => void;
  /** The time for these is over: they are to be judged. */
  readonly onOverdue: () => void;
}

/**
 * Files that are not where the index has them. A few, in a folder that is there, are a person's deletion once they have been gone
 * for a while; many, or a whole folder, are held until the person says what was meant.
 */
export interface MissingFilesHeld {
  readonly files: readonly DataFile[];
  readonly isHeld: boolean;
  add(file: DataFile, isFolderThere: boolean): void;
  /** It is there again, or its deletion was taken over. */
  remove(file: DataFile): void;
  /** The files that are taken to be deleted; none where they are held, or from now on are. */
  judge(): readonly DataFile[];
  stop(): void;
}

export function createMissingFilesHeld({ after, delays, fileCount, onChange, onOverdue }: Port): MissingFilesHeld {
  const missing = new Map<string, { readonly file: DataFile; readonly isFolderThere: boolean }>();
  let isHeld = false;
  let cancelJudging: (() => void) | undefined;
  let cancelCount: (() => void) | undefined;

  function hold(): void {
    if (isHeld) return tellCountSoon();
    isHeld = true;
    onChange();
  }

  /** Files vanish and come back one by one: how many are held is told now and then. */
  function tellCountSoon(): void {
    cancelCount ??= after(delays.quietMs, () => {
      cancelCount = undefined;
      if (isHeld) onChange();
    });
  }

  return {
    get files() {
      return [...missing.values()].map(({ file }) => file);
    },
    get isHeld() {
      return isHeld;
    },
    add(file, isFolderThere) {
      missing.set(keyOf(file), { file, isFolderThere });
      if (isMassLoss(missing.size, fileCount())) return hold();
      // Counted from the last one that vanished: a deletion of many is seen whole before any of it is believed.
      cancelJudging?.();
      cancelJudging = after(delays.vanishedMs, onOverdue);
    },
    remove(file) {
      if (!missing.delete(keyOf(file)) || !isHeld) return;
      if (missing.size > 0) return tellCountSoon();
      isHeld = false;
      onChange();
    },
    judge() {
      if (isHeld) return [];
      // Files whose whole folder is gone wait for the folder, or for the person.
      if ([...missing.values()].some(({ isFolderThere }) => !isFolderThere)) {
        hold();
        return [];
      }
      return this.files;
    },
    stop() {
      cancelJudging?.();
      cancelCount?.();
    },
  };
}
