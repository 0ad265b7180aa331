import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createThrottle } from '../../../main/ipc/throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a thousand reports in a second become about ten, first at once, last not lost', () => {
  const passed: number[] = [];
  const throttle = createThrottle<number>((value) => passed.push(value), 100);
  for (let report = 1; report <= 1000; report += 1) {
    throttle.push(report);
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(200);
  expect(passed.length).toBeGreaterThanOrEqual(10);
  expect(passed.length).toBeLessThanOrEqual(12);
  expect([passed[0], passed.at(-1)]).toEqual([1, 1000]);
});

test('waiting values are joined where that is asked for', () => {
  const passed: number[][] = [];
  const throttle = createThrottle<number[]>(
    (value) => passed.push(value),
    100,
    (waiting, newer) => [...waiting, ...newer],
  );
  for (const value of [1, 2, 3]) throttle.push([value]);
  vi.advanceTimersByTime(100);
  expect(passed).toEqual([[1], [2, 3]]);
});

test('flush passes on at once, cancel drops', () => {
  const passed: number[] = [];
  const throttle = createThrottle<number>((value) => passed.push(value), 100);
  throttle.push(1);
  throttle.push(2);
  throttle.flush();
  throttle.push(3);
  throttle.cancel();
  vi.advanceTimersByTime(500);
  expect(passed).toEqual([1, 2]);
});
