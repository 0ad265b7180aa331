import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fullOverscan,
  heightBetween,
  rangeAround,
  rangeFor,
  type RowModel,
} from '../../../renderer/features/thread/row-model.ts';

function rows(heights: readonly number[]): RowModel {
  return { count: heights.length, heightOf: (index) => heights[index] ?? 0 };
}

const heights = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 200 });
const nothing = { first: 0, last: -1 };

test('whatever the heights, all that is seen and a margin around it is drawn', () => {
  fc.assert(
    fc.property(heights, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
      const model = rows(given);
      const total = heightBetween(model, 0, model.count);
      const viewport = { top: Math.floor(total * share), height: 800 };
      const { first, last } = rangeFor(model, viewport, fullOverscan, nothing);
      expect(heightBetween(model, 0, first)).toBeLessThanOrEqual(Math.max(0, viewport.top - fullOverscan.needed));
      expect(heightBetween(model, 0, last + 1)).toBeGreaterThanOrEqual(
        Math.min(total, viewport.top + viewport.height + fullOverscan.needed),
      );
      expect(last).toBeLessThan(model.count);
    }),
  );
});

test('a small move draws nothing new', () => {
  const model = rows(Array.from({ length: 500 }, () => 100));
  const before = rangeFor(model, { top: 20_000, height: 800 }, fullOverscan, nothing);
  expect(rangeFor(model, { top: 20_300, height: 800 }, fullOverscan, before)).toBe(before);
  expect(rangeFor(model, { top: 22_000, height: 800 }, fullOverscan, before)).not.toBe(before);
});

test('the last row is drawn with what fits above it, any other with what fits below', () => {
  const model = rows(Array.from({ length: 100 }, () => 100));
  expect(rangeAround(model, 99, 500)).toEqual({ first: 94, last: 99 });
  expect(rangeAround(model, 50, 500)).toEqual({ first: 50, last: 54 });
});

test('an empty list draws nothing', () => {
  expect(rangeAround(rows([]), -1, 500)).toEqual({ first: 0, last: -1 });
});
