/** Runs work one after another, in the order it came; a failure of one does not stop the next. */
export interface SerialQueue {
  run<T>(work: () => T | Promise<T>): Promise<T>;
  /** Resolves once everything queued before the call is done. */
  idle(): Promise<void>;
}

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(work) {
      const result = last.then(work);
      last = result.catch(() => undefined);
      return result;
    },
    idle: async () => void (await last),
  };
}
