import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentLog } from '../../../../main/lib/log.ts';
import { startDaily } from '../../../../main/store/retention/daily.ts';

const hourMs = 3_600_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A daily job that counts, over state in memory and a clock of its own. */
function counting(work: (signal: AbortSignal) => Promise<void> = async () => undefined, saved: unknown = null) {
  let nowMs = Date.parse('2026-11-20T12:00:00.000Z');
  let state = saved;
  const runs: string[] = [];
  const daily = startDaily({
    vault: { readAppFile: () => state, writeAppFile: (_, value) => void (state = value) },
    clock: { now: () => nowMs },
    log: silentLog,
    work: async (signal) => {
      runs.push(new Date(nowMs).toISOString());
      await work(signal);
    },
  });
  return { daily, runs, state: () => state, advance: (ms: number) => void (nowMs += ms) };
}

test('it runs soon after opening where it never ran, then once a day', async () => {
  const { daily, runs, advance } = counting();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(runs).toHaveLength(1);
  for (let hour = 0; hour < 48; hour += 1) {
    advance(hourMs);
    await daily.tick();
  }
  expect(runs).toHaveLength(3);
  await daily.stop();
});

test('a day that was slept through is caught up once, at the first look after waking', async () => {
  const { daily, runs, advance } = counting();
  await daily.tick();
  advance(100 * hourMs);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(runs).toEqual(['2026-11-20T12:00:00.000Z', '2026-11-24T16:00:00.000Z']);
  await daily.stop();
});

test('a last run within the day is respected by the next opening, one far in the future or unreadable is not', async () => {
  const recent = counting(undefined, { last_run: '2026-11-20T02:00:00.000Z' });
  const future = counting(undefined, { last_run: '2031-01-01T00:00:00.000Z' });
  const broken = counting(undefined, { last_run: 'yesterday' });
  for (const { daily } of [recent, future, broken]) await daily.tick();
  expect([recent.runs.length, future.runs.length, broken.runs.length]).toEqual([0, 1, 1]);
  for (const { daily } of [recent, future, broken]) await daily.stop();
});

test('what failed is tried again, and never twice at once', async () => {
  let failing = true;
  const { daily, runs, state } = counting(async () => {
    if (failing) throw new Error('the disk is full');
  });
  await Promise.all([daily.tick(), daily.tick()]);
  expect([runs.length, state()]).toEqual([1, null]);
  failing = false;
  await daily.tick();
  expect([runs.length, state()]).toEqual([2, { last_run: '2026-11-20T12:00:00.000Z' }]);
  await daily.stop();
});

test('stopping ends what is under way, and nothing runs after', async () => {
  const { daily, runs, state } = counting(
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended')))),
  );
  const running = daily.tick();
  await daily.stop();
  await running;
  await daily.tick();
  expect([runs.length, state()]).toEqual([1, null]);
});
