/** Work that is waited for later: until then its failure is nobody's surprise. */
export function awaited<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** The same items, the next being made while one is worked on. Nothing goes on in the background once it has ended. */
export async function* readAhead<T>(source: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  let next = awaited(source.next());
  try {
    for (;;) {
      const step = await next;
      if (step.done === true) return;
      next = awaited(source.next());
      yield step.value;
    }
  } finally {
    await Promise.allSettled([next]);
    await source.return();
  }
}
