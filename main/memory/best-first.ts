/**
 * Gives the best of many one after the other without sorting all of them: a binary heap. Taking k of n costs n + k log n.
 */
export interface BestFirst<T> {
  /** The best that is left; undefined where there is none. */
  take(): T | undefined;
  /** Lets go of those that are not wanted any more. @returns how many went */
  keepOnly(isWanted: (member: T) => boolean): number;
}

/** @param isBetter a strict order: of two different members one is better */
export function bestFirst<T>(members: readonly T[], isBetter: (a: T, b: T) => boolean): BestFirst<T> {
  let heap = [...members];

  function sink(from: number): void {
    const moved = heap[from];
    if (moved === undefined) return;
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      const first = heap[left];
      if (first === undefined) break;
      const second = heap[left + 1];
      const isSecond = second !== undefined && isBetter(second, first);
      const child = isSecond ? second : first;
      if (!isBetter(child, moved)) break;
      heap[at] = child;
      at = isSecond ? left + 1 : left;
    }
    heap[at] = moved;
  }

  function order(): void {
    for (let at = (heap.length >> 1) - 1; at >= 0; at -= 1) sink(at);
  }

  order();
  return {
    take() {
      const best = heap[0];
      const last = heap.pop();
      if (heap.length > 0 && last !== undefined) {
        heap[0] = last;
        sink(0);
      }
      return best;
    },
    keepOnly(isWanted) {
      const before = heap.length;
      heap = heap.filter(isWanted);
      order();
      return before - heap.length;
    },
  };
}
