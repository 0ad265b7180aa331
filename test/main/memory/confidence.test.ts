import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Believed,
  anchorMs,
  confidenceAt,
  fadesAtMs,
  floorOf,
  stateAt,
  strength,
} from '../../../main/memory/confidence.ts';
import { DAY_MS, DECAY_WINDOW_DAYS, LEAST_CONFIDENCE } from '../../../main/memory/rules.ts';
import { memoryTypes } from '../../../shared/collections/memories.ts';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();

function memory(fields: Partial<Believed> = {}): Believed {
  return { type: 'USER_FACT', confidence: 0.85, created_at: iso(start), ...fields };
}

const anyMemory: fc.Arbitrary<Believed> = fc
  .record({
    type: fc.constantFrom(...memoryTypes),
    confidence: fc.double({ min: 0.6, max: 1, noNaN: true }),
    added: fc.integer({ min: 0, max: 400 }),
    confirmed: fc.option(fc.integer({ min: 0, max: 400 })),
    confirmation_count: fc.integer({ min: 1, max: 50 }),
    observation_count: fc.integer({ min: 1, max: 50 }),
    contradiction_count: fc.integer({ min: 0, max: 5 }),
    messages: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }),
  })
  .map(({ added, confirmed, messages, ...fields }) => ({
    ...fields,
    created_at: iso(start + added * DAY_MS),
    ...(confirmed !== null && { last_confirmed_at: iso(start + confirmed * DAY_MS) }),
    evidence: messages.map((id) => ({ message_id: `m${id}` })),
  }));
const anyTime = fc.integer({ min: 0, max: 2000 }).map((days) => start + days * DAY_MS + 12_345);

test('004: what nothing confirms is active for its whole window and dormant after it', () => {
  for (const type of memoryTypes) {
    const least = memory({ type, confidence: LEAST_CONFIDENCE[type] });
    const window = DECAY_WINDOW_DAYS[type] * DAY_MS;
    expect(stateAt(least, start + window)).toBe('active');
    expect(stateAt(least, start + window + DAY_MS)).toBe('dormant');
    expect(fadesAtMs(least)).toBeCloseTo(start + window, -1);
  }
});

test('one that was imported with less than its type asks keeps its window too', () => {
  const low = memory({ confidence: 0.6 });
  expect(stateAt(low, start + 30 * DAY_MS)).toBe('active');
  expect(stateAt(low, start + 31 * DAY_MS)).toBe('dormant');
});

test('half of the confidence is left after each half-life', () => {
  expect(confidenceAt(memory(), start)).toBe(0.85);
  expect(confidenceAt(memory(), start + 30 * DAY_MS)).toBeCloseTo(0.425, 10);
  expect(confidenceAt(memory(), start + 60 * DAY_MS)).toBeCloseTo(0.2125, 10);
});

test('confirmations and evidence take doubt away and slow the fading; a contradiction takes confidence', () => {
  expect(strength(memory({ confirmation_count: 2 }))).toBeCloseTo(1 - 0.15 * 0.75, 10);
  expect(strength(memory({ evidence: [{ message_id: 'a' }, { message_id: 'b' }, { message_id: 'b' }] }))).toBeCloseTo(
    1 - 0.15 * 0.95,
    10,
  );
  expect(strength(memory({ contradiction_count: 1 }))).toBeCloseTo(0.51, 10);
  const twice = memory({ confirmation_count: 2 });
  expect(confidenceAt(twice, start + 60 * DAY_MS)).toBeCloseTo(strength(twice) / 2, 10);
});

test('pinned ones never fade', () => {
  const pinned = memory({ pinned: true });
  expect(confidenceAt(pinned, start + 9999 * DAY_MS)).toBe(0.85);
  expect(stateAt(pinned, start + 9999 * DAY_MS)).toBe('active');
  expect(fadesAtMs(pinned)).toBeNull();
});

test('what is proposed, rejected or forgotten stays that whatever the time', () => {
  for (const state of ['proposed', 'rejected', 'forgotten'] as const) {
    expect(stateAt(memory({ state }), start + 9999 * DAY_MS)).toBe(state);
  }
  expect(stateAt(memory({ state: 'dormant', last_confirmed_at: iso(start + 50 * DAY_MS) }), start + 51 * DAY_MS)).toBe(
    'active',
  );
});

test('without confirmation confidence never rises, and stays between 0 and 1', () => {
  fc.assert(
    fc.property(anyMemory, anyTime, anyTime, (each, a, b) => {
      const [early, late] = a < b ? [a, b] : [b, a];
      const [before, after] = [confidenceAt(each, early), confidenceAt(each, late)];
      expect(after).toBeLessThanOrEqual(before);
      expect(before).toBeLessThanOrEqual(1);
      expect(after).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('confidence depends on record and time alone: looking at it in between changes nothing', () => {
  fc.assert(
    fc.property(anyMemory, anyTime, fc.array(anyTime, { maxLength: 20 }), (each, at, between) => {
      const kept = structuredClone(each);
      const direct = confidenceAt(kept, at);
      // The daily job only notes the state; however often it has run, the outcome is the same.
      let noted = each;
      for (const time of [...between, at].sort((x, y) => x - y)) noted = { ...noted, state: stateAt(noted, time) };
      expect(confidenceAt(noted, at)).toBe(direct);
      expect(stateAt(noted, at)).toBe(stateAt(kept, at));
    }),
  );
});

test('a confirmation never lowers what is believed at that moment or later', () => {
  fc.assert(
    fc.property(anyMemory, anyTime, anyTime, (each, at, later) => {
      const when = Math.max(at, anchorMs(each));
      const confirmed = {
        ...each,
        last_confirmed_at: iso(when),
        confirmation_count: (each.confirmation_count ?? 1) + 1,
      };
      for (const time of [when, Math.max(when, later)]) {
        expect(confidenceAt(confirmed, time)).toBeGreaterThanOrEqual(confidenceAt(each, time) - 1e-12);
      }
    }),
  );
});

test('it is at its floor when it says that it fades', () => {
  fc.assert(
    fc.property(anyMemory, (each) => {
      const fades = fadesAtMs(each) ?? 0;
      fc.pre(fades > anchorMs(each));
      expect(confidenceAt(each, fades)).toBeCloseTo(floorOf(each), 6);
      expect(stateAt(each, fades + DAY_MS)).toBe('dormant');
    }),
  );
});
