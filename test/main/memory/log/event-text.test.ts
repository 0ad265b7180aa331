import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../../main/lib/canonical-json.ts';
import { sha256Hex } from '../../../../main/lib/hash.ts';
import { bodyHash, chainHash } from '../../../../main/memory/log/event.ts';
import { eventText } from '../../../../main/memory/log/event-text.ts';

const anyEvent = fc.dictionary(
  fc.constantFrom('id', 'why', 'after', 'before', 'salt', 'hash', 'replica', '_meta', 'redacted', '2', '10', 'zeit'),
  fc.jsonValue(),
);

test('members written out once give the line, the canonical text and the hashes of the event', () => {
  fc.assert(
    fc.property(anyEvent, (given) => {
      const event = JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
      const { _meta, ...fields } = event;
      const { salt, before = null, after = null, why = null } = event;
      const said = canonicalJson([before, after, why]);
      expect(eventText(event)).toEqual({
        line: JSON.stringify(event),
        canonical: canonicalJson(fields),
        body: sha256Hex(`${typeof salt === 'string' ? salt : ''}\n${said}`),
        chain: chainHash(event),
      });
    }),
  );
  expect(bodyHash('s', { before: null, after: { b: 1, a: [-0, { d: 1, c: 2 }] }, why: 'x' })).toBe(
    eventText({ salt: 's', after: { b: 1, a: [0, { d: 1, c: 2 }] }, why: 'x' }).body,
  );
});
