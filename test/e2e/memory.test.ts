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
