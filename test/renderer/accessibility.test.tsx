// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { fixtureMemories } from '../helpers/fixture-memory.ts';
import { renderApp, type RenderedApp } from '../helpers/render-app.tsx';

interface Screen {
  readonly name: string;
  readonly hash?: string;
  /** Brings the window into the state to be looked at. */
  readonly reach: (app: RenderedApp) => Promise<unknown>;
}

const field = (): HTMLElement => screen.getByRole('combobox', { name: 'Search all conversations' });

const screens: readonly Screen[] = [
  { name: 'the list', reach: () => screen.findByRole('grid') },
  {
    name: 'an open conversation',
    hash: '#/conversations/c000002',
    reach: () => screen.findByRole('heading', { name: 'Why does my bicycle chain skip under load?' }),
  },
  { name: 'the settings', hash: '#/settings', reach: () => screen.findByText('Version') },
  { name: 'the doctor', hash: '#/doctor', reach: () => screen.findByRole('heading', { name: 'Trash' }) },
  {
    name: 'a memory among the others',
    hash: '#/memory/list/graz',
    reach: () => screen.findByRole('heading', { name: 'Why 0.62?' }),
  },
  {
    name: 'the proposals',
    hash: '#/memory/inbox',
    reach: () => screen.findByRole('list', { name: 'Proposals, best first' }),
  },
  {
    name: 'the memory log',
    hash: '#/memory/log',
    reach: () => screen.findByRole('list', { name: 'Changes, newest first' }),
  },
  {
    name: 'the form for a memory',
    hash: '#/memory',
    reach: async (app) => {
      await app.user.click(await screen.findByRole('button', { name: 'Add a memory' }));
      return screen.findByRole('dialog', { name: 'Add a memory' });
    },
  },
  { name: 'the imports', hash: '#/imports', reach: () => screen.findByRole('heading', { level: 1 }) },
  {
    name: 'the search results',
    reach: async (app) => {
      await app.user.type(field(), 'bicycle');
      return screen.findByRole('listbox', { name: 'Search results' });
    },
  },
  {
    name: 'the shortcuts',
    reach: async (app) => {
      await app.user.keyboard('?');
      return screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    },
  },
  {
    name: 'the palette',
    reach: async (app) => {
      await app.user.keyboard('{Control>}k{/Control}');
      return screen.findByRole('dialog', { name: 'Command palette' });
    },
  },
  {
    name: 'the tags of a conversation',
    reach: async (app) => {
      (await screen.findByRole('grid')).focus();
      await app.user.keyboard('t');
      return screen.findByRole('dialog', { name: 'Tags' });
    },
  },
  {
    name: 'the menu of a conversation',
    reach: async (app) => {
      await screen.findByRole('grid');
      await app.user.click(screen.getAllByRole('button', { name: /^Actions for/ })[0] ?? document.body);
      return screen.findByRole('menu');
    },
  },
];

/** Colours and sizes need a real browser: what is checked here are names, roles, landmarks and order. */
const structural: axe.RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
};

test.each(screens)('$name has no fault that axe can see', async ({ hash, reach }) => {
  const app = renderApp({ conversations: 40, memories: fixtureMemories }, hash);
  await reach(app);
  const { violations } = await axe.run(document.body, structural);
  expect(violations.map((found) => `${found.id}: ${found.nodes[0]?.html ?? ''}`)).toEqual([]);
});
