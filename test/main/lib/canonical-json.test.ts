import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, isSameJson } from '../../../main/lib/canonical-json.ts';

/** The definition, written down as plainly as it can be. */
function plainly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${plainly((value as Record<string, unknown>)[key])}`).join(',')}}`;
}

const anyJson = fc.jsonValue({ maxDepth: 4 });
/** Keys that objects reorder or treat specially, often enough to be met. */
const oddKeys = fc.oneof(fc.constantFrom('10', '9', '01', '_a', 'a', 'B', '__proto__', '4294967295', ''), fc.string());
const oddJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.string(),
    fc.array(tie('value')),
    fc.dictionary(oddKeys, tie('value')),
  ),
})).value;

test('keys stand in the order of their code units, whatever they look like', () => {
  fc.assert(fc.property(fc.oneof(anyJson, oddJson), (value) => canonicalJson(value) === plainly(value)));
  expect(canonicalJson(JSON.parse('{"9":1,"10":2,"a":{"__proto__":3}}'))).toBe('{"10":2,"9":1,"a":{"__proto__":3}}');
});

test('so do many', () => {
  const many = fc.dictionary(fc.string({ maxLength: 3 }), fc.integer(), { minKeys: 20, maxKeys: 60 });
  fc.assert(fc.property(many, (value) => canonicalJson(value) === plainly(value)));
});

test('what JSON cannot hold is left out or becomes null, and minus zero becomes zero', () => {
  expect(canonicalJson({ b: undefined, a: [undefined, -0, Number.NaN] })).toBe('{"a":[null,0,null]}');
  expect(canonicalJson(undefined)).toBe('null');
  expect(canonicalJson({ '1': undefined, '0': -0 })).toBe('{"0":0}');
});

test('two values are the same exactly when their texts are', () => {
  fc.assert(
    fc.property(fc.oneof(anyJson, oddJson), fc.oneof(anyJson, oddJson), (a, b) => {
      const copy: unknown = JSON.parse(JSON.stringify(a));
      return isSameJson(a, copy) && isSameJson(a, b) === (canonicalJson(a) === canonicalJson(b));
    }),
  );
  expect(isSameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(isSameJson({ a: null }, {})).toBe(false);
  expect(isSameJson(JSON.parse('{"toString":1}'), {})).toBe(false);
  expect(isSameJson([], {})).toBe(false);
});
