import { expect, test } from 'vitest';
import { missingPages, wantPages } from '../../../renderer/features/thread/thread-pages.ts';

test('a range wants its pages and those it comes near to', () => {
  expect(wantPages([], 100, 110)).toEqual([2, 3]);
  expect(wantPages([], 0, 5)).toEqual([0]);
});

test('pages that are wanted already change nothing, so that nothing is drawn again', () => {
  const wanted = wantPages([], 100, 110);
  expect(wantPages(wanted, 101, 111)).toBe(wanted);
});

test('pages seen long ago are let go', () => {
  let wanted: readonly number[] = [];
  for (let first = 0; first < 2_000; first += 40) wanted = wantPages(wanted, first, first + 10);
  expect(wanted).toHaveLength(8);
  expect(wanted.at(-1)).toBe(49);
});

test('what the first answer brought whole is not asked for again', () => {
  const messages = Array.from({ length: 40 });
  expect(missingPages([0], { offset: 0, total: 30, messages: messages.slice(10) })).toEqual([]);
  expect(missingPages([1, 2, 3], { offset: 80, total: 120, messages })).toEqual([1]);
  expect(missingPages([2], { offset: 70, total: 110, messages })).toEqual([]);
  expect(missingPages([1], { offset: 70, total: 110, messages })).toEqual([1]);
});
