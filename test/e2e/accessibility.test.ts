import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { scenario } from '../helpers/app-scenario.ts';

interface Finding {
  readonly rule: string;
  readonly on: readonly string[];
}

/** What axe objects to under WCAG 2.2 A and AA, in the page as it stands. */
async function objections(page: Page): Promise<readonly Finding[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await tool.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return violations.map(({ id, nodes }) => ({ rule: id, on: nodes.map(({ target }) => String(target)).slice(0, 3) }));
  });
}

function section(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).first().click();
}

/** How to come to each page from the list. */
const pages: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  list: async (page) => page.locator('[role=row][aria-rowindex]').first().waitFor(),
  thread: async (page) => {
    await page.getByRole('row', { name: 'A queue that loses its last job' }).click();
    await page.getByText('one loop with a limit').waitFor();
  },
  'thread with maths': async (page) => {
    await page.getByRole('row', { name: 'Gear ratios for a loaded touring bike' }).click();
    await page.getByText('walking pace').waitFor();
  },
  search: async (page) => {
    await page.getByRole('combobox', { name: 'Search all conversations' }).fill('queue');
    await page.getByRole('option').first().waitFor();
  },
  'search without result': async (page) => {
    await page.getByRole('combobox', { name: 'Search all conversations' }).fill('zeppelin');
    await page.getByText('Nothing found').waitFor();
  },
  archive: async (page) => section(page, 'Archive'),
  imports: async (page) => {
    await section(page, 'Imports');
    await page.getByText('Undo this import').waitFor();
  },
  'import dialog': async (page) => {
    await section(page, 'Imports');
    await section(page, 'Import…');
    await page.getByText('Drop an export here').waitFor();
  },
  settings: async (page) => {
    await section(page, 'Settings');
    await page.getByText('Appearance').waitFor();
  },
  palette: async (page) => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByPlaceholder('Type a command, or words to find').waitFor();
  },
  shortcuts: async (page) => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  },
};

/** The pages of the memory; the first leaves one there for the others. */
const memoryPages: typeof pages = {
  memory: async (page) => {
    await section(page, 'Memory');
    await section(page, 'Add a memory');
    await page.getByLabel('What should be remembered').fill('I live in Graz.');
    await section(page, 'Add');
    await page.getByRole('heading', { name: /^Why 0\.9/ }).waitFor();
    await page.locator('.recharts-area').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  },
  'memory proposals': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('tab', { name: /^Proposals/ }).click();
    await page.getByRole('button', { name: 'Look through my messages' }).waitFor();
  },
  'memory log': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText(/^Unbroken/).waitFor();
  },
  'memory recall': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('tab', { name: 'Recall' }).click();
    await page.getByLabel('About').fill('Where do I live?');
    await section(page, 'Recall');
    await page.getByRole('link', { name: 'I live in Graz.' }).waitFor();
  },
  'memory overview': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.locator('.recharts-area').first().waitFor();
  },
  'memory hygiene': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('tab', { name: 'Tidy up' }).click();
    await page.getByRole('button', { name: /^Without evidence/ }).click();
    await page.getByRole('option').first().click();
  },
  'memory as of a day': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByText('As of a day').click();
    await page.getByRole('listitem').first().waitFor();
  },
  'memory between two days': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByText('Between two days').click();
    await page.getByText('Nothing is different between these days.').waitFor();
  },
  'memory profile': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.getByRole('heading', { name: 'Domains' }).waitFor();
  },
  'memory hubs': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.getByText('Hubs', { exact: true }).click();
    await page.getByText('No hub holds anything yet').waitFor();
  },
  'memory runs': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('tab', { name: 'Runs' }).click();
    await page.getByText('No episodes').waitFor();
  },
  'memory table': async (page) => {
    await section(page, 'Memory');
    await page.getByRole('button', { name: 'Show as a table' }).click();
    await page.getByRole('table', { name: 'Memories as a table' }).waitFor();
  },
  'remember this': async (page) => {
    await page.getByRole('row', { name: 'A queue that loses its last job' }).click();
    await page.getByRole('feed').press('j');
    await page.locator('[data-message]:focus').waitFor();
    await page.keyboard.press('m');
    await page.getByRole('dialog').waitFor();
  },
};

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [title, shown] of [
    ['any page', pages],
    ['any page of the memory', memoryPages],
  ] as const) {
    scenario(
      `axe finds nothing to object to on ${title}, ${colorScheme}`,
      async ({ page }) => {
        const found: Record<string, readonly Finding[]> = {};
        for (const [name, show] of Object.entries(shown)) {
          await page.goto(new URL('/', page.url()).href);
          await page.locator('[role=row][aria-rowindex]').first().waitFor();
          await show(page);
          // Colours fade in; halfway they have no contrast.
          await page.waitForTimeout(300);
          const objected = await objections(page);
          if (objected.length > 0) found[name] = objected;
        }
        expect(found).toEqual({});
      },
      { vault: 'filled', colorScheme, only: 'web' },
    );
  }

  scenario(
    `axe finds nothing to object to on the first page a person sees, ${colorScheme}`,
    async ({ page }) => {
      await page.getByRole('button', { name: 'Import an export' }).waitFor();
      await page.waitForTimeout(300);
      expect(await objections(page)).toEqual([]);
    },
    { colorScheme, only: 'web' },
  );
}
