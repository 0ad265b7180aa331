import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkAllowed, OPEN, withoutDays } from '../../../main/memory/constraints.ts';
import { builtInRules, redact, redactDeep } from '../../../main/memory/redact.ts';

const all = { builtIn: builtInRules };

test.each([
  ['Write to ada.lovelace+news@mail.example.co.uk today', 'Write to [email] today'],
  ['Call +44 20 7946 0958 or (020) 7946-0958 or 555-010-4477.', 'Call [phone] or [phone] or [phone].'],
  ['Card 4111 1111 1111 1111 and 5500-0000-0000-0004', 'Card [card] and [card]'],
  ['key sk-proj-abcdefghijklmnop1234 and ghp_abcdefghijklmnopqrstuvwxyz0123', 'key [token] and [token]'],
  ['AKIAIOSFODNN7EXAMPLE, eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def', '[token], [token]'],
  ['mongodb://ada:s3cret!@db.example.com/x', 'mongodb://ada:[token]@db.example.com/x'],
])('%s', (text, expected) => {
  expect(redact(text, all).text).toBe(expected);
});

test('dates, amounts, versions, ids and numbers that are no cards stay', () => {
  for (const text of [
    'On 2026-02-21 at 09:00:00.000Z',
    'It costs 1 234 567.89 or 12.500 euros',
    'Version 10.15.7, order 1234567890123',
    '019a9c3e-1f20-7abc-8def-0123456789ab',
    'The year 2019 and 4111 1111 1111 1112',
  ]) {
    expect(redact(text, all)).toEqual({ text, found: {} });
  }
});

test('only the rules that were chosen apply, own ones too, and what they found is counted', () => {
  const rules = { builtIn: ['email'] as const, own: [{ name: 'badge', pattern: 'B-\\d{4}' }] };
  expect(redact('a@b.io has B-1234 and B-5678, +44 20 7946 0958', rules)).toEqual({
    text: '[email] has [badge] and [badge], +44 20 7946 0958',
    found: { email: 1, badge: 2 },
  });
});

test('an own pattern that cannot be used is refused; one that takes other engines for ever is quick', () => {
  for (const pattern of ['(', '', '(?=a)a', 'a'.repeat(300)]) {
    expect(() => redact('x', { builtIn: [], own: [{ name: 'mine', pattern }] })).toThrow(/cannot be used/);
  }
  const evil = 'a'.repeat(5_000);
  expect(redact(`${evil}!`, { builtIn: [], own: [{ name: 'mine', pattern: '(a+)+b' }] }).text).toBe(`${evil}!`);
});

test('redacting twice is redacting once, on any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const once = redact(text, all).text;
      expect(redact(once, all).text).toBe(once);
    }),
  );
});

test('texts deep inside a record are redacted, keys and numbers are not', () => {
  expect(redactDeep({ 'a@b.io': ['a@b.io', { n: 4111111111111111 }], t: null }, all)).toEqual({
    'a@b.io': ['[email]', { n: 4111111111111111 }],
    t: null,
  });
});

test('at the door, what the person does not allow is refused by the name of the constraint', () => {
  expect(() => checkAllowed({ ...OPEN, memory_enabled: false }, 'USER_FACT')).toThrow(/switched off/);
  expect(() => checkAllowed({ ...OPEN, learn_patterns: false }, 'USER_PATTERN')).toThrow(/patterns/);
  expect(() => checkAllowed({ ...OPEN, learn_patterns: false }, 'USER_FACT')).not.toThrow();
});

test('days become months, months and years stay', () => {
  expect(withoutDays('Born 3 March 1990, moved March 14th, 2020, since 2019, in May')).toBe(
    'Born March 1990, moved March 2020, since 2019, in May',
  );
  expect(withoutDays('2026-02-21T09:00:00.000Z and 21.02.2026')).toBe('2026-02 and 2026');
});
