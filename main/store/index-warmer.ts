import type { CollectionTable } from './collection-table.ts';
import { createTimeSlices } from './time-slices.ts';

/** How long after opening or a large batch the indexes that nobody has asked for are filled. */
const WARM_AFTER_MS = 2_000;

/** Fills ahead the indexes that are filled on their first use, while nobody waits for them. */
export interface IndexWarmer {
  /** Begins the wait anew. Only reads, so that it need not wait for writes, nor they for it. */
  warmWhenIdle(): void;
  /** Ends the wait, or the filling at its next pause. */
  callOff(): void;
}

/** @param onError what reading the files said; the indexes are then filled when they are asked for */
export function createIndexWarmer(
  tables: Pick<ReadonlyMap<string, CollectionTable>, 'values'>,
  onError: (error: unknown) => void,
): IndexWarmer {
  let timer: NodeJS.Timeout | undefined;
  /** Counts the fillings, so that one knows when it has been called off. */
  let current = 0;

  function callOff(): void {
    clearTimeout(timer);
    current += 1;
  }

  async function warm(): Promise<void> {
    const own = current;
    const slices = createTimeSlices();
    for (const table of tables.values()) {
      for (const _ of table.warm()) {
        await slices.pause();
        if (current !== own) return;
      }
    }
  }

  return {
    warmWhenIdle() {
      callOff();
      timer = setTimeout(() => void warm().catch(onError), WARM_AFTER_MS);
      timer.unref();
    },
    callOff,
  };
}
