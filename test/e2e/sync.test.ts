import { expect } from 'vitest';
import { sampleConversations } from '../helpers/app-export.ts';
import { callMain, scenario } from '../helpers/app-scenario.ts';
import { freshDatabase, sharedMongod } from '../helpers/mongod-shared.ts';

const url = await sharedMongod('replica-set');
const count = sampleConversations(new Date()).length;

scenario(
  'a person connects the vault with the team’s database, sees both sides equal, and proves it',
  async ({ page }) => {
    const database = freshDatabase();
    await page.getByRole('button', { name: 'Sync', exact: true }).click();
    await page.getByLabel('Address').fill('mongodb://127.0.0.1:1/');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('the connection was refused').waitFor();
    await page.getByLabel('Address').fill(url);
    await page.getByRole('textbox', { name: 'Database' }).fill(database);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('All is well: MongoDB').waitFor();
    await page.getByRole('button', { name: 'What would leave this computer?' }).click();
    await page.getByRole('cell', { name: /^Conversations/ }).waitFor();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Synced', { exact: true }).waitFor({ timeout: 60_000 });
    const row = page.getByRole('row', { name: /^Conversations/ });
    await row.getByText('equal').waitFor();
    expect(await row.textContent()).toContain(`${count}${count}0`);
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText(/Both sides were equal/).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /Status of the vault: Synced, verified/ }).waitFor();

    await page.getByText('Remote', { exact: true }).click();
    await page.getByText('You read from the team’s server').waitFor();
    await page.getByRole('button', { name: 'Conversations', exact: true }).click();
    await page.getByRole('row', { name: 'Herbs for a balcony that faces north' }).click();
    await page.getByRole('heading', { name: 'Herbs for a balcony that faces north' }).waitFor();
    expect(await callMain(page, 'team.status')).toMatchObject({ ok: true, value: { mode: 'remote', conflicts: 0 } });

    await page.getByRole('button', { name: 'Sync', exact: true }).click();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('button', { name: 'Status of the vault: Local only' }).waitFor();
  },
  { vault: 'filled' },
);
