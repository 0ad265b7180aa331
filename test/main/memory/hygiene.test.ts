import { expect, test } from 'vitest';
import { inspect } from '../../../main/memory/hygiene.ts';
import type { KnownMemory } from '../../../main/memory/recall.ts';
import { DAY_MS } from '../../../main/memory/rules.ts';

const now = Date.parse('2026-02-21T09:00:00.000Z');
const daysAgo = (days: number): string => new Date(now - days * DAY_MS).toISOString();
function memory(id: string, text: string, fields: Partial<KnownMemory> = {}): KnownMemory {
  return {
    id,
    type: 'USER_FACT',
    text,
    confidence: 0.85,
    created_at: daysAgo(1),
    updated_at: daysAgo(1),
    evidence: [{ message_id: `m-${id}` }],
    ...fields,
  };
}

test('the report names what could be tidied up', async () => {
  const report = await inspect(
    [
      memory('a', 'Lives in Ljubljana'),
      memory('b', 'lives in ljubljana.'),
      memory('c', 'Likes mushrooms'),
      memory('d', 'Does not like mushrooms'),
      memory('e', 'Typed by hand', { evidence: [] }),
      memory('f', 'Nobody asks for this', { created_at: daysAgo(40), last_confirmed_at: daysAgo(2) }),
      memory('g', 'Fades soon', { created_at: daysAgo(29) }),
      memory('h', 'Has faded', { created_at: daysAgo(80) }),
      memory('i', 'Only proposed', { state: 'proposed', evidence: [] }),
      memory('j', 'Pinned, years ago', { created_at: daysAgo(900), pinned: true, recall_count: 3 }),
    ],
    now,
  );
  expect(report.memories).toBe(9);
  expect(report.duplicates).toMatchObject([{ ids: ['a', 'b'], similarity: 1 }]);
  expect(report.contradictions).toMatchObject([{ ids: ['c', 'd'] }]);
  expect(report.without_evidence).toEqual(['e']);
  expect(report.never_recalled).toEqual(['f']);
  expect(report.about_to_fade.map(({ id }) => id)).toEqual(['g']);
  expect(report.dormant).toEqual(['h']);
  expect(report.crowded_sources).toEqual([]);
});

test('a source that brought far more than the others stands out', async () => {
  const one = Array.from({ length: 25 }, (_, at) =>
    memory(`x${at}`, `Thing number ${at} of ${at * 7}`, {
      evidence: [{ message_id: `m${at}`, conversation_id: 'loop' }],
    }),
  );
  const { crowded_sources } = await inspect([...one, memory('y', 'Something else')], now);
  expect(crowded_sources).toMatchObject([{ source: 'loop', memories: 25 }]);
});

test('other work has its turn while it looks', async () => {
  const memories = Array.from({ length: 50 }, (_, at) => memory(`m${at}`, `Thing ${at}`));
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  const slices = { pause: () => new Promise<void>((resolve) => setTimeout(resolve, 2)) };
  await inspect(memories, now, slices);
  clearInterval(counting);
  expect(turns).toBeGreaterThan(10);
});
