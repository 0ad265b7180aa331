import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hash128, sha256Hex } from '../../../../main/lib/hash.ts';
import { readCarefully } from '../../../../main/memory/log/careful-line.ts';
import { UNCHAINED } from '../../../../main/memory/log/event-text.ts';
import { createQuickReader } from '../../../../main/memory/log/quick-line.ts';
import { memoryVault, person } from '../memory-vault.ts';
import { oddJson } from './odd-json.ts';

const place = { path: 'log', line: 1 };
const readQuickly = createQuickReader();

/** What the quick reader makes of a line; whatever it takes, the careful one has to take for the same. */
function quickly(text: string): ReturnType<typeof readQuickly> {
  const bytes = Buffer.from(`${text}\n`);
  const quick = readQuickly(bytes, 0, bytes.length - 1);
  if (quick) expect(readCarefully(text, place)).toEqual({ is: 'event', link: quick });
  return quick;
}

type Raw = readonly [name: string, value: string];

const objectOf = (members: readonly Raw[], without: readonly string[]): string =>
  `{${members
    .filter(([name]) => !without.includes(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `"${name}":${value}`)
    .join(',')}}`;

type Wrong = 'body' | 'hash' | 'sum' | 'nothing';

/** A line of these members as they are written, with hashes and a checksum of just these texts; one may be wrong. */
function signed(members: readonly Raw[], meta: readonly Raw[], wrong: Wrong): string {
  const unless = (kind: Wrong, hash: string): string => (kind === wrong ? `"${hash.replace(/^./, '_')}"` : `"${hash}"`);
  const raw = new Map(members);
  const salt = String(raw.get('salt') ?? '""').slice(1, -1);
  const body = sha256Hex(`${salt}\n[${raw.get('before')},${raw.get('after')},${raw.get('why')}]`);
  const withBody: Raw[] = [...members, ['body_hash', unless('body', body)]];
  const all: Raw[] = [...withBody, ['hash', unless('hash', sha256Hex(objectOf(withBody, UNCHAINED)))]];
  const sum = hash128(`${objectOf(all, [])}\n${objectOf(meta, [])}`);
  const inMeta = [...meta, ['sum', unless('sum', sum)] as const].map(([name, value]) => `"${name}":${value}`).join(',');
  return `{${[...all.map(([name, value]) => `"${name}":${value}`), `"_meta":{${inMeta}}`].join(',')}}`;
}

const someText = fc.constantFrom(
  '"e1"',
  '"r"',
  '"MEMORY_ADDED"',
  '"LOG_SEALED"',
  '"MEMORY_FORGOTTEN"',
  '"é"',
  '"\\n"',
  '7',
);
const text = (usual: string): fc.Arbitrary<string> =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: someText });
const plainly = fc.constantFrom('null', '{"a":1,"b":["x"]}', '{"b":0.85,"a":{"c":"é"}}', '"Said \\"so\\""');
const oddly = fc.oneof({ weight: 12, arbitrary: plainly }, { weight: 1, arbitrary: oddJson });

const anyLine = fc
  .record({
    id: text('"e1"'),
    replica: text('"r-test"'),
    event_sequence: fc.oneof(
      { weight: 9, arbitrary: fc.constant('3') },
      fc.constantFrom('-1', '1.5', '03', '"3"', '1e3'),
    ),
    event_type: text('"MEMORY_ADDED"'),
    entity_key: text('"memories/m1"'),
    operation: oddly,
    before: oddly,
    after: oddly,
    why: oddly,
    salt: text('"00ff"'),
    result: oddly,
    prev_hash: text('"abc"'),
    more: fc.option(
      fc.tuple(fc.constantFrom('redacted', 'held', 'id', '2', '__proto__', '_x'), fc.oneof(fc.constant('true'), oddly)),
      {
        nil: undefined,
        freq: 2,
      },
    ),
    del: fc.constantFrom('', '', '', '', 'del', 'by'),
    missing: fc.constantFrom('', '', '', '', '', '', '', '', 'salt', 'before', 'prev_hash', 'result'),
    wrong: fc.constantFrom<Wrong>('nothing', 'nothing', 'nothing', 'nothing', 'body', 'hash', 'sum'),
    anc: fc.oneof({ weight: 6, arbitrary: fc.constant('[]') }, { weight: 1, arbitrary: oddly }),
  })
  .map(({ more, del, missing, anc, wrong, ...members }) => {
    const named = Object.entries(members).filter(([name]) => name !== missing);
    const meta: Raw[] = [['rev', '"1-a"'], ['gen', '1'], ['anc', anc], ...(del ? [[del, 'true'] as const] : [])];
    return signed(more ? [...named, more] : named, meta, wrong);
  });

test('what is read quickly is what careful reading makes of it, also where every hash fits what only looks right', () => {
  let [taken, refused] = [0, 0];
  fc.assert(
    fc.property(anyLine, (line) => {
      if (quickly(line)) taken += 1;
      else refused += 1;
    }),
    { numRuns: 5000 },
  );
  expect(taken).toBeGreaterThan(80);
  expect(refused).toBeGreaterThan(300);
});

/** The log of a small vault, as it lies on disk. */
async function someLines(): Promise<string[]> {
  const { memory, files } = await memoryVault();
  const { memory: boat } = await memory.add({ type: 'USER_FACT', text: 'Owns a “boat”', confidence: 0.83 }, person);
  await memory.confirm(boat.id, { ...person, why: 'Said "again"\n' }, [{ message_id: 'm1', quote: 'My boat' }]);
  await memory.put('memory_hubs', { hub_type: 'own', item_key: 'k', payload: { z: 1, a: [2] } }, person);
  return (await files()).flatMap(({ bytes }) => new TextDecoder().decode(bytes).trimEnd().split('\n'));
}

test('lines as Almanac writes them are read quickly', async () => {
  for (const line of await someLines()) expect(quickly(line)).toMatchObject({ replica: 'r-test', redacted: false });
});

test('a line with any change, be it of a byte or of a few, is never taken where careful reading refuses it', async () => {
  const lines = await someLines();
  const change = fc.record({ place: fc.nat(), cut: fc.nat(3), put: fc.string({ maxLength: 3 }) });
  fc.assert(
    fc.property(fc.nat(lines.length - 1), fc.array(change, { minLength: 1, maxLength: 3 }), (at, changes) => {
      let line = lines[at] ?? '';
      for (const { place: far, cut, put } of changes) {
        const from = far % line.length;
        line = line.slice(0, from) + put + line.slice(from + cut);
      }
      if (line !== lines[at]) expect(quickly(line.replaceAll('\n', ' '))).toBeNull();
    }),
    { numRuns: 5000 },
  );
});
