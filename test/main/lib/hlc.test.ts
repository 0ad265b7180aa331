import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHybridClock } from '../../../main/lib/hlc.ts';

test('stamps grow as text whatever the wall clock and other replicas do', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ jumpMs: fc.integer({ min: -5_000, max: 5_000 }), seen: fc.boolean() }), { maxLength: 200 }),
      (steps) => {
        let nowMs = 1_800_000_000_000;
        const clock = { now: () => nowMs };
        const mine = createHybridClock(clock, 'r1');
        const other = createHybridClock({ now: () => nowMs + 3_000 }, 'r2');
        let last = '';
        for (const { jumpMs, seen } of steps) {
          nowMs += jumpMs;
          const foreign = other.next();
          if (seen) mine.observe(foreign);
          const stamp = mine.next();
          expect(stamp > last).toBe(true);
          if (seen) expect(stamp > foreign).toBe(true);
          last = stamp;
        }
      },
    ),
  );
});

test('the counter carries into the time when it is full', () => {
  const hlc = createHybridClock({ now: () => 1000 }, 'r1');
  const stamps = Array.from({ length: 70_000 }, () => hlc.next());
  expect(stamps.every((stamp, at) => at === 0 || stamp > (stamps[at - 1] ?? ''))).toBe(true);
  expect(stamps.at(-1)).toMatch(/^0000000003e9-/);
});

test('a stamp from a clock that is more than a day ahead does not carry ours away, but our own past does', () => {
  const far = `${(2_000_000_000_000).toString(16).padStart(12, '0')}-0000-r2`;
  const hlc = createHybridClock({ now: () => 1_800_000_000_000 }, 'r1');
  hlc.observe(far);
  hlc.observe('nonsense');
  expect(hlc.next() < far).toBe(true);
  hlc.resume(far);
  expect(hlc.next() > far).toBe(true);
});
