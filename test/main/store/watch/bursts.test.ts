import { closeSync, ftruncateSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { at, eventually, title, watchedVault } from './watched-vault.ts';

/** How programs save a file; each resolves when it is done. */
const manners = {
  plain: async (path: string, text: string) => writeFileSync(path, text),
  atomic: async (path: string, text: string) => {
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
  },
  'in two steps': async (path: string, text: string) => {
    const file = openSync(path, 'r+');
    ftruncateSync(file, 0);
    await sleep(15);
    writeSync(file, text.slice(0, 50));
    await sleep(15);
    writeSync(file, text.slice(50));
    closeSync(file);
  },
  'old one renamed away first': async (path: string, text: string) => {
    renameSync(path, `${path}~`);
    await sleep(10);
    writeFileSync(path, text);
  },
} as const;

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const FILES = 25;

test('in a hundred bursts of saves, in every manner and 5 to 40 ms apart, the final content is never missed', async () => {
  const { vault, edits, path } = await watchedVault({ quietMs: 200, midSaveMs: 5_000, vanishedMs: 5_000 });
  await vault
    .collection('conversations')
    .insertMany(
      Array.from({ length: FILES }, (_, number) => ({ id: `f${number}`, title: 'first', created_at: at(3) })),
    );
  await vault.settleFiles();
  let missed = 0;
  for (const [round, save] of Object.values(manners).entries()) {
    const final = Array.from({ length: FILES }, (_, number) => `round ${round} file ${number}`);
    await Promise.all(
      final.map(async (text, number) => {
        const saves = 2 + (number % 5);
        for (let step = 1; step <= saves; step += 1) {
          const content = JSON.stringify({
            id: `f${number}`,
            title: step === saves ? text : `draft ${step}`,
            created_at: at(3),
          });
          await save(path(`conversations/2026/01/03/f${number}.json`), content);
          await sleep(5 + ((number * 7 + step * 11) % 36));
        }
      }),
    );
    await eventually(() => edits.idle());
    await sleep(300);
    await edits.idle();
    await vault.settleFiles();
    for (const [number, text] of final.entries()) {
      const record = await vault.collection('conversations').findOne({ id: `f${number}` });
      if (record?.title !== text || record._meta.by.external !== true || record._meta.rev === '') missed += 1;
    }
  }
  expect({ missed, aside: vault.quarantine(), deleted: (await vault.counts()).conversations }).toEqual({
    missed: 0,
    aside: [],
    deleted: 3 + FILES,
  });
}, 40_000);

test('saves that go on for longer than the wait, through taking over, end with the last of them', async () => {
  const { vault, edits, path } = await watchedVault({ quietMs: 60 });
  let last = '';
  for (let step = 0; step < 60; step += 1) {
    last = `step ${step}`;
    await manners[step % 2 === 0 ? 'plain' : 'atomic'](
      path('conversations/2026/01/01/b.json'),
      JSON.stringify({ id: 'b', title: last, created_at: at(1) }),
    );
    await sleep(10 + ((step * 37) % 140));
  }
  await sleep(300);
  await edits.idle();
  expect(await title(vault, 'b')).toBe(last);
});
