import { expect, test } from 'vitest';
import { checkAdded, checkMemory, checkPattern } from '../../../main/memory/validate.ts';
import { AppError } from '../../../shared/errors.ts';

/** Runs it and gives the error's code and message, or null. */
function refusal(work: () => void): { code: string; message: string } | null {
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, message: error.message };
  }
}

test('004’s example: a fact with 0.85 is taken, one with 0.50 or 1.5 is refused and the range named', () => {
  const fact = { text: 'Loves fettuccini', type: 'USER_FACT' } as const;
  expect(refusal(() => checkMemory({ ...fact, confidence: 0.85 }))).toBeNull();
  for (const confidence of [0.5, 1.5, Number.NaN]) {
    expect(refusal(() => checkMemory({ ...fact, confidence }))).toEqual({
      code: 'BAD_RECORD',
      message: `The memory’s confidence is out of range (Confidence must be 0.60–1.0), but it is ${confidence}.`,
    });
  }
});

test.each([
  ['USER_FACT', 0.8],
  ['USER_PATTERN', 0.75],
  ['SHARED_NARRATIVE', 0.6],
] as const)('a %s is added from %d on', (type, least) => {
  expect(refusal(() => checkAdded({ text: 'x', type, confidence: least }))).toBeNull();
  expect(refusal(() => checkAdded({ text: 'x', type, confidence: 1 }))).toBeNull();
  expect(refusal(() => checkAdded({ text: 'x', type, confidence: least - 0.01 }))?.code).toBe('BAD_RECORD');
  expect(refusal(() => checkAdded({ text: 'x', type, confidence: 1.01 }))?.code).toBe('BAD_RECORD');
});

test('type, text and counts are checked, and the error names the field', () => {
  const fine = { text: 'x', type: 'USER_FACT', confidence: 0.9 } as const;
  const cases: readonly (readonly [object, string])[] = [
    [{ type: 'USER_GUESS' }, 'type'],
    [{ text: '  ' }, 'text'],
    [{ confirmation_count: 0 }, 'confirmation_count'],
    [{ observation_count: 1.5 }, 'observation_count'],
    [{ confidence: undefined }, 'confidence'],
  ];
  for (const [change, field] of cases) {
    expect(refusal(() => checkMemory({ ...fine, ...change }))?.message).toContain(field);
  }
  expect(refusal(() => checkPattern(fine))?.message).toContain('USER_PATTERN');
});
