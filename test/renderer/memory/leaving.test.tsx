// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import type { Input, Output } from '../../../shared/ipc/contract.ts';
import { renderApp } from '../../helpers/render-app.tsx';

const page = '#/memory/profile';

/** Keeps what is chosen, and knows one pattern that cannot be used. */
function redactionMain(first: Output<'memory.redaction'>) {
  let choice = first;
  return {
    'memory.redaction': async (change: Input<'memory.redaction'>): Promise<Output<'memory.redaction'>> => {
      if (change.own?.some(({ pattern }) => pattern === '(')) {
        throw new AppError('BAD_INPUT', 'The pattern "badge" cannot be used.', { remedy: 'Close the bracket.' });
      }
      choice = { ...choice, ...(change as Partial<typeof choice>) };
      return choice;
    },
  };
}

test('rules for personal data are chosen by place, own ones are added and removed', async () => {
  const overrides = redactionMain({ logs: ['token'], sync: [], exports: [], own: [] });
  const { user, inputsOf } = renderApp({ overrides }, page);
  await user.click(await screen.findByRole('combobox', { name: 'Taken out of exports' }));
  await user.click(await screen.findByRole('option', { name: 'E-mail addresses' }));
  await user.type(screen.getByLabelText('Name of a rule of your own'), 'badge');
  await user.type(screen.getByLabelText('What it looks for'), '(');
  await user.click(screen.getAllByRole('button', { name: 'Add' })[0] as HTMLElement);
  await screen.findByText('The pattern "badge" cannot be used.');
  // What was typed stays, to be put right.
  expect(screen.getByLabelText('Name of a rule of your own')).toHaveProperty('value', 'badge');
  await user.clear(screen.getByLabelText('What it looks for'));
  await user.type(screen.getByLabelText('What it looks for'), 'B-[[0-9]{Enter}');
  await user.click(await screen.findByRole('button', { name: 'Remove the rule badge' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Remove the rule badge' })).toBeNull());
  expect(inputsOf('memory.redaction')).toEqual([
    {},
    { exports: ['email'] },
    { own: [{ name: 'badge', pattern: '(' }] },
    { own: [{ name: 'badge', pattern: 'B-[0-9]' }] },
    { logs: ['token'], sync: [], exports: ['email'], own: [] },
  ]);
});

test('the memory is saved as a file for a program, and what was kept back is said', async () => {
  const blobs: Blob[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    blobs.push(blob as Blob);
    return 'blob:memory';
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  const overrides = {
    'memory.profile': async () => ({ constraints: { share_with: ['editor'] } }),
    'memory.export': async () => ({
      document: { facts: ['I live in Graz.'] },
      memories: 1,
      withheld: { 'its scope is private': 2 },
    }),
  };
  const { user, inputsOf } = renderApp({ overrides }, page);
  await user.click(await screen.findByRole('combobox', { name: 'For' }));
  await user.click(await screen.findByRole('option', { name: 'editor' }));
  await user.click(screen.getByRole('button', { name: 'Save…' }));
  await screen.findByText('1 memory given. 2 kept back: its scope is private.');
  expect(inputsOf('memory.export')).toEqual([{ program: 'editor' }]);
  expect(await blobs[0]?.text()).toBe('{\n  "facts": [\n    "I live in Graz."\n  ]\n}\n');
  vi.restoreAllMocks();
});
