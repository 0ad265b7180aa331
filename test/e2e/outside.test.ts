import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sampleConversations } from '../helpers/app-export.ts';
import { callMain, scenario } from '../helpers/app-scenario.ts';

const count = sampleConversations(new Date()).length;
/** More than anybody deletes by hand. */
const missing = 25;

/** Paths of all conversations' files. */
function conversationFiles(vault: string): string[] {
  const folder = join(vault, 'data/conversations');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json') && !path.startsWith('_'))
    .map((path) => join(folder, path));
}

/** Until a copy of every conversation is kept, which the first comparison does soon after opening. */
async function kept(vault: string): Promise<void> {
  const folder = join(vault, '_good/conversations');
  const listed = (): number =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .reduce(
        (sum, name) => sum + Object.keys(JSON.parse(readFileSync(join(folder, name), 'utf8')) as object).length,
        0,
      );
  await expect.poll(() => { try { return listed(); } catch { return 0; } }, { timeout: 60_000, interval: 100 }).toBe(count); // prettier-ignore
}

scenario(
  'files that vanish together are asked about, come back on the person’s word, and an edit by hand is shown',
  async ({ page, vault }) => {
    await page.getByRole('row', { name: 'Herbs for a balcony that faces north' }).waitFor();
    await kept(vault);
    // Of days that are watched: what happens to older ones is seen by the next comparison.
    const files = conversationFiles(vault).sort().slice(-missing);
    const texts = files.map((path) => readFileSync(path, 'utf8'));
    for (const path of files) rmSync(path);
    await page.getByText(`${missing} files are missing`).waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Restore them' }).click();
    await page.getByText(`${missing} files restored.`).waitFor();
    await page.getByRole('alert', { name: 'Files are missing' }).waitFor({ state: 'detached' });
    expect(files.map((path) => readFileSync(path, 'utf8'))).toEqual(texts);

    const at = texts.findIndex((text) => text.includes('Herbs for a balcony'));
    writeFileSync(files[at] ?? '', (texts[at] ?? '').replace('Herbs for a balcony', 'Lavender for a balcony'));
    await page.getByRole('row', { name: 'Lavender for a balcony' }).waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Doctor', exact: true }).click();
    await page.getByText('changed by another program').first().waitFor();
    expect(await callMain(page, 'outside.status')).toMatchObject({ ok: true, value: { missing: 0 } });
  },
  { vault: 'filled' },
);
