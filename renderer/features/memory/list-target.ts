import type { KeyboardEvent } from 'react';

const pageRows = 8;

/** The row of a list that a key leads to; undefined for keys that are not the list's. */
export function targetOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  from: number,
  count: number,
): number | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return undefined;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + pageRows,
    PageUp: from - pageRows,
    Home: 0,
    End: count - 1,
  };
  const target = steps[event.key];
  return target === undefined ? undefined : Math.min(count - 1, Math.max(0, target));
}
