import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createApp } from '../../main/app/create-app.ts';
import type { App } from '../../main/app/assemble-app.ts';
import { startMongod, type Mongod } from '../helpers/mongod.ts';

/** The Sync page over a vault that shares its records with a second one through a real server, and disagrees with it. */
export const teamScreens: Readonly<
  Record<string, { readonly team: true; readonly show: (page: Page) => Promise<void> }>
> = {
  sync: {
    team: true,
    show: async (page) => {
      await toSync(page);
      await page.getByText('Synced', { exact: true }).waitFor({ timeout: 60_000 });
    },
  },
  'sync-conflict': {
    team: true,
    show: async (page) => {
      await toSync(page);
      await page.getByRole('list', { name: 'Conflicts, newest first' }).scrollIntoViewIfNeeded();
    },
  },
  'sync-certificate': {
    team: true,
    show: async (page) => {
      await toSync(page);
      await page.getByRole('button', { name: 'Verify now' }).click();
      await page.getByText(/Both sides were equal/).waitFor({ timeout: 60_000 });
      await page.getByText(/Both sides were equal/).scrollIntoViewIfNeeded();
    },
  },
  'sync-days': {
    team: true,
    show: async (page) => {
      await toSync(page);
      await page.getByRole('group', { name: 'Year' }).scrollIntoViewIfNeeded();
    },
  },
  'sync-end': {
    team: true,
    show: async (page) => {
      await toSync(page);
      await page.getByRole('heading', { name: 'What happened' }).scrollIntoViewIfNeeded();
    },
  },
};

/** Not connected: asks the server and previews what would leave this computer. */
export async function showSetUp(page: Page): Promise<void> {
  await toSync(page);
  await page.getByLabel('Address').fill('mongodb://127.0.0.1:1/');
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByText('the connection was refused').waitFor();
  await page.getByRole('button', { name: 'What would leave this computer?' }).click();
  await page.getByRole('cell', { name: /^Conversations/ }).waitFor();
}

async function toSync(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sync', exact: true }).click();
}

/** Two vaults that renamed the same conversation without each other; the first one is for the pictures. */
export async function fillTeam(folder: string, archive: string): Promise<{ vault: string; server: Mongod }> {
  const server = await startMongod({ kind: 'replica-set' });
  const vault = join(folder, 'team');
  const ann = await createApp({ vaultPath: vault });
  await ann.transfer.run({ path: archive, name: 'chatgpt-export-2026-11.zip' });
  await ann.handlers['settings.set']({ welcome_done: true });
  const ben = await createApp({ vaultPath: join(folder, 'team-ben') });
  for (const { handlers } of [ann, ben]) {
    await handlers['team.connect']({ url: server.url, database: 'almanac' });
    await handlers['team.sync']({ job_id: randomUUID() });
  }
  await disagree(ann, ben);
  await ben.close();
  await ann.close();
  return { vault, server };
}

async function disagree(ann: App, ben: App): Promise<void> {
  const { rows } = await ann.conversations.list({ view: 'active', offset: 0, limit: 2 });
  await ann.handlers['team.set_mode']({ mode: 'local' });
  for (const { id } of rows) {
    await ann.conversations.update({ id, title: `What Ann calls it (${id.slice(0, 4)})`, tags: ['ann'] });
    await ben.conversations.update({ id, title: `What Ben calls it (${id.slice(0, 4)})`, tags: ['ben'] });
  }
  await ben.handlers['team.sync']({ job_id: randomUUID() });
  await ann.handlers['team.set_mode']({ mode: 'mirror' });
  await ann.handlers['team.sync']({ job_id: randomUUID() });
}
