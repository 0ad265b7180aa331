// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { LEAST_CONFIDENCE, LEAST_STORED } from '../../main/memory/rules.ts';
import { leastConfidence, leastKept } from '../../renderer/features/memory/least-confidence.ts';
import { AppError } from '../../shared/errors.ts';
import { fixtureMemories, fixtureMemory } from '../helpers/fixture-memory.ts';
import { renderApp } from '../helpers/render-app.tsx';

const page = '#/memory';
const memories = fixtureMemories;
/** The rows of the list; the choices beside it are options too. */
const rowsOf = async (): Promise<HTMLElement[]> =>
  within(await screen.findByRole('listbox', { name: 'Memories' })).findAllByRole('option');
const texts = async (): Promise<string[]> => (await rowsOf()).map((row) => row.querySelector('p')?.textContent ?? '');

test('the list shows what is believed, best first, with its confidence', async () => {
  renderApp({ memories }, page);
  const rows = await rowsOf();
  expect(await texts()).toEqual([
    'I write in the mornings.',
    'I live in Graz.',
    'We plan a trip to the harbour.',
    'My bicycle is green.',
  ]);
  expect(rows[0]?.textContent).toContain('0.81');
  expect(rows[2]?.textContent).toContain('pinned');
  expect(rows[3]?.textContent).toContain('dormant');
});

test('it is narrowed by words, type and state, and put in another order', async () => {
  const { user, inputsOf } = renderApp({ memories }, page);
  await rowsOf();
  await user.selectOptions(screen.getByLabelText('Sorted by'), 'Last confirmed');
  expect((await texts())[0]).toBe('I live in Graz.');
  await user.type(screen.getByRole('searchbox', { name: 'Search in these' }), 'green MY');
  expect(await texts()).toEqual(['My bicycle is green.']);
  await user.click(screen.getByRole('radio', { name: 'Patterns' }));
  await screen.findByText('No memory matches');
  await user.click(screen.getByRole('button', { name: 'Show all' }));
  expect(await texts()).toHaveLength(4);
  await user.selectOptions(screen.getByLabelText('State'), 'Dormant');
  await waitFor(async () => expect(await texts()).toEqual(['My bicycle is green.']));
  expect(inputsOf('memory.list')).toContainEqual({ state: 'dormant' });
});

test('a memory is opened with the keyboard and says why it is believed', async () => {
  const { user } = renderApp({ memories }, page);
  (await screen.findByRole('listbox', { name: 'Memories' })).focus();
  await user.keyboard('{ArrowDown}{ArrowDown}');
  const why = await screen.findByRole('region', { name: 'Why 0.62?' });
  expect(window.location.hash).toBe('#/memory/list/graz');
  expect(within(why).getByRole('row', { name: /^Fading/ }).textContent).toContain('−0.28');
  within(why).getByText(/falls below 0\.40 on .* goes dormant/);
  within(why).getByRole('img', { name: 'Confidence over time: 0.62 now, dormant below 0.40.' });
  within(screen.getByRole('list', { name: 'Evidence' })).getByText('I moved to Graz in spring, by the way.');
  await user.keyboard('{End}');
  await screen.findByText(/It fell below 0\.40/);
});

test('confirming, contradicting and pinning change what is shown, and stand in its history', async () => {
  const { user, inputsOf } = renderApp({ memories }, `${page}/list/graz`);
  await user.click(await screen.findByRole('button', { name: 'Confirm' }));
  await screen.findByRole('heading', { name: 'Why 0.93?' });
  await user.click(screen.getByRole('button', { name: 'Contradict' }));
  await screen.findByRole('heading', { name: 'Why 0.37?' });
  await user.click(screen.getByRole('button', { name: 'Pin' }));
  await screen.findByRole('button', { name: 'Unpin' });
  expect(inputsOf('memory.edit')).toEqual([{ id: 'graz', pinned: true }]);
  const history = screen.getByRole('list', { name: 'Changes, newest first' });
  await waitFor(() => expect(within(history).getAllByRole('listitem')).toHaveLength(4));
});

test('a double click confirms once', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const confirm = async () => {
    await held;
    return fixtureMemory('graz');
  };
  const { user, inputsOf } = renderApp({ memories, overrides: { 'memory.confirm': confirm } }, `${page}/list/graz`);
  await user.dblClick(await screen.findByRole('button', { name: 'Confirm' }));
  expect(inputsOf('memory.confirm')).toHaveLength(1);
  release();
  await screen.findByText('Confirmed.');
});

test('an edit sends what was changed, with its reason', async () => {
  const { user, inputsOf } = renderApp({ memories }, `${page}/list/graz`);
  await user.click(await screen.findByRole('button', { name: 'Edit…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Edit the memory' });
  const text = within(dialog).getByLabelText('What should be remembered');
  await user.clear(text);
  await user.type(text, 'I live in Linz.');
  await user.type(within(dialog).getByLabelText('Why'), 'Moved');
  await user.click(within(dialog).getByRole('button', { name: 'Save' }));
  await screen.findByRole('heading', { name: 'I live in Linz.' });
  expect(inputsOf('memory.edit')).toEqual([{ id: 'graz', text: 'I live in Linz.', why: 'Moved' }]);
});

test('forgetting asks first, and then says what it does not reach', async () => {
  const { user, inputsOf } = renderApp({ memories }, `${page}/list/graz`);
  await user.click(await screen.findByRole('button', { name: 'Forget…' }));
  await user.click(await screen.findByRole('button', { name: 'Keep it' }));
  expect(inputsOf('memory.forget')).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Forget…' }));
  await user.click(await screen.findByRole('button', { name: 'Forget it' }));
  const heading = await screen.findByRole('heading', { name: 'Forgotten' });
  screen.getByText('backups and copies of the vault');
  expect(document.activeElement).toBe(heading);
  await waitFor(async () => expect(await texts()).not.toContain('I live in Graz.'));
});

test('a dormant memory is woken', async () => {
  const { user, inputsOf } = renderApp({ memories }, `${page}/list/bicycle`);
  await user.click(await screen.findByRole('button', { name: 'Wake up' }));
  await screen.findByRole('button', { name: 'Confirm' });
  expect(inputsOf('memory.restore')).toEqual([{ id: 'bicycle' }]);
});

test('a memory is typed in, and shown', async () => {
  const { user, inputsOf } = renderApp({}, page);
  await screen.findByText('Nothing is remembered yet');
  await user.click(screen.getByRole('button', { name: 'Add a memory' }));
  const dialog = await screen.findByRole('dialog', { name: 'Add a memory' });
  const add = within(dialog).getByRole('button', { name: 'Add' });
  expect(add).toHaveProperty('disabled', true);
  await user.type(within(dialog).getByLabelText('What should be remembered'), 'I cycle to work. ');
  await user.click(within(dialog).getByRole('radio', { name: 'Pattern' }));
  await user.click(add);
  await screen.findByRole('heading', { name: 'I cycle to work.' });
  expect(inputsOf('memory.add')).toEqual([{ text: 'I cycle to work.', type: 'USER_PATTERN', confidence: 0.9 }]);
});

test('what is known already can be added all the same', async () => {
  const known = new AppError('MEMORY_KNOWN', 'That is known already.', { remedy: 'Confirm that one.' });
  let isFirst = true;
  const add = async () => {
    if (isFirst) {
      isFirst = false;
      throw known;
    }
    return { memory: fixtureMemory('graz'), contradicts: [] };
  };
  const { user, inputsOf } = renderApp({ memories, overrides: { 'memory.add': add } }, page);
  await user.click(await screen.findByRole('button', { name: 'Add a memory' }));
  await user.type(await screen.findByLabelText('What should be remembered'), 'I live in Graz');
  await user.click(screen.getByRole('button', { name: 'Add' }));
  expect((await screen.findByRole('alert')).textContent).toContain('That is known already. Confirm that one.');
  await user.click(screen.getByRole('button', { name: 'Add it all the same' }));
  await screen.findByRole('heading', { name: 'Why 0.62?' });
  expect(inputsOf('memory.add').at(-1)).toMatchObject({ anyway: true });
});

test('proposals are decided one after the other with the keyboard', async () => {
  const { user, inputsOf } = renderApp({ memories }, page);
  await user.click(await screen.findByRole('tab', { name: 'Proposals (2)' }));
  const list = await screen.findByRole('list', { name: 'Proposals, best first' });
  within(list).getByText('I moved to Graz in spring, by the way.');
  within(list).getByRole('button', { name: 'Accept: I prefer tea.' }).focus();
  await user.keyboard('a');
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Accept: I prefer tea.' })).toBeNull());
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Accept: My cat is called Mitzi.' }));
  await user.keyboard('r');
  await screen.findByText('No proposals wait');
  expect([inputsOf('memory.accept'), inputsOf('memory.reject')]).toEqual([[{ id: 'tea' }], [{ id: 'cat' }]]);
});

test('messages are looked through when asked', async () => {
  const { user } = renderApp({}, `${page}/inbox`);
  await screen.findByText('No proposals wait');
  await user.click(screen.getByRole('button', { name: 'Look through my messages' }));
  await screen.findByText('1 proposal found.');
  await screen.findByText('I have a garden.');
});

test('the log tells what changed, by whom, and leads to the memory', async () => {
  const { user } = renderApp({ memories }, `${page}/list/graz`);
  await user.click(await screen.findByRole('button', { name: 'Confirm' }));
  await screen.findByRole('heading', { name: 'Why 0.93?' });
  await user.click(screen.getByRole('tab', { name: 'Log' }));
  const list = await screen.findByRole('list', { name: 'Changes, newest first' });
  const newest = within(list).getAllByRole('listitem')[0] ?? list;
  expect(newest.textContent).toContain('Confirmed by you in the app');
  const row = within(newest).getByRole('row', { name: /^current_confidence/, hidden: true });
  expect(row.textContent).toBe('current_confidence0.620.93');
  await user.click(within(newest).getByRole('button', { name: 'Show: I live in Graz.' }));
  expect(window.location.hash).toBe('#/memory/list/graz');
});

test('verifying the log says that it is whole', async () => {
  const { user } = renderApp({ memories }, `${page}/log`);
  await user.click(await screen.findByRole('button', { name: 'Verify' }));
  await screen.findByText(/Unbroken: 6 entries in 1 chain checked\./);
});

test('verifying a broken log names the place', async () => {
  const broken = { reason: 'The hash is wrong.', path: 'data/log.ndjson', line: 4 };
  const verdict = { ok: false, events: 9, redacted: 0, chains: [] };
  const verify = async () => ({
    ...verdict,
    first_broken: { ...broken, replica: null, event_sequence: null, id: null },
  });
  const { user } = renderApp({ memories, overrides: { 'memory.verify': verify } }, `${page}/log`);
  await user.click(await screen.findByRole('button', { name: 'Verify' }));
  await screen.findByText('data/log.ndjson, line 4');
  screen.getByText(/The hash is wrong\./);
});

test('a list that cannot be read says so and is tried again', async () => {
  let calls = 0;
  const list = async ({ state }: { state?: string | undefined }) => {
    if (state === undefined && (calls += 1) === 1)
      throw new AppError('DISK_ERROR', 'The disk refused.', { remedy: 'Look at the disk.' });
    return [];
  };
  const { user } = renderApp({ overrides: { 'memory.list': list } }, page);
  await screen.findByText('The disk refused.');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('Nothing is remembered yet');
});

test('where nothing is believed, what was turned down can be proposed again', async () => {
  const { user, inputsOf } = renderApp({ memories: [fixtureMemory('tea', { state: 'rejected' })] }, page);
  await user.click(await screen.findByRole('button', { name: 'Show what was turned down (1)' }));
  await user.click((await rowsOf())[0] ?? document.body);
  await user.click(await screen.findByRole('button', { name: 'Propose again' }));
  await screen.findByText('It waits under Proposals.');
  expect(inputsOf('memory.restore')).toEqual([{ id: 'tea' }]);
});

test('a memory that is not there says so in its own place', async () => {
  renderApp({ memories }, `${page}/list/nowhere`);
  await screen.findByText('There is no memory nowhere.');
  expect(await texts()).toHaveLength(4);
});

test('the least confidences of the form are those that main asks for', () => {
  expect([leastConfidence, leastKept]).toEqual([LEAST_CONFIDENCE, LEAST_STORED]);
});

test('a contradiction is taken back from the notice that says so', async () => {
  const { user, inputsOf } = renderApp({ memories }, '#/memory/list/graz');
  await user.click(await screen.findByRole('button', { name: 'Contradict' }));
  await user.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(inputsOf('memory.undo')).toHaveLength(1));
  await waitFor(() => expect(screen.queryByText('Noted as contradicted.')).toBeNull());
});

test('a memory says on how many days it was recalled, and when last', async () => {
  const recalled = fixtureMemory('tea', { recall_count: 3, last_recalled_at: '2026-10-05T09:00:00.000Z' });
  renderApp({ memories: [recalled] }, '#/memory/list/tea');
  await screen.findByText(/recalled on 3 days, last .*2026/);
});
