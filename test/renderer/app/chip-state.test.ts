import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { chipOf } from '../../../renderer/app/chip-state.ts';
import { fixtureStatus } from '../../helpers/fixture-vault.ts';

const asIs = (iso: string): string => iso;
const status = fixtureStatus(10);

test('a vault in order is local only, and search covers all of it', () => {
  const chip = chipOf(status, null, asIs);
  expect([chip.label, chip.tone]).toEqual(['Local only', 'calm']);
  expect(chip.notes.map((note) => note.heading)).toEqual(['Local only', 'Search']);
});

test('a vault that another program has open says who and since when', () => {
  const chip = chipOf({ ...status, read_only: true }, null, asIs);
  expect([chip.label, chip.tone]).toEqual(['Local only · Read only', 'trouble']);
  expect(chip.notes[1]?.text).toContain('process 4211 on desk has had it open since 2026-11-20T08:02:00.000Z');
});

test('what else is wrong is in the notes, whatever the label says', () => {
  const search = { ...status.search, state: 'failed', engine: 'scan' } as const;
  const chip = chipOf({ ...status, read_only: true, quarantined: 2, search }, null, asIs);
  expect(chip.notes.map((note) => note.heading)).toEqual([
    'Local only',
    'Read only',
    'Search is not available',
    'Reduced search',
    'Set aside',
  ]);
});

test('without an answer the remedy is shown', () => {
  const chip = chipOf(status, new AppError('INTERNAL', 'No answer.', { remedy: 'Start it.' }), asIs);
  expect(chip).toEqual({
    label: 'Not connected',
    tone: 'trouble',
    notes: [{ heading: 'Not connected', text: 'No answer. Start it.' }],
  });
});

test('before the first answer it is opening', () => {
  expect(chipOf(undefined, null, asIs).label).toBe('Opening…');
});
