import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoText } from '../../../main/store/iso-text.ts';

test('a time is written as Date writes it', () => {
  const time = fc.integer({ min: Date.parse('0000-01-01T00:00:00.000Z'), max: Date.parse('9999-12-31T23:59:59.999Z') });
  const edges = fc.constantFrom(
    0,
    -1,
    1,
    86_399_999,
    86_400_000,
    -86_400_000,
    -62_167_219_200_000,
    253_402_300_799_999,
  );
  fc.assert(
    fc.property(fc.oneof(time, edges), (milliseconds) => {
      expect(isoText(milliseconds)).toBe(new Date(milliseconds).toISOString());
    }),
    { numRuns: 2000 },
  );
});
