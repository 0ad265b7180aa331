/**
 * Runs the work in a world where no timer ever fires: on a simulated machine no real time passes, and the timers of a
 * vault that was left as a crash leaves it must neither run nor hold its memory. Turns of the event loop go on.
 */
export async function withoutTimers<T>(work: () => Promise<T>): Promise<T> {
  const { setTimeout: laterOnce, setInterval: laterAgain } = globalThis;
  const never = (() => deadTimer) as unknown as typeof setTimeout & typeof setInterval;
  Object.assign(globalThis, { setTimeout: never, setInterval: never });
  try {
    return await work();
  } finally {
    Object.assign(globalThis, { setTimeout: laterOnce, setInterval: laterAgain });
  }
}

/** As much of a `NodeJS.Timeout` as anybody here uses. */
const deadTimer = { ref: () => deadTimer, refresh: () => deadTimer, unref: () => deadTimer, hasRef: () => false };
