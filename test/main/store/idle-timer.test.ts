import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createIdleTimer } from '../../../main/store/idle-timer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('each restart begins the while anew, also with another length, and after it has fired', () => {
  const work = vi.fn();
  const timer = createIdleTimer(work);
  timer.restart(100);
  vi.advanceTimersByTime(90);
  timer.restart(100);
  vi.advanceTimersByTime(90);
  expect(work).not.toHaveBeenCalled();
  timer.restart(1_000);
  vi.advanceTimersByTime(999);
  expect(work).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(work).toHaveBeenCalledTimes(1);
  timer.restart(1_000);
  vi.advanceTimersByTime(1_000);
  expect(work).toHaveBeenCalledTimes(2);
});

test('what was stopped stays so until it is restarted', () => {
  const work = vi.fn();
  const timer = createIdleTimer(work);
  timer.restart(100);
  timer.stop();
  vi.advanceTimersByTime(1_000);
  expect(work).not.toHaveBeenCalled();
  timer.restart(100);
  vi.advanceTimersByTime(100);
  expect(work).toHaveBeenCalledTimes(1);
});
