// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Output } from '../../../shared/ipc/contract.ts';
import { AppError } from '../../../shared/errors.ts';
import { fixtureMemories, fixtureMemory } from '../../helpers/fixture-memory.ts';
import { renderApp } from '../../helpers/render-app.tsx';

const memories = fixtureMemories;
const page = '#/memory';

test('the overview tells with numbers what it draws', async () => {
  renderApp({ memories }, `${page}/overview`);
  await screen.findByText('4 memories: 3 active, 1 dormant.');
  const growth = screen.getByRole('region', { name: 'Memories over time' });
  expect(
    within(growth.closest('section') ?? growth)
      .getByRole('img')
      .getAttribute('aria-label'),
  ).toContain('4 memories');
  const sure = within(screen.getAllByRole('region', { name: 'How sure' }).at(-1) ?? growth);
  expect(sure.getByRole('row', { name: /^0\.60 – 0\.70/ }).textContent).toBe('0.60 – 0.7020');
});

test('an overview of nothing says what will be seen', async () => {
  renderApp({}, `${page}/overview`);
  await screen.findByText('Nothing to draw yet');
});

test('many are selected with the keyboard, pinned at once, and it is undone', async () => {
  const { user, inputsOf } = renderApp({ memories }, `${page}/hygiene`);
  await user.click(await screen.findByRole('button', { name: /^Without evidence/ }));
  const list = screen.getByRole('listbox', { name: /^Without evidence/ });
  list.focus();
  await user.keyboard(' {ArrowDown} ');
  screen.getByText('2 selected');
  await user.keyboard('{Control>}a{/Control}');
  screen.getByText('3 selected');
  await user.click(screen.getByRole('button', { name: 'Pin' }));
  await screen.findByText(/3 memories pinned\./);
  expect(inputsOf('memory.bulk')).toEqual([{ action: 'pin', ids: ['mornings', 'harbour', 'bicycle'] }]);
  await user.click(screen.getByRole('button', { name: 'Undo' }));
  await screen.findByText('Undone.');
  expect(inputsOf('memory.undo')).toEqual([{ events: ['undo-pin-mornings', 'undo-pin-harbour', 'undo-pin-bicycle'] }]);
  // The report is made anew after each.
  await waitFor(() => expect(inputsOf('memory.hygiene').length).toBeGreaterThanOrEqual(3));
});

test('a pair is merged into the words that are chosen', async () => {
  const { user, inputsOf } = renderApp({ memories }, `${page}/hygiene`);
  await user.click(await screen.findByRole('option', { name: /alike 0\.80/ }));
  await user.click(screen.getByRole('button', { name: 'Merge…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Merge these memories' });
  within(dialog).getByText(/2 confirmations, 1 piece of evidence, and start from 0\.90/);
  await user.click(within(dialog).getByRole('radio', { name: 'I live in Graz.' }));
  await user.click(within(dialog).getByRole('button', { name: 'Merge' }));
  await screen.findByText(/2 memories merged\./);
  expect(inputsOf('memory.bulk')).toEqual([{ action: 'merge', ids: ['graz', 'mornings'] }]);
});

test('forgetting many asks first, and offers no undo', async () => {
  const { user, inputsOf } = renderApp({ memories }, `${page}/hygiene`);
  await user.click(await screen.findByRole('button', { name: /^Dormant/ }));
  await user.click(await screen.findByRole('option'));
  await user.click(screen.getByRole('button', { name: 'Forget…' }));
  await user.click(await screen.findByRole('button', { name: 'Forget 1 memory' }));
  await screen.findByText(/1 memory forgotten\./);
  expect(inputsOf('memory.bulk')).toEqual([{ action: 'forget', ids: ['bicycle'] }]);
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
});

test('where there is nothing to tidy up it says so, and looks again when asked', async () => {
  const { user, inputsOf } = renderApp({}, `${page}/hygiene`);
  await screen.findByText('Nothing to tidy up');
  await user.click(screen.getByRole('button', { name: 'Look again' }));
  await waitFor(() => expect(inputsOf('memory.hygiene')).toHaveLength(2));
});

test('the slider goes to a day, and a memory is restored as it was then', async () => {
  const { user, inputsOf } = renderApp({ memories }, `${page}/days`);
  await screen.findByText('I live in Graz.');
  const slider = screen.getByRole('slider', { name: 'Day' });
  slider.focus();
  await user.keyboard('{Home}');
  await screen.findByText('I live in Linz.');
  expect(slider.getAttribute('aria-valuetext')).toContain('2026');
  expect(screen.queryByText('We plan a trip to the harbour.')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Restore: I live in Linz.' }));
  await screen.findByText('Restored as it was then.');
  expect(inputsOf('memory.restore')).toEqual([{ id: 'graz', day: '2026-10-01' }]);
});

test('two days are compared field by field', async () => {
  const { user } = renderApp({ memories }, `${page}/between`);
  const [earlier] = await screen.findAllByRole('button', { name: 'The day before on which something changed' });
  await user.click(earlier ?? document.body);
  await screen.findByText('1 added, 1 changed, 0 gone');
  const row = screen.getByRole('row', { name: /^Text/ });
  expect([row.querySelector('del')?.textContent, row.querySelector('ins')?.textContent]).toEqual(['Linz', 'Graz']);
});

test('a constraint is switched, and says so to main', async () => {
  let constraints: Output<'memory.constrain'> = {
    memory_enabled: true,
    learn_patterns: true,
    share_with: [],
    anonymize_dates: false,
    delete_after_days: null,
  };
  const overrides = {
    'memory.profile': async () => ({ subject: 'USER:local', constraints }),
    'memory.constrain': async (change: object) => (constraints = { ...constraints, ...change }),
  };
  const { user, inputsOf, emit } = renderApp({ overrides }, `${page}/profile`);
  const patterns = await screen.findByRole('switch', { name: 'Learn patterns' });
  await user.click(patterns);
  emit('records.changed', { collections: ['profiles'] });
  await waitFor(() => expect(patterns).toHaveProperty('checked', false));
  await user.type(screen.getByRole('textbox', { name: 'Forget what is older than' }), '90{Enter}');
  await user.type(screen.getByRole('combobox', { name: 'Style' }), 'dry');
  await user.tab();
  await waitFor(() =>
    expect(inputsOf('memory.constrain')).toEqual([{ learn_patterns: false }, { delete_after_days: 90 }]),
  );
});

test('domains are drawn from the memories that name them, and lead to these', async () => {
  const about = [fixtureMemory('a', { domain: 'music' }), fixtureMemory('b', { domain: 'music' }), fixtureMemory('c')];
  const { user } = renderApp({ memories: about }, `${page}/profile`);
  await user.click(await screen.findByRole('button', { name: '2 memories about music: show in the list' }));
  const list = await screen.findByRole('listbox', { name: 'Memories' });
  expect(await within(list).findAllByRole('option')).toHaveLength(2);
  await user.click(screen.getByRole('button', { name: 'More filters (1 in use)' }));
  await user.click(await screen.findByRole('button', { name: 'Clear' }));
  expect(await within(list).findAllByRole('option')).toHaveLength(3);
});

test('an item of a hub is edited as JSON; what is none cannot be saved', async () => {
  const hub = {
    id: 'h1',
    hub_type: 'soft_identity',
    item_key: 'voice',
    payload: { tone: 'dry', likes: ['tea', 'rain'], born: { year: 1980 } },
    learner_id: null,
    scope: 'team' as const,
    updated_at: '2026-11-01T09:00:00.000Z',
  };
  const overrides = { 'memory.hubs': async () => [hub], 'memory.put_hub': async () => hub };
  const { user, inputsOf } = renderApp({ overrides }, `${page}/hubs`);
  expect(await screen.findByText('tea, rain')).toBeDefined();
  expect(screen.getByText('{"year":1980}')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Edit voice' }));
  const content = await screen.findByLabelText('Content');
  await user.clear(content);
  await user.type(content, '[[1]');
  expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
  await user.clear(content);
  await user.type(content, '{{"tone": "warm"}');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText('Saved.');
  expect(inputsOf('memory.put_hub')).toEqual([
    { id: 'h1', hub_type: 'soft_identity', item_key: 'voice', payload: { tone: 'warm' }, scope: 'team' },
  ]);
});

test('an episode is a graph for the eye and the arrow keys, and a list in words', async () => {
  const row = {
    id: 'e1',
    run_id: 'r1',
    query: 'When is high tide?',
    status: 'completed',
    nodes: 2,
    edges: 1,
    created_at: '2026-11-01T09:00:00.000Z',
    updated_at: '2026-11-01T09:00:00.000Z',
  };
  const overrides = {
    'memory.episodes': async () => [row],
    'memory.episode': async () => ({ episode: row, nodes: ['plan', 'answer'], edges: [['plan', 'answer']] }),
  };
  const { user } = renderApp({ overrides }, `${page}/runs`);
  await user.click(await screen.findByRole('option', { name: /high tide/ }));
  const plan = await screen.findByRole('button', { name: 'Step plan' });
  plan.focus();
  await user.keyboard('{ArrowDown}');
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Step answer' }));
  screen.getByRole('heading', { name: 'Step answer' });
  await user.click(screen.getByRole('radio', { name: 'List' }));
  expect(screen.getByRole('row', { name: /^plan/ }).textContent).toBe('plananswer');
});

test('what cannot be read says so and is tried again', async () => {
  let calls = 0;
  const overrides = {
    'memory.snapshots': async () => {
      if ((calls += 1) === 1) throw new AppError('DISK_ERROR', 'The disk refused.', { remedy: 'Look at the disk.' });
      return [];
    },
  };
  const { user } = renderApp({ overrides }, `${page}/snapshots`);
  await screen.findByText('The disk refused.');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('No snapshots');
});

test('the list becomes a table that is sorted by its heads', async () => {
  const { user } = renderApp({ memories }, page);
  await user.click(await screen.findByRole('button', { name: 'Show as a table' }));
  const head = await screen.findByRole('columnheader', { name: 'Memory' });
  expect(head.getAttribute('aria-sort')).toBe('none');
  await user.click(within(head).getByRole('button'));
  expect(screen.getByRole('columnheader', { name: 'Memory' }).getAttribute('aria-sort')).toBe('ascending');
  await user.click(screen.getByRole('button', { name: 'Show as a list' }));
  expect(
    (await screen.findAllByRole('option', { name: /^(I|My|We)/ })).map((row) => row.querySelector('p')?.textContent),
  ).toEqual(['I live in Graz.', 'I write in the mornings.', 'My bicycle is green.', 'We plan a trip to the harbour.']);
});

test('what an assistant would be given is asked for by words, room and program, and each pick says why', async () => {
  const pick = {
    id: 'graz',
    type: 'USER_FACT' as const,
    text: 'I live in Graz.',
    score: 0.6,
    relevance: 0.8,
    confidence: 0.9,
    recency: 0.83,
    tokens: 4,
    matched: ['graz'],
    why: 'It has the word graz.',
    last_confirmed_at: '2026-11-01T09:00:00.000Z',
  };
  const answers: Output<'memory.recall'>[] = [
    { picks: [pick], tokens: 4, withheld: { 'its scope is private': 2 }, left_out: 1 },
    { picks: [], tokens: 0, withheld: {}, left_out: 0 },
  ];
  const overrides = {
    'memory.profile': async () => ({ constraints: { share_with: ['editor'] } }),
    'memory.recall': async () => answers.shift() ?? { picks: [], tokens: 0, withheld: {}, left_out: 0 },
  };
  const { user, inputsOf } = renderApp({ memories, overrides }, `${page}/recall`);
  const ask = await screen.findByRole('button', { name: 'Recall' });
  expect(ask).toHaveProperty('disabled', true);
  await user.type(screen.getByLabelText('About'), ' Graz {Enter}');
  const list = await screen.findByRole('list', { name: 'Recalled memories, best first' });
  expect(within(list).getByRole('link', { name: 'I live in Graz.' }).getAttribute('href')).toBe('#/memory/list/graz');
  expect(list.textContent).toContain('fits 0.80 × believed 0.90 × age 0.83 = 0.60');
  expect(screen.getByText(/^1 memory, 4 of 1,000 tokens\./).textContent).toBe(
    '1 memory, 4 of 1,000 tokens. No room for 1 more. 2 kept back: its scope is private.',
  );
  await user.clear(screen.getByLabelText('Room, in tokens'));
  await user.type(screen.getByLabelText('Room, in tokens'), '50');
  await user.click(await screen.findByRole('combobox', { name: 'For' }));
  await user.click(await screen.findByRole('option', { name: 'editor' }));
  await user.click(ask);
  await screen.findByText('No memory has any of these words.');
  expect(inputsOf('memory.recall')).toEqual([
    { query: 'Graz', budget: 1000 },
    { query: 'Graz', budget: 50, program: 'editor' },
  ]);
});
