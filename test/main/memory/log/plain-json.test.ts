import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../../main/lib/canonical-json.ts';
import { NOT_PLAIN, createMembers, endOfPlain, readMembers } from '../../../../main/memory/log/plain-json.ts';
import { oddJson } from './odd-json.ts';

const RUNS = { numRuns: 20_000 };
const bytesOf = (text: string): Buffer => Buffer.from(`${text}\n`);
const isPlain = (text: string): boolean => endOfPlain(bytesOf(text), 0, 0) === Buffer.byteLength(text);

test('what is taken for plain is what JSON.stringify and canonical JSON make of it', () => {
  let taken = 0;
  fc.assert(
    fc.property(oddJson, (text) => {
      if (!isPlain(text)) return;
      taken += 1;
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
    RUNS,
  );
  expect(taken).toBeGreaterThan(1000);
});

test('an object whose members are found is what JSON.stringify makes of it, unless one has a name twice', () => {
  const members = createMembers(8, true);
  let [taken, disordered] = [0, 0];
  fc.assert(
    fc.property(oddJson, (text) => {
      const bytes = bytesOf(text);
      if (readMembers(bytes, 0, members) !== bytes.length - 1) return;
      taken += 1;
      if (!members.isOrdered) disordered += 1;
      const read = JSON.parse(text) as Record<string, unknown>;
      const names = [...members.nameAt.subarray(0, members.count)].map((from, at) =>
        bytes.toString('utf8', from + 1, (members.valueAt[at] ?? 0) - 2),
      );
      const isTwice = (all: readonly string[]): boolean => new Set(all).size < all.length;
      if (isTwice(names)) {
        expect(members.isOrdered).toBe(false);
        return;
      }
      expect(Object.keys(read)).toEqual(names);
      expect(members.isOrdered).toBe(names.join('\n') === names.toSorted().join('\n'));
      for (const [at, name] of names.entries()) {
        const value = bytes.toString('utf8', members.valueAt[at], members.valueEnd[at]);
        expect(JSON.parse(value)).toEqual(read[name]);
      }
    }),
    RUNS,
  );
  expect(taken).toBeGreaterThan(300);
  expect(disordered).toBeGreaterThan(20);
});

test('plain values are taken, of whatever depth there is use for', () => {
  const event = { after: { b: ['Ämter “é” 😀 \\ " \n', 0.85, -3, 1e21, true, null, {}], c: { d: [[{}]] } }, n: 5e-7 };
  expect(isPlain(canonicalJson(event))).toBe(true);
  expect(isPlain(`${'['.repeat(20)}${']'.repeat(20)}`)).toBe(true);
  expect(isPlain(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBe(false);
});

test('nothing looks beyond the end of the bytes', () => {
  const text = '{"a":{"b":["x\\n",null,true,1.5e+3]}}';
  for (let end = 0; end < text.length; end += 1) {
    expect(endOfPlain(Buffer.from(text.slice(0, end)), 0, 0)).toBe(NOT_PLAIN);
    expect(endOfPlain(bytesOf(text.slice(0, end)), 0, 0)).toBe(NOT_PLAIN);
  }
});
