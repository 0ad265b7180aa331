import { expect, test } from 'vitest';
import { copyOf } from '../../../main/store/copy-of.ts';

const text = '{"a":1,"list":[{"b":null},[2,"3"]],"inner":{"c":{"d":[]}},"__proto__":{"e":{"__proto__":[4]}}}';

test('a copy is equal field by field, one named __proto__ included, and sets no prototype', () => {
  const copy = copyOf(JSON.parse(text)) as Record<string, unknown>;
  expect(JSON.stringify(copy)).toBe(text);
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  expect(copy['e']).toBeUndefined();
});

test('nothing in a copy is the original’s', () => {
  const original = JSON.parse(text) as object;
  const before = allObjects(original);
  for (const object of allObjects(copyOf(original))) expect(before).not.toContain(object);
});

function allObjects(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [
    value,
    ...Reflect.ownKeys(value).flatMap((key) => allObjects(Reflect.getOwnPropertyDescriptor(value, key)?.value)),
  ];
}
