import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segmentsOf } from '../../../renderer/lib/segments.ts';

test('the found words are marked and nothing else', () => {
  expect(segmentsOf('the cold proof', [[4, 8]])).toEqual([
    { text: 'the ', isMarked: false },
    { text: 'cold', isMarked: true },
    { text: ' proof', isMarked: false },
  ]);
});

test('ranges that overlap, stand in any order or reach past the end leave the text whole', () => {
  const range = fc.tuple(fc.nat(40), fc.nat(40));
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.array(range, { maxLength: 6 }), (text, ranges) => {
      const segments = segmentsOf(text, ranges);
      expect(segments.map((segment) => segment.text).join('')).toBe(text);
      const marked = segments.flatMap((segment) => Array.from({ length: segment.text.length }, () => segment.isMarked));
      const wanted = Array.from({ length: text.length }, (_, at) => ranges.some(([from, to]) => at >= from && at < to));
      expect(marked).toEqual(wanted);
    }),
  );
});
