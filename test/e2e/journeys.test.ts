import { once } from 'node:events';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { sampleConversations, writeSampleExport } from '../helpers/app-export.ts';
import { callMain, scenario, type Stage } from '../helpers/app-scenario.ts';

const seen = sampleConversations(new Date()).length;

function row(page: Page, title: string): Locator {
  return page.getByRole('row', { name: title });
}

function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
}

async function shown(locator: Locator): Promise<void> {
  await locator.first().waitFor({ state: 'visible' });
}

/** Answers the next file dialog of the desktop; in a browser the page's own field is filled. */
async function chooseFile({ page, electron }: Stage, file: string): Promise<void> {
  if (electron === undefined) {
    await page.locator('input[type=file]').setInputFiles(file);
    return;
  }
  await electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
  }, file);
  await button(page, 'Choose a file…').click();
}

/** Drops a file of this machine in the middle of the window, as a file manager would. */
async function dropFile(page: Page, file: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await session.detach();
}

scenario('the first run explains itself and offers an import', async ({ page, vault }) => {
  await shown(page.getByRole('heading', { name: 'A vault for what you and your assistants have said' }));
  await shown(page.getByText(vault));
  await shown(button(page, 'Import an export'));
  await shown(page.getByText('Local only'));
});

scenario('an export is looked at, imported, found again as nothing new, and taken back', async (stage) => {
  const { page, folder } = stage;
  const file = await writeSampleExport(join(folder, 'export.zip'), new Date());
  await button(page, 'Import an export').click();
  await chooseFile(stage, file);
  await shown(page.getByText(`${seen} conversations with`));
  await button(page, `Import ${seen} conversations`).click();
  await shown(page.getByText(`${seen} conversations imported.`));
  await button(page, 'Show conversations').click();
  await shown(row(page, 'Herbs for a balcony that faces north'));

  await button(page, 'Imports').click();
  await button(page, 'Import…').click();
  await chooseFile(stage, file);
  await shown(page.getByText(`Nothing new: all ${seen} conversations are in the vault already`));
  await page.keyboard.press('Escape');

  await button(page, 'Undo this import').click();
  await button(page, 'Undo the import').click();
  await shown(page.getByText('Undone'));
  await button(page, 'Conversations').click();
  await shown(page.getByText('No conversations yet'));
});

scenario('a dropped export is imported, and a dropped file that is none is refused with the reason', async (stage) => {
  const { page, folder } = stage;
  await shown(button(page, 'Import an export'));
  await dropFile(page, import.meta.filename);
  await shown(page.getByText('could not be imported'));
  await page.keyboard.press('Escape');
  await dropFile(page, await writeSampleExport(join(folder, 'export.zip'), new Date()));
  await button(page, `Import ${seen} conversations`).click();
  await shown(page.getByText(`${seen} conversations imported.`));
});

scenario(
  'words are found as they are typed, and the found message is opened',
  async ({ page }) => {
    await page.getByRole('combobox', { name: 'Search all conversations' }).fill('gnomon');
    const hit = page.getByRole('option', { name: /Making a sundial/ });
    await shown(hit);
    await shown(hit.getByText('gnomon'));
    await hit.click();
    await shown(page.getByText('What angle for the gnomon?'));
  },
  { vault: 'filled' },
);

scenario(
  'with the keyboard alone: rename, pin, tag, archive, delete and take it back',
  async ({ page }) => {
    await shown(row(page, 'A queue that loses its last job'));
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Title of the conversation' }).fill('The queue, explained');
    await page.keyboard.press('Enter');
    await shown(row(page, 'The queue, explained'));

    await page.getByRole('grid').focus();
    await page.keyboard.press('p');
    await shown(page.getByText('Pinned', { exact: true }));

    await page.keyboard.press('t');
    await page.getByPlaceholder('Add a tag').fill('work');
    await page.keyboard.press('Enter');
    await button(page, 'Save').click();
    await shown(row(page, 'The queue, explained').getByText('work', { exact: true }));

    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Delete');
    await shown(page.getByText('1 conversation moved to the trash'));
    await row(page, 'The queue, explained').waitFor({ state: 'detached' });
    await button(page, 'Undo').click();
    await shown(row(page, 'The queue, explained'));

    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('e');
    await row(page, 'The queue, explained').waitFor({ state: 'detached' });
    await button(page, 'Archive').click();
    await shown(row(page, 'The queue, explained'));
  },
  { vault: 'filled' },
);

scenario('what is written stays after the app was ended and opened again', async (stage) => {
  await button(stage.page, 'Start a conversation').click();
  const field = stage.page.getByRole('textbox', { name: 'Write a message' });
  await field.fill('A note to keep: the spare key hangs behind the barometer.');
  await field.press('ControlOrMeta+Enter');
  await shown(stage.page.getByText('the spare key hangs behind the barometer'));
  const { page } = await stage.reopen();
  await page.getByRole('combobox', { name: 'Search all conversations' }).fill('barometer');
  await page.getByRole('option').first().click();
  await shown(page.getByText('the spare key hangs behind the barometer').last());
});

scenario(
  'a conversation is saved as Markdown, the branch shown',
  async (stage) => {
    const { page, folder, electron } = stage;
    await row(page, 'A queue that loses its last job').click();
    await button(page, 'Export this conversation').click();
    const item = page.getByRole('menuitem', { name: 'As Markdown, the branch shown' });
    const text = electron === undefined ? await downloaded(page, item) : await savedOnDesktop(stage, item, folder);
    expect(text).toContain('# A queue that loses its last job');
    expect(text).toContain('Choose the way whose failure you would rather explain');
    expect(text).not.toContain('a few hundred jobs an hour never contend.');
  },
  { vault: 'filled' },
);

async function downloaded(page: Page, item: Locator): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), item.click()]);
  expect(download.suggestedFilename()).toMatch(/\.md$/);
  return readFileSync(await download.path(), 'utf8');
}

/** The save dialog is not drawn: where it would ask, this answers. */
async function savedOnDesktop({ electron }: Stage, item: Locator, folder: string): Promise<string> {
  const path = join(folder, 'saved.md');
  const saved = electron?.evaluate(
    ({ session }, savePath) =>
      new Promise<{ state: string; proposed: string | undefined }>((resolve) => {
        session.defaultSession.once('will-download', (_, download) => {
          const proposed = download.getSaveDialogOptions().defaultPath;
          download.setSavePath(savePath);
          download.once('done', (__, state) => resolve({ state, proposed }));
        });
      }),
    path,
  );
  await item.click();
  const result = await saved;
  expect(result?.state).toBe('completed');
  expect(result?.proposed).toMatch(/\.md$/);
  return readFileSync(path, 'utf8');
}

scenario(
  'the other version of an answer is shown and remembered',
  async (stage) => {
    await row(stage.page, 'A queue that loses its last job').click();
    await shown(stage.page.getByText('one loop with a limit'));
    await button(stage.page, 'Previous version').last().click();
    await shown(stage.page.getByText('a few hundred jobs an hour never contend'));
    const { page } = await stage.reopen();
    await row(page, 'A queue that loses its last job').click();
    await shown(page.getByText('a few hundred jobs an hour never contend'));
  },
  { vault: 'filled' },
);

scenario(
  'the theme that is chosen holds, from the first paint of the next start',
  async (stage) => {
    await button(stage.page, 'Settings').click();
    await stage.page.getByText('Dark', { exact: true }).click();
    await stage.page.locator('html[data-mantine-color-scheme=dark]').waitFor();
    const { page } = await stage.reopen();
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [red = 255] = (/\d+/.exec(paper) ?? []).map(Number);
    expect(red).toBeLessThan(80);
  },
  { vault: 'filled' },
);

scenario(
  'a signal ends the app in order: what was done is kept and the vault is free',
  async ({ page, vault, process: app }) => {
    await callMain(page, 'conversations.create', { title: 'Just before the end' });
    expect(existsSync(join(vault, '_lock'))).toBe(true);
    const ended = once(app, 'exit');
    app.kill('SIGTERM');
    await ended;
    expect(existsSync(join(vault, '_lock'))).toBe(false);
  },
  { allowsProblems: true },
);

scenario(
  'while the vault’s folder is away the window says so and loses nothing; when it is back, writing goes on',
  async ({ page, vault }) => {
    const title = 'Herbs for a balcony that faces north';
    await row(page, title).click();
    await shown(page.getByRole('heading', { name: title }));
    renameSync(vault, `${vault}-away`);
    const field = page.getByRole('textbox', { name: 'Write a message' });
    await field.fill('thyme after all');
    await page.keyboard.press('ControlOrMeta+Enter');
    const banner = page.getByRole('alert', { name: 'The vault is in trouble' });
    await shown(banner);
    expect(await field.inputValue()).toBe('thyme after all');
    expect(existsSync(vault)).toBe(false);
    renameSync(`${vault}-away`, vault);
    await banner.waitFor({ state: 'hidden' });
    await field.focus();
    await page.keyboard.press('ControlOrMeta+Enter');
    await shown(page.getByText('thyme after all'));
    await expect.poll(() => field.inputValue()).toBe('');
  },
  { vault: 'filled' },
);
