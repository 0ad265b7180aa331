import { crc32 } from 'node:zlib';
import type { FileStat } from '../fs-port.ts';

/**
 * Remembers files that were found as they should be, so that a rescan reads only what has changed since: 4 bytes a
 * file, by day folder. Two that agree in name, size, time and inode are taken for the same.
 */
export interface DayMemory {
  begin(folder: string): DayPass;
}
export interface DayPass {
  /** Whether this folder was never looked through before. */
  readonly isFirst: boolean;
  isKnown(name: string, stat: FileStat): boolean;
  /** To be called for each file that is as it should be; others are forgotten. */
  keep(name: string, stat: FileStat): void;
  end(): void;
}

function signature(name: string, { size, modifiedMs, inode }: FileStat): number {
  return crc32(`${name}\n${size}\n${modifiedMs}\n${inode}`);
}

export function createDayMemory(): DayMemory {
  const days = new Map<string, Uint32Array>();
  return {
    begin(folder) {
      const known = new Set(days.get(folder));
      const kept: number[] = [];
      return {
        isFirst: !days.has(folder),
        isKnown: (name, stat) => known.has(signature(name, stat)),
        keep: (name, stat) => void kept.push(signature(name, stat)),
        end: () => void days.set(folder, Uint32Array.from(kept)),
      };
    },
  };
}
