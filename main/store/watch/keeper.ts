import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { ChangeBatch } from '../../../shared/store/store.ts';
import type { CollectionTable } from '../collection-table.ts';
import { dayOf } from '../layout.ts';
import type { TimeSlices } from '../time-slices.ts';
import { knownAt, knownByDay, pathsOf } from './known-files.ts';
import type { LastGood } from './last-good.ts';
import type { After, Expected, WatchDelays } from './types.ts';
import type { TakePort } from './take-port.ts';

/** Keeps last good versions up: of days that were written to once they are quiet, of all days now and then. */
export interface Keeper {
  keepAll(): Promise<void>;
  stop(): void;
}

interface Port {
  readonly parts: Pick<TakePort['parts'], 'tables' | 'log'>;
  readonly lastGood: LastGood;
  readonly after: After;
  readonly slices: TimeSlices;
  readonly delays: Pick<WatchDelays, 'keepMs'>;
  readonly watch: (listener: (batch: ChangeBatch) => void) => () => void;
}

export function createKeeper(port: Port): Keeper {
  const { parts, lastGood, after, slices, delays } = port;
  const touched = new Map<CollectionName, Set<string>>();
  let cancel: (() => void) | undefined;
  let isStopped = false;
  let isRunning = false;

  const unwatch = port.watch(({ changes }) => {
    for (const { collection, id, type } of changes) {
      const row = parts.tables.get(collection)?.rows.get(id);
      // Of a deletion only the record's name is known: the day it was in is found by comparing all of them.
      const day = row ? dayOf(row.view.created_at) : type === 'delete' ? '' : undefined;
      if (day === undefined) continue;
      touch(collection, day);
    }
    soon();
  });

  function touch(collection: CollectionName, day: string): void {
    touched.set(collection, (touched.get(collection) ?? new Set()).add(day));
  }

  function soon(): void {
    cancel?.();
    if (!isStopped && touched.size > 0) cancel = after(delays.keepMs, () => void run());
  }

  async function run(): Promise<void> {
    if (isRunning) return soon();
    isRunning = true;
    const due = [...touched];
    touched.clear();
    try {
      for (const [collection, days] of due) {
        const table = parts.tables.get(collection);
        if (!table) continue;
        if (days.has('') || days.size > 50) await keepDays(table, '');
        else for (const day of days) await keepDays(table, day);
      }
    } catch (error) {
      // Only a convenience: the files themselves are not touched.
      parts.log.warn('last good versions were not kept', { error: String(error) });
    }
    isRunning = false;
    soon();
  }

  async function keepDays(table: CollectionTable, prefix: string): Promise<void> {
    const { files: days, behind } = await knownByDay(table, prefix, slices);
    // What is not in its file yet is kept once it is.
    for (const day of behind) touch(table.name, day);
    // Days that were emptied: what is kept of them goes too.
    for (const day of lastGood.days(table.name)) if (day.startsWith(prefix) && !days.has(day)) days.set(day, []);
    for (const [day, names] of days) {
      if (isStopped) return;
      await lastGood.keep(table.name, day, await expectedOf(table, pathsOf(table, names)));
    }
  }

  async function expectedOf(table: CollectionTable, paths: readonly string[]): Promise<Map<string, Expected>> {
    const files = new Map<string, Expected>();
    for (const path of paths) {
      const known = knownAt(table, path);
      if (known) files.set(path, known.expected);
      await slices.pause();
    }
    return files;
  }

  return {
    async keepAll() {
      for (const table of parts.tables.values()) await keepDays(table, '');
    },
    stop() {
      isStopped = true;
      cancel?.();
      unwatch();
    },
  };
}
