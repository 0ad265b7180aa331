import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { App } from '../../../main/app/assemble-app.ts';
import { createApp } from '../../../main/app/create-app.ts';
import { startDailyUpkeep } from '../../../main/app/daily-upkeep.ts';
import { systemClock } from '../../../main/lib/clock.ts';
import { silentLog } from '../../../main/lib/log.ts';
import type { DoctorReport, QuarantineEntry, TrashBatch } from '../../../shared/ipc/upkeep.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

async function openApp(): Promise<App> {
  const app = await createApp({ vaultPath: join(tempFolder(), 'vault') });
  onTestFinished(() => app.close());
  return app;
}

/** As the page asks: input and output checked by the contract. */
async function ask(app: App, method: string, input: unknown): Promise<unknown> {
  const reply = await app.dispatch(method, input);
  return reply.ok ? reply.value : reply.error.code;
}

test('the page runs the doctor, hears of findings on the way, and handles what was set aside', async () => {
  const app = await openApp();
  const heard: string[] = [];
  app.events.subscribe(({ event }) => heard.push(event));
  await app.vault.collection('conversations').insertOne({ id: 'a', title: 'A' });
  await app.search.settled();
  const day = join(app.vault.root, 'data/conversations/2026/01/05');
  mkdirSync(day, { recursive: true, mode: 0o700 });
  writeFileSync(join(day, 'x.json'), '{"title', { mode: 0o600 });
  const looked = (await ask(app, 'doctor.run', { repair: false, job_id: 'job-0001' })) as DoctorReport;
  expect(looked.findings).toMatchObject([{ code: 'file-damaged', repaired: false }]);
  expect(heard).toContain('doctor.finding');
  const repaired = (await ask(app, 'doctor.run', { repair: true, job_id: 'job-0002' })) as DoctorReport;
  expect(repaired).toMatchObject({ ok: true, repaired: 1 });
  const [entry] = (await ask(app, 'quarantine.list', {})) as [QuarantineEntry];
  expect(entry).toMatchObject({ reason: 'not JSON', bytes: 7, readable: false });
  expect(await ask(app, 'quarantine.export', { id: entry.id })).toEqual({
    file_name: 'x.json',
    base64: btoa('{"title'),
  });
  expect(await ask(app, 'quarantine.restore', { id: entry.id })).toBe('RECORD_DAMAGED');
  expect(await ask(app, 'quarantine.discard', { id: entry.id })).toBeNull();
  const [discarded] = (await ask(app, 'trash.list', {})) as [TrashBatch];
  expect(discarded).toMatchObject({ reason: 'quarantine', collections: { quarantine: 1 } });
  expect(await ask(app, 'trash.restore', { id: discarded.id })).toEqual({ restored: 1 });
  expect(await ask(app, 'quarantine.list', {})).toHaveLength(1);
});

test('what was deleted is in the trash at once, and comes back', async () => {
  const app = await openApp();
  const { id } = await app.conversations.create({ title: 'Plans' });
  await app.conversations.delete({ ids: [id] });
  const [batch] = (await ask(app, 'trash.list', {})) as [TrashBatch];
  expect(batch).toMatchObject({ reason: 'deleted', examples: ['Plans'] });
  expect(await ask(app, 'trash.restore', { id: batch.id })).toEqual({ restored: 1 });
  expect(await ask(app, 'trash.restore', { id: batch.id })).toBe('NOT_FOUND');
  expect(await ask(app, 'trash.restore', { id: '../data' })).toBe('NOT_FOUND');
});

test('what a repair kept is taken out by hand, never put over the records there are', async () => {
  const app = await openApp();
  for (const batch of ['adopted', 'repair-01a1fa5f']) {
    mkdirSync(join(app.vault.root, '_trash', batch, 'leftovers'), { recursive: true });
    writeFileSync(join(app.vault.root, '_trash', batch, 'leftovers/a.json.1'), 'x');
    expect(await ask(app, 'trash.restore', { id: batch })).toBe('NOT_SUPPORTED');
    expect(existsSync(join(app.vault.root, '_trash', batch, 'leftovers/a.json.1'))).toBe(true);
  }
});

test('the daily upkeep empties the trash of what is older than 30 days and remembers that it did', async () => {
  const app = await openApp();
  for (const batch of ['old', 'young']) {
    await app.vault.collection('conversations').insertOne({ id: batch });
    await app.vault.collection('conversations').deleteOne({ id: batch }, { trashBatch: batch });
  }
  await app.vault.settleFiles();
  const trash = join(app.vault.root, '_trash');
  const then = new Date(Date.now() - 31 * 86_400_000);
  const folders = readdirSync(join(trash, 'old'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  for (const { parentPath, name } of folders) utimesSync(join(parentPath, name), then, then);
  utimesSync(join(trash, 'old'), then, then);
  const daily = startDailyUpkeep(app.vault, app.memory.service, systemClock, silentLog);
  await daily.tick();
  await daily.stop();
  expect(readdirSync(trash)).toEqual(['young']);
  expect(app.vault.readAppFile('upkeep')).toMatchObject({ last_run: expect.any(String) });
});

test('the daily upkeep lets go of superseded lines', async () => {
  const app = await openApp();
  const created_at = '2026-01-01T12:00:00.000Z';
  const messages = app.vault.collection('messages');
  const path = join(app.vault.root, 'data/messages/2026/01/01/talk.ndjson');
  const pileUp = async (): Promise<void> => {
    for (let edit = 0; edit < 4; edit += 1) {
      await messages.updateOne({ id: 'm' }, { $set: { content: `${edit}`.repeat(40_000) } });
      await app.vault.settleFiles();
    }
  };
  await messages.insertOne({ id: 'm', conversation_id: 'talk', role: 'user', content: '', created_at });
  await pileUp();
  expect(statSync(path).size).toBeGreaterThan(160_000);
  const daily = startDailyUpkeep(app.vault, app.memory.service, systemClock, silentLog);
  await daily.tick();
  await daily.stop();
  expect(statSync(path).size).toBeLessThan(50_000);
});
