import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CollectionTable } from '../../../main/store/collection-table.ts';
import { createIndexWarmer } from '../../../main/store/index-warmer.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A table of which nothing is asked but to fill its indexes, a part at a time. */
function tableOf(warm: () => Iterable<void>): ReadonlyMap<string, CollectionTable> {
  return new Map([['conversations', { warm } as unknown as CollectionTable]]);
}

test('indexes are filled once nothing has called for the wait again', async () => {
  let parts = 0;
  const onError = vi.fn();
  const warmer = createIndexWarmer(
    tableOf(function* () {
      for (parts = 0; parts < 3; parts += 1) yield;
    }),
    onError,
  );
  warmer.warmWhenIdle();
  vi.advanceTimersByTime(1_900);
  warmer.warmWhenIdle();
  vi.advanceTimersByTime(1_900);
  expect(parts).toBe(0);
  vi.advanceTimersByTime(100);
  await vi.waitFor(() => expect(parts).toBe(3), { timeout: 30_000 });
  expect(onError).not.toHaveBeenCalled();
});

test('a filling that is called off ends at its next pause, and one that waits never begins', async () => {
  let parts = 0;
  const ended = vi.fn();
  const warmer = createIndexWarmer(
    tableOf(function* () {
      try {
        for (;;) {
          parts += 1;
          if (parts === 2) warmer.callOff();
          yield;
        }
      } finally {
        ended();
      }
    }),
    vi.fn(),
  );
  warmer.warmWhenIdle();
  warmer.callOff();
  vi.advanceTimersByTime(10_000);
  expect(parts).toBe(0);
  warmer.warmWhenIdle();
  vi.advanceTimersByTime(2_000);
  await vi.waitFor(() => expect(ended).toHaveBeenCalled(), { timeout: 30_000 });
  expect(parts).toBe(2);
});

test('what reading the files says is told', async () => {
  const onError = vi.fn();
  const warmer = createIndexWarmer(
    tableOf(() => {
      throw new Error('gone');
    }),
    onError,
  );
  warmer.warmWhenIdle();
  vi.advanceTimersByTime(2_000);
  await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(new Error('gone')), { timeout: 30_000 });
});
