import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BestFirst, bestFirst } from '../../../main/memory/best-first.ts';

function all<T>(queue: BestFirst<T>): T[] {
  const taken: T[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) taken.push(next);
  return taken;
}

test('it gives them in the order in which sorting would put them', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      expect(all(bestFirst(numbers, (a, b) => a > b))).toEqual(numbers.toSorted((a, b) => b - a));
    }),
  );
});

test('what is not wanted any more goes, and is counted', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100)), fc.nat(20), fc.nat(100), (numbers, first, most) => {
      const queue = bestFirst(numbers, (a, b) => a > b);
      const taken = Array.from({ length: Math.min(first, numbers.length) }, () => queue.take());
      const left = numbers.toSorted((a, b) => b - a).slice(taken.length);
      const kept = left.filter((number) => number <= most);
      expect(queue.keepOnly((number) => number <= most)).toBe(left.length - kept.length);
      expect(all(queue)).toEqual(kept);
    }),
  );
});
