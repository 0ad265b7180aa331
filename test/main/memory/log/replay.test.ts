import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReplay, replay } from '../../../../main/memory/log/replay.ts';
import type { MemoryEvent } from '../../../../shared/collections/memory_events.ts';

const day = (number: number): string => `2026-03-0${number}T10:00:00.000Z`;

const anyEvent = fc
  .record({
    replica: fc.constantFrom('r-a', 'r-b'),
    key: fc.constantFrom('memories/a', 'memories/b', 'profiles/c'),
    at: fc.integer({ min: 1, max: 5 }).map(day),
    kind: fc.constantFrom('kept', 'kept', 'gone', 'redacted', 'carried', 'sealed'),
    text: fc.nat(99),
  })
  .map(({ replica, key, at, kind, text }) => ({
    replica,
    entity_key: key,
    created_at: kind === 'carried' ? day(6) : at,
    event_type: kind === 'carried' ? 'STATE_CARRIED' : kind === 'sealed' ? 'LOG_SEALED' : 'MEMORY_UPDATED',
    operation: { action: 'x', ...(kind === 'carried' && { at }) },
    after: kind === 'gone' ? null : { text },
    ...(kind === 'redacted' && { redacted: true }),
  }));

const events = fc
  .array(anyEvent, { maxLength: 30 })
  .map((all) => all.map((event, at) => ({ ...event, event_sequence: at + 1 }) as unknown as MemoryEvent));

test('events that come in any order give what they give one after the other, on any day', () => {
  const shuffled = events.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.integer({ min: 0, max: 6 })),
  );
  fc.assert(
    fc.property(shuffled, ([all, mixed, until]) => {
      const time = until === 0 ? undefined : day(until);
      const inTurn = new Map<string, unknown>();
      const at = (event: MemoryEvent): string => (event.operation['at'] as string | undefined) ?? event.created_at;
      const sorted = all.toSorted((a, b) =>
        at(a) + a.replica === at(b) + b.replica
          ? a.event_sequence - b.event_sequence
          : at(a) + a.replica < at(b) + b.replica
            ? -1
            : 1,
      );
      for (const event of sorted) {
        if (event.event_type === 'LOG_SEALED' || (time !== undefined && at(event) > time)) continue;
        if (event.redacted) inTurn.set(event.entity_key, 'redacted');
        else if (event.after === null) inTurn.delete(event.entity_key);
        else inTurn.set(event.entity_key, event.after);
      }
      const one = createReplay(time);
      for (const event of mixed) one.take(event);
      expect(Object.fromEntries(one.states())).toEqual(Object.fromEntries(inTurn));
      expect(Object.fromEntries(replay(all, time))).toEqual(Object.fromEntries(inTurn));
    }),
    { numRuns: 500 },
  );
});
