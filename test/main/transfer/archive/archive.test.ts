import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors.ts';
import { emptyLookup } from '../../../../main/transfer/lookup.ts';
import { runImportJob, type JobOutcome } from '../../../../main/transfer/import-job.ts';
import { craftZip, type CraftedEntry } from '../../../fixtures/exports/craft-zip.ts';
import { plainConversation } from '../../../fixtures/exports/chatgpt.ts';
import { claudeConversation, claudeMessage } from '../../../fixtures/exports/claude.ts';
import { makeZip } from '../../../fixtures/exports/make-zip.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';

const good = JSON.stringify([plainConversation('c1'), plainConversation('c2')]);
const goodEntry: CraftedEntry = { name: 'conversations.json', content: good, compress: true };

/** Reads the archive to its end without a vault; what would be written is only counted. */
async function read(path: string): Promise<JobOutcome & { readonly puts: number }> {
  let puts = 0;
  const outcome = await runImportJob(
    { archive: { path, name: 'export' }, importId: 'import-1', importedAt: '2026-11-20T12:00:00.000Z' },
    {
      lookup: emptyLookup,
      onContents: async () => undefined,
      put: () => void (puts += 1),
      onRows: () => undefined,
      onProgress: () => undefined,
    },
  );
  return { ...outcome, puts };
}

async function errorOf(path: string): Promise<AppError> {
  const error = await read(path).catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`, { cause: error });
  return error;
}

function write(bytes: Buffer | string, name = 'export.zip'): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

test.each<[string, string, () => Buffer]>([
  ['a ZIP cut off', 'ARCHIVE_UNREADABLE', () => craftZip([goodEntry]).subarray(0, -60)],
  [
    'a ZIP with a damaged middle',
    'ARCHIVE_UNREADABLE',
    () => {
      const bytes = craftZip([goodEntry]);
      bytes.fill(0x5a, 120, 180);
      return bytes;
    },
  ],
  ['a wrong checksum', 'ARCHIVE_UNREADABLE', () => craftZip([{ ...goodEntry, declared: { crc: 1 } }])],
  ['an entry longer than declared', 'ARCHIVE_UNREADABLE', () => craftZip([{ ...goodEntry, declared: { size: 100 } }])],
  [
    'an entry shorter than declared',
    'ARCHIVE_UNREADABLE',
    () => craftZip([{ ...goodEntry, declared: { size: good.length + 9 } }]),
  ],
  ['a compression we do not know', 'ARCHIVE_UNREADABLE', () => craftZip([{ ...goodEntry, method: 99 }])],
  ['an absolute name', 'ARCHIVE_REFUSED', () => craftZip([goodEntry, { name: '/etc/x.json', content: '[]' }])],
  ['a name that leads out', 'ARCHIVE_REFUSED', () => craftZip([goodEntry, { name: 'a/../../x.json', content: '[]' }])],
  ['a name with a backslash', 'ARCHIVE_REFUSED', () => craftZip([goodEntry, { name: '..\\x.json', content: '[]' }])],
  ['a name with a drive', 'ARCHIVE_REFUSED', () => craftZip([goodEntry, { name: 'C:/x.json', content: '[]' }])],
  ['a name with a NUL', 'ARCHIVE_REFUSED', () => craftZip([goodEntry, { name: 'x\0.json', content: '[]' }])],
  [
    'a path of ten thousand folders',
    'ARCHIVE_REFUSED',
    () => craftZip([goodEntry, { name: `${'a/'.repeat(10_000)}x.json`, content: '[]' }]),
  ],
  [
    'a symbolic link',
    'ARCHIVE_REFUSED',
    () => craftZip([goodEntry, { name: 'x.json', content: '/etc/passwd', mode: 0o120777 }]),
  ],
  ['a device', 'ARCHIVE_REFUSED', () => craftZip([goodEntry, { name: 'x.json', content: '', mode: 0o020666 }])],
  [
    'an encrypted entry',
    'ARCHIVE_REFUSED',
    () => craftZip([goodEntry, { name: 'x.json', content: '[]', compress: true, flags: 0x0801 }]),
  ],
  ['two entries of one name', 'ARCHIVE_REFUSED', () => craftZip([goodEntry, goodEntry])],
  [
    'two names that a disk would fold',
    'ARCHIVE_REFUSED',
    () => craftZip([goodEntry, { ...goodEntry, name: 'Conversations.JSON' }]),
  ],
  [
    'entries that share bytes',
    'ARCHIVE_REFUSED',
    () => craftZip([goodEntry, { ...goodEntry, name: 'b.json', declared: { offset: 0 } }]),
  ],
  [
    'an entry that unpacks to 1000 times its size',
    'ARCHIVE_REFUSED',
    () => craftZip([goodEntry, { name: 'bomb.json', content: Buffer.alloc(20 * 1024 ** 2), compress: true }]),
  ],
  [
    'a picture that declares 4 GB in a few bytes',
    'ARCHIVE_REFUSED',
    () => craftZip([goodEntry, { name: 'x.png', content: 'x', compress: true, declared: { size: 0xffff_fffe } }]),
  ],
  ['an empty ZIP', 'ARCHIVE_UNKNOWN', () => craftZip([])],
  ['a ZIP without JSON', 'ARCHIVE_UNKNOWN', () => craftZip([{ name: 'a.txt', content: 'hello' }])],
  [
    'a ZIP of ZIPs',
    'ARCHIVE_UNKNOWN',
    () => craftZip([{ name: 'conversations-000.zip', content: craftZip([goodEntry]) }]),
  ],
  [
    'conversations that no program writes',
    'ARCHIVE_UNKNOWN',
    () => craftZip([{ name: 'conversations.json', content: '[{"hello":1}]' }]),
  ],
  [
    'conversations of two programs',
    'ARCHIVE_UNKNOWN',
    () =>
      craftZip([
        goodEntry,
        {
          name: 'other.json',
          content: JSON.stringify([claudeConversation('u1', [claudeMessage('m1', 'human', 'x')])]),
        },
      ]),
  ],
])('%s is refused (%s)', async (_, code, bytes) => {
  const error = await errorOf(write(bytes()));
  expect(error.code).toBe(code);
  expect(error.remedy).toContain('Nothing was imported');
});

test('a bomb is refused before anything of it is unpacked', async () => {
  const bomb = craftZip(
    Array.from({ length: 50 }, (_, index) => ({
      name: `${index}.json`,
      content: Buffer.alloc(14 * 1024 ** 2, ' '),
      compress: true,
    })),
  );
  expect((await errorOf(write(bomb))).code).toBe('ARCHIVE_REFUSED');
});

test('real JSON that compresses very well is not taken for a bomb', async () => {
  const repetitive = Array.from({ length: 400 }, (_, index) =>
    plainConversation(`c${index}`, 'same words '.repeat(4000)),
  );
  const path = await makeZip(join(tempFolder(), 'export.zip'), { 'conversations.json': repetitive });
  expect((await read(path)).plan).toMatchObject({ seen: 400, created: 400 });
});

test.each<[string, string, string | Buffer]>([
  ['an empty file', 'ARCHIVE_UNREADABLE', ''],
  ['a text file', 'ARCHIVE_UNKNOWN', 'Dear diary'],
  ['JSON that is no export', 'ARCHIVE_UNKNOWN', '{"name":"almanac","version":"1"}'],
  ['a list of numbers', 'ARCHIVE_UNKNOWN', '[1,2,3]'],
  ['UTF-16', 'ARCHIVE_UNKNOWN', Buffer.from('\ufeff[]', 'utf16le')],
  ['JSON cut off', 'ARCHIVE_UNREADABLE', good.slice(0, -30)],
  ['JSON cut off within its first conversation', 'ARCHIVE_UNREADABLE', good.slice(0, 200)],
  ['JSON with a quote too many', 'ARCHIVE_UNREADABLE', good.replace('As deep', 'As "deep')],
])('%s is refused (%s)', async (_, code, text) => {
  const error = await errorOf(write(text, 'export.json'));
  expect(error.code).toBe(code);
  if (code === 'ARCHIVE_UNREADABLE' && text.length > 0) expect(error.message).toMatch(/at byte \d+/);
});

test('a file that is not there is refused', async () => {
  expect((await errorOf(join(tempFolder(), 'gone.zip'))).code).toBe('ARCHIVE_UNREADABLE');
});

test.each<[string, Record<string, string | object>]>([
  ['one file', { 'conversations.json': [plainConversation('c1'), plainConversation('c2')] }],
  [
    'shards one folder deep',
    {
      'my-export/conversations-000.json': [plainConversation('c1')],
      'my-export/conversations-001.json': [plainConversation('c2')],
      'my-export/export_manifest.json': { files: ['conversations-000.json', 'conversations-001.json'] },
      '__MACOSX/my-export/._conversations-000.json': 'junk',
    },
  ],
  [
    'a wrapper object under an odd name',
    { 'chats.json': { version: 1, conversations: [plainConversation('c1'), plainConversation('c2')] } },
  ],
  ['a file for each conversation', { 'a/1.json': plainConversation('c1'), 'a/2.json': plainConversation('c2') }],
  [
    'the same conversations in two places',
    {
      'conversations.json': [plainConversation('c1'), plainConversation('c2')],
      'conversations/c1.json': plainConversation('c1'),
    },
  ],
])('%s is read', async (_, contents) => {
  const outcome = await read(await makeZip(join(tempFolder(), 'export.zip'), contents));
  expect(outcome.plan).toMatchObject({ app: 'chatgpt', created: 2, failed: [], messages: { created: 6 } });
  expect(outcome.puts).toBe(8);
});

test('a folder is read like a ZIP, and links in it are not followed', async () => {
  const folder = tempFolder();
  const elsewhere = tempFolder();
  writeFileSync(join(elsewhere, 'secret.json'), JSON.stringify([plainConversation('secret')]));
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'sub', 'conversations.json'), good);
  symlinkSync(join(elsewhere, 'secret.json'), join(folder, 'linked.json'));
  symlinkSync(elsewhere, join(folder, 'linked-folder'));
  const outcome = await read(folder);
  expect(outcome.plan).toMatchObject({ seen: 2, created: 2 });
  expect(outcome.leftOut.map(({ file }) => file)).toEqual(expect.arrayContaining(['linked.json', 'linked-folder']));
});

test('files that are not taken over are named, and a shard that the manifest lists and the archive lacks', async () => {
  const { leftOut } = await read(
    await makeZip(join(tempFolder(), 'export.zip'), {
      'conversations-000.json': [plainConversation('c1')],
      'export_manifest.json': { shards: [{ path: 'conversations-000.json' }, { path: 'conversations-001.json' }] },
      'message_feedback.json': [{ id: 'f1', rating: 'thumbsUp' }],
      'chat.html': '<html></html>',
    }),
  );
  expect(Object.fromEntries(leftOut.map(({ file, reason }) => [file, reason]))).toEqual({
    'conversations-001.json': expect.stringContaining('not complete'),
    'export_manifest.json': 'it holds no conversations',
    'message_feedback.json': 'it holds no conversations',
    'chat.html': expect.stringContaining('only JSON'),
  });
});

test('damaged and foreign elements fail by themselves, and every element is counted', async () => {
  const list = `[${JSON.stringify(plainConversation('c1'))},{"title":tru},null,{"id":"odd","title":"x"},${JSON.stringify(plainConversation('c2'))}]`;
  const { plan } = await read(write(list, 'export.json'));
  expect(plan).toMatchObject({ seen: 5, created: 2, updated: 0, skipped: 0 });
  expect(plan.failed.map(({ source_id }) => source_id)).toEqual([
    expect.stringMatching(/^byte \d+/),
    expect.stringMatching(/^byte \d+/),
    'odd',
  ]);
});
