// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { renderApp } from '../helpers/render-app.tsx';

function scheme(): string | null {
  return document.documentElement.getAttribute('data-mantine-color-scheme');
}

test('choosing a theme shows it at once and keeps it in the vault, not in the browser', async () => {
  const app = renderApp({ settings: { theme: 'light' } }, '#/settings');
  await app.user.click(await screen.findByRole('radio', { name: 'Dark' }));
  await waitFor(() => expect(scheme()).toBe('dark'));
  expect(app.inputsOf('settings.set')).toEqual([{ theme: 'dark' }]);
  expect(window.localStorage.length + window.sessionStorage.length).toBe(0);
});

test('a theme that cannot be kept is taken back and said', async () => {
  const app = renderApp(
    {
      settings: { theme: 'light' },
      overrides: {
        'settings.set': async () => {
          throw new AppError('DISK_FULL', 'The disk is full.', { remedy: 'Make room.' });
        },
      },
    },
    '#/settings',
  );
  await app.user.click(await screen.findByRole('radio', { name: 'Dark' }));
  expect(await screen.findByText(/The disk is full/)).toBeTruthy();
  await waitFor(() => expect(scheme()).toBe('light'));
});

test('the desktop opens the folder', async () => {
  const app = renderApp({ host: 'desktop' }, '#/settings');
  await app.user.click(await screen.findByRole('button', { name: 'Show in file manager' }));
  await waitFor(() => expect(app.inputsOf('vault.reveal')).toEqual([{}]));
});

test('the browser cannot open the folder, and says what to do instead', async () => {
  renderApp({ host: 'web' }, '#/settings');
  expect(await screen.findByText(/In the browser Almanac cannot open the file manager/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Show in file manager' })).toBeNull();
});

test('the index is rebuilt on request, and its progress is followed', async () => {
  const app = renderApp({}, '#/settings');
  await app.user.click(await screen.findByRole('button', { name: 'Rebuild' }));
  await waitFor(() => expect(app.inputsOf('search.rebuild')).toEqual([{}]));
  app.emit('search.coverage', { indexed: 5, total: 420, state: 'building', engine: 'fts5' });
  expect(await screen.findByText('Building: 5 of 420 records')).toBeTruthy();
});
