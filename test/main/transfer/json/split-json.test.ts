import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonElements, type JsonElement } from '../../../../main/transfer/json/json-elements.ts';
import { SplitError, type SplitLimits } from '../../../../main/transfer/json/split-json.ts';

const limits: SplitLimits = { maxElementBytes: 4096, maxDepth: 20 };

async function* inChunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function elementsOf(text: string | Buffer, sizes: readonly number[] = [7]): Promise<JsonElement[]> {
  const found: JsonElement[] = [];
  for await (const element of jsonElements(inChunks(Buffer.from(text), sizes), limits)) found.push(element);
  return found;
}

function values(elements: readonly JsonElement[]): unknown[] {
  return elements.map((element) => (element.state === 'parsed' ? element.value : element.state));
}

const anObject = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 });
const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const json = (value: unknown, spaces: number): string => JSON.stringify(value, null, spaces);

test('the elements of an array are those that JSON.parse gives, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anObject, { maxLength: 6 }), chunkSizes, fc.nat(3), async (list, sizes, spaces) => {
      expect(values(await elementsOf(json(list, spaces), sizes))).toEqual(JSON.parse(json(list, 0)));
    }),
  );
});

test('a wrapper object gives the elements of its conversations, whatever stands before and after', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anObject, { maxLength: 4 }),
      anObject,
      anObject,
      chunkSizes,
      async (list, before, after, sizes) => {
        const text = json({ ...before, other: ['conversations', [1]], conversations: list, ...after, last: [[]] }, 1);
        fc.pre(!('conversations' in before) && !('conversations' in after));
        expect(values(await elementsOf(text, sizes))).toEqual(JSON.parse(json(list, 0)));
      },
    ),
  );
});

test('a lone object is one element, also where a text in it says "conversations"', async () => {
  const lone = { mapping: { conversations: [{}] }, title: '"conversations":[', list: ['conversations'] };
  expect(values(await elementsOf(json(lone, 2)))).toEqual([lone]);
});

test.each([
  ['a byte order mark and CRLF line ends', '\ufeff[\r\n{"a":1},\r\n{"b":"ü😀"}\r\n]\r\n', [{ a: 1 }, { b: 'ü😀' }]],
  [
    'concatenated arrays with marks of their own',
    '[{"a":1}]\ufeff[{"b":2}] [] [{"c":3}]',
    [{ a: 1 }, { b: 2 }, { c: 3 }],
  ],
  ['one object per line', '{"a":1}\n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
  ['lists in a list', '[[{"a":1}],[{"b":2},{"c":3}]]', [{ a: 1 }, { b: 2 }, { c: 3 }]],
  ['numbers, null and strings among the elements', '[null,{"a":1},12,"x]",true]', [null, { a: 1 }, 12, 'x]', true]],
  [
    'escaped quotes and backslashes',
    String.raw`[{"a":"\\"},{"b":"\\\""},{"c":"\"]}"}]`,
    [{ a: '\\' }, { b: '\\"' }, { c: '"]}' }],
  ],
])('%s', async (_, text, expected) => {
  for (const size of [1, 2, 3, 64]) expect(values(await elementsOf(text, [size]))).toEqual(expected);
});

test('a damaged element whose end is certain is reported with its place, and the others are read', async () => {
  const elements = await elementsOf('[{"a":1},{"b":tru},{"c":3,},{"d":4}]');
  expect(values(elements)).toEqual([{ a: 1 }, 'damaged', 'damaged', { d: 4 }]);
  expect(elements[1]).toMatchObject({ start: 9, reason: expect.stringContaining('not valid JSON') });
});

test('bytes that are no UTF-8 damage their element alone', async () => {
  const text = Buffer.concat([Buffer.from('[{"a":"'), Buffer.from([0xff, 0xc0]), Buffer.from('"},{"b":2}]')]);
  expect(values(await elementsOf(text))).toEqual(['damaged', { b: 2 }]);
});

test.each([
  ['a stray quote', '[{"a":1},{"b":"he said "hi" to me"},{"c":3}]', 9],
  ['a bracket that closes what it did not open', '[{"a":[1}]', 8],
  [
    'text after the array',
    '[{"a":1}] hello there, this is not JSON at all, but it goes on and on for more than a line',
    10,
  ],
  ['a colon among the elements', '[{"a":1}:2]', 8],
])('%s makes the rest uncertain, and says where', async (_, text, at) => {
  const error = await elementsOf(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SplitError);
  expect(error).toMatchObject({ at });
});

test('a file cut off anywhere is never taken for a whole one', async () => {
  const whole = '[{"a":"x\\"y"},{"b":[1,{"c":null}]}]';
  for (let length = 1; length < whole.length; length += 1) {
    await expect(elementsOf(whole.slice(0, length)), `cut at ${length}`).rejects.toBeInstanceOf(SplitError);
  }
});

test('an element beyond the size or depth limit is passed over, and the next one is read', async () => {
  const large = `{"text":"${'x'.repeat(5000)}"}`;
  const deep = `{"a":${'['.repeat(30)}${']'.repeat(30)}}`;
  const elements = await elementsOf(`[${large},{"a":1},${deep},{"b":2}]`);
  expect(values(elements)).toEqual(['damaged', { a: 1 }, 'damaged', { b: 2 }]);
  expect(elements[0]).toMatchObject({ reason: expect.stringContaining('larger than') });
  expect(elements[2]).toMatchObject({ reason: expect.stringContaining('deeper than 20') });
});

test('a quote too many inside an element that is too large still ends all certainty', async () => {
  const large = `{"text":"${'x'.repeat(5000)}"oops"}`;
  await expect(elementsOf(`[${large},{"a":1}]`)).rejects.toBeInstanceOf(SplitError);
});
