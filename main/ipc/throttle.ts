/** Passes on the first value at once, then at most one per interval: always the newest, and the last is never lost. */
export interface Throttle<T> {
  push(value: T): void;
  /** Passes on what waits, now. */
  flush(): void;
  /** Drops what waits. */
  cancel(): void;
}

/** Ten a second: as smooth as a progress bar needs, and cheap however fast the work reports. */
export const announceIntervalMs = 100;

/** `merge` joins a waiting value with a newer one; by default the newer wins. */
export function createThrottle<T>(
  pass: (value: T) => void,
  intervalMs: number,
  merge: (waiting: T, newer: T) => T = (_, newer) => newer,
): Throttle<T> {
  let waiting: { readonly value: T } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    timer = undefined;
    flush();
  };
  const flush = (): void => {
    if (waiting === undefined) return;
    const { value } = waiting;
    waiting = undefined;
    clearTimeout(timer);
    timer = setTimeout(tick, intervalMs).unref();
    pass(value);
  };
  return {
    push(value) {
      waiting = { value: waiting === undefined ? value : merge(waiting.value, value) };
      if (timer === undefined) flush();
    },
    flush,
    cancel() {
      waiting = undefined;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
