import { expect, test } from 'vitest';
import { confidenceAt } from '../../../main/memory/confidence.ts';
import { explainConfidence } from '../../../main/memory/explain.ts';
import { DAY_MS } from '../../../main/memory/rules.ts';
import type { Memory } from '../../../shared/collections/memories.ts';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const at = new Date(start).toISOString();
const memory: Memory = {
  type: 'USER_FACT',
  text: 'Loves fettuccini',
  confidence: 0.85,
  created_at: at,
  updated_at: at,
  last_confirmed_at: at,
  confirmation_count: 2,
  contradiction_count: 1,
  evidence: [{ message_id: 'a' }, { message_id: 'b' }],
};

test('the steps lead from the base to the current confidence', () => {
  const now = start + 12 * DAY_MS;
  const why = explainConfidence(memory, now);
  expect(why.steps.map(({ kind }) => kind)).toEqual(['base', 'evidence', 'confirmations', 'contradictions', 'decay']);
  expect(why.steps.reduce((sum, { change }) => sum + change, 0)).toBeCloseTo(confidenceAt(memory, now), 12);
  expect(why.steps.at(-1)?.confidence).toBe(why.current_confidence);
  expect(why.steps.map(({ text }) => text)).toEqual([
    'It was added with 0.85.',
    '2 messages as evidence.',
    'Said or confirmed 2 times.',
    'Contradicted 1 time.',
    '12 days without confirmation; half of it fades every 60 days.',
  ]);
});

test('the curve falls from the last confirmation to below the floor, with the present on it', () => {
  const now = start + 12 * DAY_MS;
  const { curve, floor, fades_at } = explainConfidence(memory, now);
  expect(curve[0]?.at).toBe(at);
  expect(curve.map(({ at: time }) => time)).toContain(new Date(now).toISOString());
  expect(curve.map(({ confidence }) => confidence)).toEqual(
    curve.map(({ confidence }) => confidence).sort((a, b) => b - a),
  );
  expect(curve.at(-1)?.confidence).toBeLessThan(floor);
  expect(Date.parse(fades_at ?? '')).toBeGreaterThan(now);
});

test('a pinned memory says that it does not fade', () => {
  const { fades_at, steps } = explainConfidence({ ...memory, pinned: true }, start + 400 * DAY_MS);
  expect(fades_at).toBeNull();
  expect(steps.at(-1)).toMatchObject({ text: 'Pinned: it does not fade.', change: 0 });
});
