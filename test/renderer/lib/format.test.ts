import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatDay, formatTime } from '../../../renderer/lib/format.ts';

const words = { today: 'Today', yesterday: 'Yesterday' };
const now = new Date(2026, 10, 20, 9, 30);

test.each([
  ['2026-11-20', 'Today'],
  ['2026-11-19', 'Yesterday'],
  ['2026-11-14', 'Saturday'],
])('%s is %s on 20 November 2026', (day, heading) => {
  expect(formatDay(day, now, words)).toBe(heading);
});

test('a day a week ago has a date, and one of another year has its year', () => {
  expect(formatDay('2026-11-13', now, words)).toMatch(/13/);
  expect(formatDay('2026-11-13', now, words)).not.toMatch(/2026/);
  expect(formatDay('2025-11-13', now, words)).toMatch(/2025/);
});

test('a day in the future has its date, not a weekday', () => {
  expect(formatDay('2026-11-22', now, words)).toMatch(/22/);
});

test('the day after a clock change is still yesterday', () => {
  expect(formatDay('2026-10-25', new Date(2026, 9, 26, 0, 30), words)).toBe('Yesterday');
});

test('a time that is none is shown as it stands', () => {
  expect(formatTime('soon')).toBe('soon');
});

test('counts take the right form and are grouped', () => {
  expect([0, 1, 12_340].map((count) => formatCount(count, 'result', 'results'))).toEqual([
    '0 results',
    '1 result',
    `${(12_340).toLocaleString()} results`,
  ]);
});

test.each([
  [0, /^0 /],
  [999, /^999 /],
  [1_000, /^1\s?kB/i],
  [2_147_483_648, /^2[.,]1\s?GB/],
])('%i bytes are readable', (bytes, shape) => {
  expect(formatBytes(bytes)).toMatch(shape);
});
