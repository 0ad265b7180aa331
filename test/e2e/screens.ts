/**
 * Takes pictures of the app over a vault of invented conversations, for people to look at:
 * `npm run screens [-- --only list,thread] [--host web|desktop]`. They go to .screens/.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { createApp } from '../../main/app/create-app.ts';
import type { App } from '../../main/app/assemble-app.ts';
import type { Input } from '../../shared/ipc/contract.ts';
import { desktopHost, webHost, type OpenOptions, type TestHost } from '../helpers/app-hosts.ts';
import { writeSampleExport } from '../helpers/app-export.ts';
import { fillTeam, showSetUp, teamScreens } from './screens-team.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
] as const;
const themes = ['light', 'dark'] as const;
const folder = join(import.meta.dirname, '../../.screens');

interface Screen {
  readonly empty?: true;
  readonly team?: true;
  readonly show: (page: Page) => Promise<void>;
}

/** How to come to each screen; `empty` ones are taken over a vault without anything, `team` ones over one with a server. */
const screens: Readonly<Record<string, Screen>> = {
  welcome: { empty: true, show: async (page) => page.getByRole('button', { name: 'Import an export' }).waitFor() },
  'import-choose': {
    empty: true,
    show: async (page) => {
      await page.getByRole('button', { name: 'Import an export' }).click();
      await page.getByText('Drop an export here').waitFor();
    },
  },
  'import-plan': { empty: true, show: toPlan },
  'import-receipt': {
    empty: true,
    show: async (page) => {
      await toPlan(page);
      await page.getByRole('button', { name: /^Import \d+ conversations$/ }).click();
      await page.getByText(/conversations imported\./).waitFor();
    },
  },
  list: { show: toList },
  thread: { show: (page) => openThread(page, 'A queue that loses its last job') },
  'thread-maths': { show: (page) => openThread(page, 'Gear ratios for a loaded touring bike') },
  'thread-long': { show: (page) => openThread(page, 'Two days in a harbour town with a child of six') },
  'thread-tools': { show: (page) => openThread(page, 'How many reviews does a word need?') },
  search: {
    show: async (page) => {
      await toList(page);
      await page.getByRole('combobox', { name: 'Search all conversations' }).fill('queue');
      await page.getByRole('option').first().waitFor();
      await page.getByRole('option').first().click();
    },
  },
  'search-nothing': {
    show: async (page) => {
      await toList(page);
      await page.getByRole('combobox', { name: 'Search all conversations' }).fill('zeppelin');
      await page.getByText(/Nothing found/).waitFor();
    },
  },
  palette: {
    show: async (page) => {
      await toList(page);
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByPlaceholder('Type a command, or words to find').waitFor();
    },
  },
  menu: {
    show: async (page) => {
      await openThread(page, 'Herbs for a balcony that faces north');
      await page.getByRole('button', { name: 'Export this conversation' }).click();
      await page.getByRole('menuitem').first().waitFor();
    },
  },
  archive: { show: async (page) => page.getByRole('button', { name: 'Archive', exact: true }).click() },
  memory: {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('option', { name: /Graz/ }).click();
      await page.locator('.recharts-area').waitFor();
    },
  },
  'memory-dormant': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('option', { name: /harbour/ }).click();
      await page.getByRole('button', { name: 'Wake up' }).waitFor();
    },
  },
  'memory-empty': {
    empty: true,
    show: async (page) => page.getByRole('button', { name: 'Memory', exact: true }).click(),
  },
  'memory-add': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('button', { name: 'Add a memory' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  'memory-inbox': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: /^Proposals/ }).click();
      await page.getByRole('list', { name: 'Proposals, best first' }).waitFor();
    },
  },
  'memory-log': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Log' }).click();
      await page.getByRole('button', { name: 'Verify' }).click();
      await page.getByText(/^Unbroken/).waitFor();
      await page.locator('summary').first().click();
    },
  },
  'memory-table': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('button', { name: 'Show as a table' }).click();
      await page.getByRole('table', { name: 'Memories as a table' }).waitFor();
    },
  },
  'memory-filters': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('button', { name: 'More filters' }).click();
      await page.getByLabel('At least this sure').waitFor();
    },
  },
  'memory-recall': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Recall' }).click();
      await page.getByLabel('About').fill('Where do I live, and which bicycles do I repair?');
      await page.getByRole('button', { name: 'Recall', exact: true }).click();
      await page.getByRole('list', { name: 'Recalled memories, best first' }).waitFor();
    },
  },
  'memory-overview': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Overview' }).click();
      await page.locator('.recharts-area').first().waitFor();
    },
  },
  'memory-overview-end': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Overview' }).click();
      await page.locator('.recharts-area').first().waitFor();
      await page.getByRole('list', { name: 'Fading first' }).scrollIntoViewIfNeeded();
    },
  },
  'memory-hygiene': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Tidy up' }).click();
      await page.getByRole('option').first().click();
    },
  },
  'memory-hygiene-many': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Tidy up' }).click();
      await page.getByRole('button', { name: /^Without evidence/ }).click();
      await page.getByRole('option').nth(1).click();
    },
  },
  'memory-merge': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Tidy up' }).click();
      await page.getByRole('option').first().click();
      await page.getByRole('button', { name: 'Merge…' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  'memory-as-of': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Log' }).click();
      await page.getByText('As of a day').click();
      await page.getByRole('listitem').first().waitFor();
      await page.getByRole('button', { name: 'The day before on which something changed' }).click();
    },
  },
  'memory-compare': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Log' }).click();
      await page.getByText('Between two days').click();
      const earlier = page.getByRole('button', { name: 'The day before on which something changed' });
      await earlier.first().click();
      await earlier.first().click();
      await page.getByRole('listitem').first().waitFor();
    },
  },
  'memory-profile': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Profile' }).click();
      await page.getByRole('heading', { name: 'Domains' }).waitFor();
    },
  },
  'memory-domains': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Profile' }).click();
      await page.getByRole('columnheader', { name: 'Domain' }).scrollIntoViewIfNeeded();
    },
  },
  'memory-hubs': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Profile' }).click();
      await page.getByText('Hubs', { exact: true }).click();
      await page.getByRole('heading', { name: 'Identity' }).waitFor();
    },
  },
  'memory-hub-form': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Profile' }).click();
      await page.getByText('Hubs', { exact: true }).click();
      await page.getByRole('button', { name: 'Edit voice' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  'memory-episode': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Runs' }).click();
      await page.getByRole('option', { name: /tide/ }).click();
      await page.getByRole('button', { name: 'Step Ask again' }).click();
    },
  },
  'memory-snapshot': {
    show: async (page) => {
      await toMemory(page);
      await page.getByRole('tab', { name: 'Runs' }).click();
      await page.getByText('Snapshots', { exact: true }).click();
      await page.getByRole('option').first().click();
    },
  },
  'thread-memory': {
    show: async (page) => {
      await openThread(page, 'Talk about myself');
      await page.locator('[data-mark]').first().waitFor();
      await page.getByText('I prefer trains').last().selectText();
      await page.getByRole('button', { name: 'Remember this', exact: true }).waitFor();
    },
  },
  'thread-remember': {
    show: async (page) => {
      await openThread(page, 'Talk about myself');
      await page.locator('[data-message]').first().press('m');
      await page.getByRole('dialog').waitFor();
    },
  },
  imports: { show: async (page) => page.getByRole('button', { name: 'Imports', exact: true }).click() },
  doctor: {
    show: async (page) => {
      await page.getByRole('button', { name: 'Doctor', exact: true }).click();
      await page.getByRole('button', { name: 'Check now' }).click();
      await page.getByRole('list', { name: 'What was found' }).waitFor();
    },
  },
  'doctor-trash': {
    show: async (page) => {
      await page.getByRole('button', { name: 'Doctor', exact: true }).click();
      await page.getByRole('list', { name: 'Deletions, newest first' }).waitFor();
    },
  },
  'sync-set-up': { show: showSetUp },
  ...teamScreens,
  settings: { show: async (page) => page.getByRole('button', { name: 'Settings', exact: true }).click() },
  shortcuts: {
    show: async (page) => {
      await toList(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
};

let sampleZip = '';

async function toPlan(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Import an export' }).click();
  await page.locator('input[type=file]').setInputFiles(sampleZip);
  await page.getByRole('button', { name: /^Import \d+ conversations$/ }).waitFor();
}

async function toList(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Conversations', exact: true }).click();
  await page.locator('[role=row][aria-rowindex]').first().waitFor();
}

async function toMemory(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Memory', exact: true }).click();
  await page.getByRole('listbox', { name: 'Memories' }).waitFor();
}

async function openThread(page: Page, title: string): Promise<void> {
  await toList(page);
  await page.getByRole('row', { name: title }).click();
  await page.getByRole('heading', { name: title }).waitFor();
}

/** A vault with the sample conversations in it, some pinned, tagged and archived. */
async function fillVault(vaultPath: string): Promise<void> {
  await rememberLongAgo(vaultPath);
  const app = await createApp({ vaultPath });
  await app.transfer.run({ path: sampleZip, name: 'chatgpt-export-2026-11.zip' });
  const { rows } = await app.conversations.list({ view: 'active', offset: 0, limit: 50 });
  const tags: Readonly<Record<number, string[]>> = {
    0: ['work', 'typescript'],
    1: ['garden'],
    2: ['bikes'],
    4: ['family', 'travel'],
  };
  for (const [index, { id }] of rows.entries()) {
    if (tags[index]) await app.conversations.update({ id, tags: tags[index] });
    if (index === 0 || index === 7) await app.conversations.update({ id, pinned: true });
    if (index > 36) await app.conversations.update({ id, archived: true });
  }
  await app.handlers['settings.set']({ welcome_done: true });
  await app.conversations.delete({ ids: rows.slice(30, 33).map(({ id }) => id) });
  await fillMemory(app);
  await app.search.settled();
  await app.close();
  // For the doctor: a file that another program broke, one that it brought, one set aside.
  const day = join(vaultPath, 'data/conversations/2026/01/05');
  mkdirSync(day, { recursive: true, mode: 0o700 });
  writeFileSync(join(day, 'broken.json'), '{"title": "cut sho');
  const again = await createApp({ vaultPath });
  await again.close();
  writeFileSync(join(day, 'notes.txt'), 'Not a record.');
  chmodSync(join(vaultPath, '_settings.json'), 0o644);
}

/** A life before today: what has faded, what was changed, and what is said twice. */
async function rememberLongAgo(vaultPath: string): Promise<void> {
  const daysAgo = async (days: number, work: (handlers: App['handlers']) => Promise<void>): Promise<void> => {
    const app = await createApp({ vaultPath, clock: { now: () => Date.now() - days * 86_400_000 } });
    await work(app.handlers);
    await app.close();
  };
  let moved = '';
  await daysAgo(33, async (handlers) => {
    const add = async (text: string, domain?: string): Promise<string> =>
      (await handlers['memory.add']({ type: 'USER_FACT', text, ...(domain !== undefined && { domain }) })).memory.id;
    moved = await add('My workshop is in the cellar.', 'bicycles');
    await add('I repair bicycles for my neighbours.', 'bicycles');
    await add('I keep a diary of the weather.', 'weather');
  });
  await daysAgo(20, async (handlers) => {
    const text = 'We are planning two days in a harbour town with a child.';
    await handlers['memory.add']({ type: 'SHARED_NARRATIVE', text });
    await handlers['memory.edit']({ id: moved, text: 'My workshop is in the shed behind the house.', why: 'It moved' });
  });
  await daysAgo(6, async (handlers) => {
    await handlers['memory.add']({ type: 'USER_FACT', text: 'I repair my neighbours’ bicycles.', anyway: true });
    await handlers['memory.add']({ type: 'USER_FACT', text: 'I do not keep a diary of the weather.', anyway: true });
    await handlers['memory.add']({ type: 'SHARED_NARRATIVE', text: 'We are choosing a name for a sailing dinghy.' });
  });
}

/** Memories of every type, one of them faded; proposals with their sentences. */
async function fillMemory({ handlers, conversations, vault }: App): Promise<void> {
  const say = async (text: string): Promise<string> => {
    const { id } = await conversations.create({ title: 'Talk about myself' });
    return (await handlers['messages.append']({ conversation_id: id, text })).id;
  };
  const told = await say('I **live** in Graz. My sister is called Hanna.\n\nI prefer trains to planes.');
  const add = async (input: Input<'memory.add'>): Promise<string> => (await handlers['memory.add'](input)).memory.id;
  const evidence = [{ message_id: told, quote: 'I live in Graz.' }];
  const graz = await add({ type: 'USER_FACT', text: 'I live in Graz.', confidence: 0.9, evidence });
  await handlers['memory.confirm']({ id: graz, why: 'Asked again' });
  await handlers['memory.edit']({ id: graz, text: 'I live in Graz, near the river.', why: 'More exactly' });
  await add({ type: 'USER_PATTERN', text: 'I write in the mornings, before the first meeting.', domain: 'writing' });
  const tools = await add({ type: 'USER_PATTERN', text: 'TypeScript and Python are the languages I use at work.' });
  await handlers['memory.edit']({ id: tools, pinned: true });
  await add({
    type: 'USER_FACT',
    text: 'My touring bicycle has a triple chainring and a leather saddle.',
    confidence: 0.95,
  });
  const doubted = await add({
    type: 'SHARED_NARRATIVE',
    text: 'The balcony garden is to be replanted with herbs for shade.',
  });
  await handlers['memory.contradict']({ id: doubted });
  await handlers['memory.decay']({});
  await handlers['memory.extract']({});
  await handlers['memory.prefer']({ preferences: { detail_level: 'high', tone: 'dry' }, learning_level: 'advanced' });
  await handlers['memory.put_hub']({
    hub_type: 'soft_identity',
    item_key: 'voice',
    payload: { tone: 'dry', humour: 'a little' },
  });
  await handlers['memory.put_hub']({ hub_type: 'workshop', item_key: 'tools', payload: { have: ['truing stand'] } });
  await keepRuns(vault);
}

/** What programs leave: a run with its steps, and what was running. */
async function keepRuns(vault: App['vault']): Promise<void> {
  const step = (id: string, label: string, status = 'completed') => ({ id, label, status });
  await vault.collection('episodic_memory').insertOne({
    run_id: 'run-2026-11-18-a',
    query: 'When does the tide turn on Saturday, and is there a train that arrives before?',
    status: 'completed',
    nodes: [
      step('plan', 'Plan'),
      step('tides', 'Look up the tides'),
      step('trains', 'Look up trains'),
      step('retry', 'Ask again', 'failed'),
      step('compare', 'Compare times'),
      step('answer', 'Answer'),
    ],
    edges: [
      ['plan', 'tides'],
      ['plan', 'trains'],
      ['trains', 'retry'],
      ['retry', 'trains'],
      ['tides', 'compare'],
      ['trains', 'compare'],
      ['compare', 'answer'],
    ],
  });
  await vault
    .collection('episodic_memory')
    .insertOne({ run_id: 'run-2026-11-19-b', query: 'Name the herbs', status: 'running', nodes: ['ask'], edges: [] });
  await vault.collection('runtime_snapshots').insertOne({
    snapshot_id: 'snapshot-7',
    source: 'assistant',
    active_runs: { 'run-2026-11-19-b': { step: 'ask', since: '2026-11-19T09:12:00Z' } },
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, host: { type: 'string', default: 'web' } } });
  const names = values.only?.split(',') ?? Object.keys(screens);
  const unknown = names.filter((name) => !(name in screens));
  if (unknown.length > 0)
    throw new Error(`No screen ${unknown.join(', ')}; there are ${Object.keys(screens).join(', ')}.`);
  const host = values.host === 'desktop' ? await desktopHost() : webHost();
  if (host.missing !== null) throw new Error(host.missing);
  const work = mkdtempSync(join(tmpdir(), 'almanac-screens-'));
  mkdirSync(folder, { recursive: true });
  let stopTeam = async (): Promise<void> => undefined;
  try {
    sampleZip = await writeSampleExport(join(work, 'chatgpt-export-2026-11.zip'), new Date());
    await fillVault(join(work, 'vault'));
    const shared = names.filter((name) => screens[name]?.team);
    const filled = names.filter((name) => !screens[name]?.empty && !screens[name]?.team);
    const team = shared.length > 0 ? await fillTeam(work, sampleZip) : null;
    stopTeam = async () => team?.server.stop();
    for (const theme of themes) {
      if (team !== null) await takeAll(host, { vault: team.vault, colorScheme: theme }, shared);
      if (filled.length > 0) await takeAll(host, { vault: join(work, 'vault'), colorScheme: theme }, filled);
      for (const name of names.filter((one) => screens[one]?.empty))
        await takeAll(host, { vault: join(work, `empty-${name}-${theme}`), colorScheme: theme }, [name]);
    }
  } finally {
    await host.stop();
    await stopTeam();
    rmSync(work, { recursive: true, force: true });
  }
}

async function takeAll(host: TestHost, options: OpenOptions, names: readonly string[]): Promise<void> {
  const running = await host.open(options);
  try {
    running.page.setDefaultTimeout(10_000);
    for (const name of names) await take(running.page, name, options.colorScheme ?? 'light');
    for (const problem of running.problems) process.stdout.write(`! ${problem}\n`);
  } finally {
    await running.close();
  }
}

async function take(page: Page, name: string, theme: string): Promise<void> {
  await page.setViewportSize(sizes[0]);
  await page.goto(new URL('/', page.url()).href);
  await screens[name]?.show(page);
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(350);
    const file = join(folder, `${name}-${size.width}-${theme}.png`);
    await page.screenshot({ path: file });
    process.stdout.write(`${file}\n`);
  }
}

await main();
