import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError, errorCodes, toAppError } from '../../shared/errors.ts';
import { errorData, errorFromData } from '../../shared/ipc/reply.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');

test('the page of errors lists every code once, with its cause and its remedy', () => {
  const sections = page.split(/^### /m).slice(1);
  const listed = sections.map((section) => section.split('\n')[0] ?? '');
  expect([...listed].sort()).toEqual([...errorCodes].sort());
  for (const section of sections) expect(section).toMatch(/^[A-Z_]+\n\*\*Cause\.\*\* \S[^]*\n\*\*Remedy\.\*\* \S/);
});

test('an error crosses a border as data and comes back as it was', () => {
  const error = new AppError('DISK_FULL', 'The disk is full.', { remedy: 'Free some space.', details: { needed: 3 } });
  const back = errorFromData(errorData(error));
  expect(back).toMatchObject({ code: 'DISK_FULL', message: 'The disk is full.', remedy: 'Free some space.' });
  expect(back.details).toEqual({ needed: 3 });
});

test('what was thrown without thought becomes INTERNAL with its cause, and a cancelled wait CANCELLED', () => {
  const thrown = new TypeError('x is not a function');
  expect(toAppError(thrown)).toMatchObject({ code: 'INTERNAL', cause: thrown });
  expect(toAppError('a text').code).toBe('INTERNAL');
  const controller = new AbortController();
  controller.abort();
  expect(toAppError(controller.signal.reason).code).toBe('CANCELLED');
  const own = new AppError('BAD_ID', 'No.', { remedy: 'Another.' });
  expect(toAppError(own)).toBe(own);
});
