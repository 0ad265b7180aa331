// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp } from '../helpers/render-app.tsx';

const heading = 'A vault for what you and your assistants have said';

test('the first run explains itself, with the folder and two ways to begin', async () => {
  renderApp({ conversations: 0, settings: { welcome_done: false } });
  expect(await screen.findByRole('heading', { name: heading })).toBeTruthy();
  expect(screen.getByText('/home/ada/Documents/Almanac')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Import an export' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Start a conversation' })).toBeTruthy();
});

test('waved away, the welcome does not come back', async () => {
  const app = renderApp({ conversations: 0, settings: { welcome_done: false } });
  await app.user.click(await screen.findByRole('button', { name: 'Look around first' }));
  expect(await screen.findByText('No conversations yet')).toBeTruthy();
  expect(app.inputsOf('settings.set')).toEqual([{ welcome_done: true }]);
});

test('a vault that holds something already is not explained', async () => {
  const app = renderApp({ conversations: 3, settings: { welcome_done: false } });
  expect(await screen.findByRole('grid')).toBeTruthy();
  expect(screen.queryByRole('heading', { name: heading })).toBeNull();
  await waitFor(() => expect(app.inputsOf('settings.set')).toEqual([{ welcome_done: true }]));
});

test('before anything is there, the archive says so for itself', async () => {
  const { user } = renderApp({ conversations: 0, settings: { welcome_done: false } });
  await user.click(await screen.findByRole('button', { name: 'Archive' }));
  await screen.findByText('The archive is empty');
  expect(screen.queryByRole('heading', { name: heading })).toBeNull();
});
