import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanRecord, recordLimits } from '../../../main/records/json-guard.ts';
import { cutText, encodeKey, ForeignEncoder, safeText } from '../../../main/transfer/encode-foreign.ts';

const anyText = fc.string({ unit: 'binary' });
const trickyKey = fc.oneof(
  anyText,
  fc.constantFrom('__proto__', 'constructor', 'prototype', '_bsontype', '$where', 'a.b', '%24', '\ud800', ''),
);

test('distinct keys stay distinct, and the store takes each of them', () => {
  fc.assert(
    fc.property(trickyKey, trickyKey, (a, b) => {
      expect(encodeKey(a) === encodeKey(b)).toBe(a === b);
      expect(() => cleanRecord({ [encodeKey(a)]: 1 })).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});

test('keys that programs treat specially are percent-encoded', () => {
  const keys = ['$gt', 'a.b', '100%', '__proto__', 'constructor', 'prototype', 'plain', 'é'];
  expect(keys.map(encodeKey)).toEqual([
    '%24gt',
    'a%2Eb',
    '100%25',
    '%5F_proto__',
    '%63onstructor',
    '%70rototype',
    'plain',
    'é',
  ]);
});

test('a __proto__ of an export neither vanishes nor changes any prototype', () => {
  const foreign = JSON.parse('{"__proto__":{"polluted":true},"a":{"constructor":{"prototype":1}}}') as Record<
    string,
    unknown
  >;
  const encoded = new ForeignEncoder({ flat: false }).object(foreign);
  expect(encoded).toEqual({ '%5F_proto__': { polluted: true }, a: { '%63onstructor': { '%70rototype': 1 } } });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('half a character is replaced, and the text around it stays', () => {
  expect(safeText('before \ud83d after 😀 \udc00')).toBe('before \ufffd after 😀 \ufffd');
});

test('the store takes any JSON value, encoded', () => {
  fc.assert(
    fc.property(fc.dictionary(trickyKey, fc.jsonValue({ maxDepth: 5 })), (value) => {
      expect(() => cleanRecord(new ForeignEncoder({ flat: false }).object(value))).not.toThrow();
    }),
  );
});

test('a value nested deeper than a record may be is kept as JSON text', () => {
  let deep: unknown = 'the bottom';
  for (let level = 0; level < 200; level += 1) deep = { deeper: deep };
  const encoded = new ForeignEncoder({ flat: false }).object({ deep });
  expect(() => cleanRecord({ extra: encoded })).not.toThrow();
  expect(JSON.stringify(encoded)).toContain('the bottom');
});

test('long text is cut into pieces that give it back, never through a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 2, max: 9 }), (text, limit) => {
      const pieces = cutText(text, limit);
      expect(pieces.join('')).toBe(text);
      expect(pieces.every((piece) => piece.length <= limit && piece === safeText(piece))).toBe(true);
    }),
  );
  const long = 'x'.repeat(recordLimits.stringLength + 5);
  expect(cutText(long).every((piece) => piece.length <= recordLimits.stringLength)).toBe(true);
});
