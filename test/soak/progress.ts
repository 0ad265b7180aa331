import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How far a soak has come, so that the next one goes on. */
export interface Progress {
  /** All seeds below are done. */
  next: number;
  /** Those from `next` on that are done too. */
  readonly done: Set<number>;
  readonly totals: Record<string, number>;
  seconds: number;
}

const folder = join(import.meta.dirname, '../../.soak');
const pathOf = (name: string): string => join(folder, `${name}.json`);

/** @param first the seed to begin with where there was no run before */
export function readProgress(name: string, first = 1): Progress {
  if (!existsSync(pathOf(name))) return { next: first, done: new Set(), totals: {}, seconds: 0 };
  const { next, done, totals, seconds } = JSON.parse(readFileSync(pathOf(name), 'utf8')) as {
    next: number;
    done: number[];
    totals: Record<string, number>;
    seconds: number;
  };
  return { next, done: new Set(done), totals, seconds };
}

export function writeProgress(name: string, progress: Progress): void {
  while (progress.done.delete(progress.next)) progress.next += 1;
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ ...progress, done: [...progress.done] }, null, 2);
  writeFileSync(`${pathOf(name)}.new`, `${text}\n`);
  renameSync(`${pathOf(name)}.new`, pathOf(name));
}
