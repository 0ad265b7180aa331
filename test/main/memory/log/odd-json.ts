import fc from 'fast-check';

/** JSON as texts, right, nearly right and wrong: what `JSON.stringify` would write otherwise, or `JSON.parse` refuse. */

const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '-0',
    '1.0',
    '01',
    '1e3',
    '1E3',
    '1e+21',
    '1e21',
    '0.10',
    '.5',
    '5.',
    '-',
    '1e400',
    '5e-7',
    '0.0000005',
  ),
  fc.constantFrom('9007199254740993', '12345678901234567890', '0.8500000000000001', '0.85000000000000009', '1-1', '00'),
);

const string = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }).map((text) => JSON.stringify(text)) },
  { weight: 2, arbitrary: fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text)) },
  fc.constantFrom(
    '"\\/"',
    '"\\u0041"',
    '"\\u000a"',
    '"\\n"',
    '"\\"\\\\"',
    '"\\ud800"',
    '"\\uD800"',
    '"\t"',
    '"\u007f"',
  ),
  fc.constantFrom('"\u2028é😀"', '"\\x"', '"', '"\\"', "'a'"),
);

const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('"a"', '"b"', '"c"', '"B"', '"aa"', '"a_"', '"a-b"', '"a2"') },
  fc.constantFrom(
    '"2"',
    '"10"',
    '"__proto__"',
    '"_x"',
    '"é"',
    '"a b"',
    '""',
    '"\\u0061"',
    '"toString"',
    '"-1"',
    '"1a"',
  ),
);

const word = fc.constantFrom('null', 'true', 'false', 'nul', 'True', 'undefined', 'nulla');
const comma = fc.constantFrom(',', ',', ',', ',', ',', ',', ',', ', ', ',,', '');

export const { value: oddJson } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 3, arbitrary: fc.oneof(string, number, word) },
    tie('object'),
    tie('array'),
  ),
  object: fc
    .tuple(fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }), fc.boolean(), comma)
    .map(([members, isSorted, between]) => {
      const inRow = isSorted ? members.toSorted(([a], [b]) => (a < b ? -1 : 1)) : members;
      return `{${inRow.map(([key, value]) => `${key}:${value}`).join(between)}}`;
    }),
  array: fc
    .tuple(fc.array(tie('value'), { maxLength: 3 }), comma)
    .map(([members, between]) => `[${members.join(between)}]`),
}));
