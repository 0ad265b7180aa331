import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { callMain, scenario } from '../helpers/app-scenario.ts';

function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
}

/** What main answers; fails the test where it refuses. */
async function asked<T>(page: Page, method: string, input: unknown = {}): Promise<T> {
  const reply = await callMain(page, method, input);
  expect(reply).toMatchObject({ ok: true });
  return reply['value'] as T;
}

/** A conversation with these messages, opened. */
async function conversationOf(page: Page, ...texts: readonly string[]): Promise<readonly string[]> {
  const { id } = await asked<{ id: string }>(page, 'conversations.create', { title: 'Talk about myself' });
  const ids: string[] = [];
  for (const text of texts)
    ids.push((await asked<{ id: string }>(page, 'messages.append', { conversation_id: id, text })).id);
  await page.getByRole('row', { name: 'Talk about myself' }).click();
  await page.locator('[data-message]').first().waitFor();
  return ids;
}

const article = (page: Page): Locator => page.locator('[data-message]');

scenario(
  'a selected sentence is remembered, marked where it stands, and found again from the memory',
  async ({ page }) => {
    // Long enough that the sentence has to be brought into view.
    const filler = Array.from({ length: 60 }, (_, n) => `Line ${n} of what does not matter.`).join('\n\n');
    await conversationOf(page, `${filler}\n\nI **live** in Graz.\n\n${filler}`);
    const sentence = article(page).getByText('live in Graz');
    // By key, so that the list no longer keeps to its end.
    await page.getByRole('feed').press('Home');
    await sentence.scrollIntoViewIfNeeded();
    await sentence.selectText();
    await button(page, 'Remember this').click();
    const dialog = page.getByRole('dialog', { name: 'Remember this' });
    expect(await dialog.getByLabel('What should be remembered').inputValue()).toBe('I live in Graz.');
    await dialog.getByRole('radio', { name: 'Fact' }).check({ force: true });
    await dialog.getByLabel('How sure').fill('0.95');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    const mark = page.locator('[data-mark] a').first();
    await mark.waitFor();
    expect(await page.locator('[data-mark]').allTextContents()).toEqual(['I ', 'live', ' in Graz.']);

    await mark.click();
    await page.getByRole('heading', { name: 'Why 0.95?' }).waitFor();
    await button(page, 'Show the message').click();
    // It is seen without anybody scrolling.
    await page.locator('[data-mark]').first().waitFor();
    await page.waitForFunction(() => {
      const box = document.querySelector('[data-mark]')?.getBoundingClientRect();
      return box !== undefined && box.top > 100 && box.bottom < innerHeight - 100;
    });
  },
  { vault: 'filled' },
);

scenario(
  'with the keyboard alone a message is remembered; what is known is offered for merging',
  async ({ page }) => {
    const [message] = await conversationOf(page, 'I like trains.\n\nMy sister is called Hanna.');
    await page.getByRole('feed').press('j');
    await page.locator('[data-message]:focus').waitFor();
    await page.keyboard.press('m');
    const dialog = page.getByRole('dialog', { name: 'Remember this' });
    await dialog.getByLabel('The sentence it rests on').selectOption('My sister is called Hanna.');
    expect(await dialog.getByLabel('What should be remembered').inputValue()).toBe('My sister is called Hanna.');
    await dialog.getByRole('button', { name: 'Add', exact: true }).press('Enter');
    await page.getByRole('list', { name: 'Remembered of this message' }).getByText('Hanna').waitFor();
    await dialog.waitFor({ state: 'detached' });

    await page.getByText('I like trains.').first().selectText();
    await page.keyboard.press('m');
    await dialog.getByLabel('What should be remembered').fill('My sister is called Hanna');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByRole('list', { name: 'What is known already' }).getByRole('button').click();
    await dialog.waitFor({ state: 'detached' });
    const [memory] = await asked<{ evidence: { quote: string; message_id: string }[] }[]>(page, 'memory.list');
    expect(memory?.evidence.map(({ quote, message_id }) => [quote, message_id])).toEqual([
      ['My sister is called Hanna.', message],
      ['I like trains.', message],
    ]);
  },
  { vault: 'filled' },
);

/** Adds a memory through main. */
async function remember(page: Page, text: string): Promise<string> {
  const input = { type: 'USER_FACT', text, anyway: true };
  return (await asked<{ memory: { id: string } }>(page, 'memory.add', input)).memory.id;
}

scenario('duplicates are merged into the chosen words, and the merge is undone', async ({ page }) => {
  const kept = await remember(page, 'I repair bicycles for my neighbours.');
  await remember(page, 'I repair my neighbours’ bicycles.');
  await button(page, 'Memory').click();
  await page.getByRole('tab', { name: 'Tidy up' }).click();
  const list = page.getByRole('listbox', { name: /^Duplicates/ });
  await list.focus();
  await page.keyboard.press('Space');
  await button(page, 'Merge…').click();
  const dialog = page.getByRole('dialog', { name: 'Merge these memories' });
  await dialog.getByRole('radio', { name: 'I repair bicycles for my neighbours.' }).check();
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await page.getByText('2 memories merged.').waitFor();
  expect((await asked<{ id: string }[]>(page, 'memory.list')).map(({ id }) => id)).toEqual([kept]);
  await button(page, 'Undo').click();
  await page.getByText('Undone.').waitFor();
  expect(await asked<unknown[]>(page, 'memory.list')).toHaveLength(2);
  // The report is looked at again, and finds them again.
  await page.getByRole('button', { name: /^Duplicates 1/ }).click();
  await list.waitFor();
});

scenario('many memories are forgotten at once, after a question', async ({ page }) => {
  await remember(page, 'I own a cat.');
  await remember(page, 'The harbour froze in January.');
  await button(page, 'Memory').click();
  await page.getByRole('tab', { name: 'Tidy up' }).click();
  await page.getByRole('button', { name: /^Without evidence/ }).click();
  await page.getByRole('listbox', { name: /^Without evidence/ }).press('ControlOrMeta+a');
  await page.getByText('2 selected').waitFor();
  await button(page, 'Forget…').click();
  await button(page, 'Forget 2 memories').click();
  await page.getByText('2 memories forgotten.').waitFor();
  await page.getByText('Nothing to tidy up').waitFor();
});

scenario('the log shows a change field by field, also as the difference between two days', async ({ page }) => {
  const id = await remember(page, 'I live in Linz.');
  await asked(page, 'memory.edit', { id, text: 'I live in Graz.', why: 'Moved' });
  await button(page, 'Memory').click();
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByText(/^What changed: Text/).click();
  expect(await page.locator('del').first().textContent()).toBe('Linz');
  expect(await page.locator('ins').first().textContent()).toBe('Graz');
  await page.getByText('As of a day').click();
  await page.getByRole('list', { name: 'Memories at the end of this day' }).getByText('I live in Graz.').waitFor();
  await page.getByText('1 memory at the end of this day').waitFor();
});

scenario('the profile is changed by switches and fields, and stands in the log', async ({ page }) => {
  await button(page, 'Memory').click();
  await page.getByRole('tab', { name: 'Profile' }).click();
  const patterns = page.getByRole('switch', { name: 'Learn patterns' });
  await patterns.press('Space');
  await page.getByRole('combobox', { name: 'Detail' }).fill('low');
  await page.keyboard.press('Tab');
  await expect
    .poll(() => asked<object>(page, 'memory.profile'))
    .toMatchObject({ constraints: { learn_patterns: false }, preferences: { detail_level: 'low' } });
  expect(await patterns.isChecked()).toBe(false);

  await page.getByText('Hubs', { exact: true }).click();
  await button(page, 'Add an item').click();
  await page.getByLabel('Key').fill('tone');
  await page.getByLabel('Content').fill('{ "value": "dry" }');
  await button(page, 'Save').click();
  await page.getByRole('listitem').filter({ hasText: 'tone' }).waitFor();
  await button(page, 'Remove tone').click();
  await page.getByText('No hub holds anything yet').waitFor();
  await button(page, 'Undo').click();
  await page.getByRole('listitem').filter({ hasText: 'tone' }).waitFor();
});

scenario('the overview draws what is there, with the numbers beside', async ({ page }) => {
  await remember(page, 'I live in Graz.');
  await button(page, 'Memory').click();
  await page.getByRole('tab', { name: 'Overview' }).click();
  await page.getByText('1 memory, none dormant.').waitFor();
  await page.locator('.recharts-area').first().waitFor();
  await page
    .getByRole('region', { name: 'How sure: the numbers' })
    .getByRole('row', { name: /^0\.80/ })
    .waitFor();
});
