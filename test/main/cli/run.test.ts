import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CliContext } from '../../../main/cli/context.ts';
import { run } from '../../../main/cli/run.ts';
import { openVault } from '../../../main/store/vault.ts';
import { collectionNames } from '../../../shared/collections/registry.ts';
import { conversation, node, plainConversation } from '../../fixtures/exports/chatgpt.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly note: string;
}

/** Runs command lines against one vault, in this process. */
function cliFor(vault: string, how: Partial<CliContext> = {}) {
  const call = async (args: readonly string[], input = ''): Promise<Outcome> => {
    let [out, note] = ['', ''];
    const code = await run(['--vault', vault, ...args], {
      out: (text) => void (out += text),
      note: (text) => void (note += text),
      isWatched: false,
      readInput: () => Promise.resolve(input),
      clock: { now: () => Date.UTC(2026, 5, 1) },
      signal: new AbortController().signal,
      ...how,
    });
    return { code, out, note };
  };
  /** With --json: the value on standard output, which must be exactly one. */
  const json = async (args: readonly string[], input?: string): Promise<{ code: number; value: unknown }> => {
    const { code, out } = await call([...args, '--json'], input);
    return { code, value: JSON.parse(out) as unknown };
  };
  return { call, json };
}

const newVault = (): string => join(tempFolder(), 'vault');
const errorLike = (code: string) => ({
  error: { code, message: expect.stringMatching(/\w/) as string, remedy: expect.stringMatching(/\w/) as string },
});

test('records are inserted, found, counted, changed and deleted, with MongoDB’s results', async () => {
  const { json } = cliFor(newVault());
  const doc = '{"id":"a","title":"Paris","created_at":"2026-02-01T10:00:00.000Z"}';
  expect(await json(['insert', 'conversations', doc])).toEqual({
    code: 0,
    value: { acknowledged: true, insertedId: 'a' },
  });
  const more = '[{"id":"b","title":"Rome"},{"id":"c","title":"Bern"}]';
  expect((await json(['insert', 'conversations', '-'], more)).value).toMatchObject({ insertedCount: 2 });
  expect((await json(['count', 'conversations'])).value).toBe(3);
  expect((await json(['count', 'conversations', '{"title":"Rome"}'])).value).toBe(1);
  const found = ['find', 'conversations', '{}', '--sort', '{"title":1}', '--skip', '1', '--limit', '1'];
  expect((await json([...found, '--project', '{"title":1}'])).value).toEqual([{ id: 'a', title: 'Paris' }]);
  expect((await json(['get', 'conversations', 'a'])).value).toMatchObject({ id: 'a', title: 'Paris' });
  expect((await json(['update', 'conversations', '{"id":"a"}', '{"$set":{"pinned":true}}'])).value).toEqual({
    acknowledged: true,
    matchedCount: 1,
    modifiedCount: 1,
    upsertedCount: 0,
    upsertedId: null,
  });
  const upsert = await json(['update', 'conversations', '{"id":"d"}', '{"$set":{"title":"Oslo"}}', '--upsert']);
  expect(upsert.value).toMatchObject({ upsertedCount: 1, upsertedId: 'd' });
  expect((await json(['delete', 'conversations', '{"title":"Oslo"}'])).value).toEqual({
    acknowledged: true,
    deletedCount: 1,
  });
  expect((await json(['delete', 'conversations', '{}', '--many'])).value).toMatchObject({ deletedCount: 3 });
});

test('status says what there is, what search covers, and who has the vault open', async () => {
  const path = newVault();
  const { json, call } = cliFor(path);
  await json(['insert', 'memories', '{"type":"USER_FACT","text":"Likes trains","confidence":0.9}']);
  const { value } = await json(['status']);
  expect(value).toEqual({
    vault: path,
    format: expect.any(Number) as number,
    collections: {
      ...Object.fromEntries(collectionNames.map((name) => [name, { count: 0 }])),
      memories: { count: 1 },
    },
    search: { indexed: 0, total: 1 },
    owner: null,
    mode: 'local',
    quarantined: 0,
  });
  await json(['search', 'trains']);
  expect((await json(['status'])).value).toMatchObject({ search: { indexed: 1, total: 1 } });
  const vault = await openVault({ root: path, mode: 'owner' });
  expect((await json(['status'])).value).toMatchObject({ owner: { pid: process.pid } });
  await vault.close();
  expect((await call(['status'])).out).toMatch(/memories +1 record\b/);
});

test('an export goes in with a receipt, is searched, comes out again, and is taken back', async () => {
  const folder = tempFolder();
  const { json, call } = cliFor(join(folder, 'vault'));
  const archive = join(folder, 'conversations.json');
  writeFileSync(archive, JSON.stringify([plainConversation('one'), plainConversation('two', 'Why?', 'Because.')]));

  const dry = await json(['import', archive, '--dry-run']);
  expect(dry.value).toMatchObject({ id: null, dry_run: true, seen: 2, created: 2, rows: [{ action: 'create' }, {}] });
  expect(existsSync(join(folder, 'vault'))).toBe(false);

  const receipt = (await json(['import', archive])).value as { id: string };
  expect(receipt).toMatchObject({ app: 'chatgpt', seen: 2, created: 2, updated: 0, skipped: 0, failed: [] });
  expect((await json(['import', archive])).value).toMatchObject({ created: 0, skipped: 2 });

  const hits = await json(['search', 'deep', 'as', 'it', 'needs', '--limit', '5']);
  expect(hits.value).toEqual([
    {
      collection: 'messages',
      id: expect.any(String) as string,
      conversation_id: expect.any(String) as string,
      title: expect.any(String) as string,
      snippet: 'As deep as it needs to be.',
      score: expect.any(Number) as number,
    },
  ]);

  const markdown = join(folder, 'out');
  expect((await json(['export', markdown, '--format', 'markdown'])).value).toMatchObject({ conversations: 2 });
  expect(readdirSync(markdown).filter((name) => name.endsWith('.md'))).toHaveLength(2);
  const single = join(folder, 'out.json');
  await json(['export', single, '--format', 'json', '--filter', '{"title":"nothing like it"}']);
  expect(readFileSync(single, 'utf8')).not.toContain('deep');

  expect((await json(['import', '--undo', receipt.id])).value).toMatchObject({
    id: receipt.id,
    removed_conversations: 2,
  });
  expect((await json(['count', 'conversations'])).value).toBe(0);
  expect((await json(['search', 'deep'])).value).toEqual([]);
  expect((await call(['import', archive])).out).toMatch(/2 conversations from chatgpt: 2 created/);
});

test('what is remembered goes from one vault to another as a file', async () => {
  const folder = tempFolder();
  const [from, to] = [cliFor(join(folder, 'from')), cliFor(join(folder, 'to'))];
  await from.json(['insert', 'memories', '{"type":"USER_FACT","text":"Likes trains","confidence":0.9}']);
  const file = join(folder, 'memory.json');
  writeFileSync(file, (await from.call(['memory', 'export'])).out);
  expect((await to.call(['import', file])).out).toMatch(
    /^1 memory from memory-document: 1 created, 0 updated, 0 skipped\./,
  );
  expect((await to.json(['memory', 'list'])).value).toMatchObject([{ text: 'Likes trains', type: 'USER_FACT' }]);
  // Where it came from it is known already.
  expect((await from.call(['import', file])).out).toMatch(
    /^1 memory from memory-document: 0 created, 0 updated, 1 skipped\./,
  );
});

test('the indexes are rebuilt', async () => {
  const { json } = cliFor(newVault());
  await json(['insert', 'conversations', '{"title":"Paris"}']);
  expect((await json(['rebuild'])).value).toMatchObject({
    records: { conversations: 1 },
    quarantined: 0,
    search: { indexed: 1, total: 1 },
  });
});

test('a missing vault is an error for reading and changing, and nothing is made', async () => {
  const path = newVault();
  const { json } = cliFor(path);
  for (const args of [
    ['status'],
    ['find', 'conversations'],
    ['get', 'conversations', 'x'],
    ['count', 'messages'],
    ['update', 'conversations', '{}', '{"$set":{"a":1}}'],
    ['delete', 'conversations', '{}'],
    ['search', 'x'],
    ['export', 'out', '--format', 'json'],
    ['rebuild'],
    ['import', '--undo', 'x'],
  ]) {
    expect([args, await json(args)]).toEqual([args, { code: 1, value: errorLike('VAULT_MISSING') }]);
  }
  expect(existsSync(path)).toBe(false);
});

test('what fails is said once, with a code and a remedy: as JSON, or in words on standard error', async () => {
  const { json, call } = cliFor(newVault());
  await json(['insert', 'conversations', '{"id":"a","title":"Paris"}']);
  for (const [args, code] of [
    [['find', 'nope'], 'UNKNOWN_COLLECTION'],
    [['get', 'conversations', 'x'], 'NOT_FOUND'],
    [['find', 'conversations', '{"$bad":1}'], 'BAD_FILTER'],
    [['update', 'conversations', '{}', '{"$bad":{"a":1}}'], 'BAD_UPDATE'],
    [['insert', 'conversations', '{"id":"a"}'], 'DUPLICATE_KEY'],
    [['insert', 'memories', '{"text":""}'], 'BAD_RECORD'],
    [['import', '/does/not/exist.zip'], 'ARCHIVE_UNREADABLE'],
    [['import', '--undo', 'x'], 'IMPORT_NOT_FOUND'],
  ] as const) {
    expect([args, await json(args)]).toEqual([args, { code: 1, value: errorLike(code) }]);
  }
  const plain = await call(['get', 'conversations', 'x']);
  expect(plain).toMatchObject({ code: 1, out: '' });
  expect(plain.note).toContain('conversations has no record with the id "x".');
});

test('bad usage has exit code 2, with JSON an error object too', async () => {
  const { json, call } = cliFor(newVault());
  for (const args of [
    [],
    ['nope'],
    ['find'],
    ['find', 'conversations', '{}', 'extra'],
    ['find', 'conversations', '--limit', 'x'],
    ['find', 'conversations', '--nope'],
    ['export', 'x'],
    ['export', 'x', '--format', 'pdf'],
    ['import'],
    ['import', 'x', '--undo', 'y'],
    ['find', 'conversations', '{bad'],
  ]) {
    expect([args, await json(args)]).toEqual([args, { code: 2, value: errorLike('BAD_INPUT') }]);
    expect(await call(args)).toMatchObject({ code: 2, out: '', note: expect.stringMatching(/\w/) as string });
  }
});

test('JSON that cannot be read names the argument and the place', async () => {
  const { json } = cliFor(newVault());
  const messageOf = async (args: readonly string[], input?: string): Promise<string> =>
    ((await json(args, input)).value as { error: { message: string } }).error.message;
  expect(await messageOf(['find', 'conversations', '{"a":1,\n "b"}'])).toMatch(
    /^FILTER is not valid JSON: .*line 2, column 5/,
  );
  expect(await messageOf(['insert', 'conversations', '-'], '')).toBe('DOC is not valid JSON: it is empty.');
  expect(await messageOf(['insert', 'conversations', '[1]'])).toBe(
    'DOC has a number at place 0 where a JSON object should be.',
  );
  expect(await messageOf(['update', 'conversations', '{}', 'null'])).toBe('UPDATE is null, not a JSON object.');
  expect(await messageOf(['find', 'conversations', '--sort', '[]'])).toBe('--sort is an array, not a JSON object.');
});

test('beside a running app reading works, and writing names the one who has the vault', async () => {
  const path = newVault();
  const { json } = cliFor(path);
  await json(['insert', 'conversations', '{"id":"a","title":"Paris"}']);
  const app = await openVault({ root: path, mode: 'owner' });
  expect((await json(['count', 'conversations'])).value).toBe(1);
  expect((await json(['search', 'paris'])).value).toMatchObject([{ id: 'a' }]);
  const hasty = cliFor(path, { patienceMs: 1 });
  const refused = await hasty.json(['insert', 'conversations', '{"title":"Rome"}']);
  expect(refused).toEqual({ code: 1, value: errorLike('VAULT_LOCKED') });
  expect(JSON.stringify(refused.value)).toContain(String(process.pid));
  await app.close();
});

test('whoever waits for the one that has the vault is told so, and can stop', async () => {
  const path = newVault();
  await cliFor(path).json(['insert', 'conversations', '{"id":"a"}']);
  const other = await openVault({ root: path, mode: 'owner' });
  const interruption = new AbortController();
  let heard = '';
  const note = (text: string): void => {
    heard += text;
    interruption.abort();
  };
  const waiting = cliFor(path, { isWatched: true, note, signal: interruption.signal, patienceMs: 3_600_000 });
  const stopped = await waiting.json(['delete', 'conversations', '{}']);
  expect(stopped).toEqual({ code: 1, value: errorLike('CANCELLED') });
  expect(heard).toContain(`process ${process.pid}`);
  expect(heard).toContain('Waiting');
  await other.close();
  expect((await cliFor(path).json(['count', 'conversations'])).value).toBe(1);
});

test('text from records cannot steer the terminal', async () => {
  const { json, call } = cliFor(newVault());
  await json(['insert', 'conversations', JSON.stringify({ title: 'bold \u001b[1m title' })]);
  expect((await call(['search', 'bold'])).out).not.toContain('\u001b');
});

test('of an archive with branches search finds every message, also the ones not shown', async () => {
  const folder = tempFolder();
  const { json } = cliFor(join(folder, 'vault'));
  const archive = join(folder, 'conversations.json');
  const nodes = [
    node('question', null, 'Which animal?'),
    node('first', 'question', 'The walrus.', { role: 'assistant' }),
    node('second', 'question', 'The narwhal.', { role: 'assistant' }),
  ];
  writeFileSync(archive, JSON.stringify([conversation('c', nodes)]));
  await json(['import', archive]);
  for (const word of ['animal', 'walrus', 'narwhal']) {
    expect((await json(['search', word])).value).toMatchObject([{ snippet: expect.stringContaining(word) as string }]);
  }
});

test('help is printed on request, with exit code 0', async () => {
  const { code, out } = await cliFor(newVault()).call(['--help']);
  expect(code).toBe(0);
  for (const name of [
    'status',
    'import',
    'find',
    'get',
    'count',
    'insert',
    'update',
    'delete',
    'search',
    'export',
    'rebuild',
    'serve',
  ]) {
    expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  }
});

test('doctor ends with 1 while something is wrong, and with 0 once it is repaired', async () => {
  const path = newVault();
  const { json, call } = cliFor(path);
  await json(['insert', 'conversations', '{"id":"a","title":"Paris","created_at":"2026-02-01T10:00:00.000Z"}']);
  expect(await json(['doctor'])).toMatchObject({ code: 0, value: { ok: true, checked: { records: 1 } } });
  writeFileSync(join(path, 'data/conversations/2026/02/01/a.json'), '{');
  const wrong = await json(['doctor']);
  const damaged = expect.objectContaining({ code: 'file-damaged', severity: 'error' }) as unknown;
  expect(wrong).toMatchObject({
    code: 1,
    value: { ok: false, open: 1, findings: expect.arrayContaining([damaged]) as unknown },
  });
  const { out } = await call(['doctor']);
  expect(out.split('error    data/conversations/2026/02/01/a.json: The file cannot be read')).toHaveLength(2);
  expect(out.indexOf('a.json')).toBeLessThan(out.indexOf('Checked '));
  const repairing = await call(['doctor', '--repair']);
  expect(repairing.code).toBe(0);
  // As it was found, and once more when it was put right.
  expect(repairing.out.match(/^(?:error|repaired) .*a\.json/gm)).toEqual([
    'error    data/conversations/2026/02/01/a.json',
    'repaired data/conversations/2026/02/01/a.json',
  ]);
  const { value } = await json(['quarantine', 'list']);
  const [{ id }] = value as [{ id: string }];
  const target = join(path, '../exported.json');
  expect(await json(['quarantine', 'export', id, target])).toMatchObject({ code: 0, value: { bytes: 1 } });
  expect(readFileSync(target, 'utf8')).toBe('{');
  expect(await json(['quarantine', 'export', id, target])).toEqual({ code: 1, value: errorLike('DISK_ERROR') });
  expect(await json(['quarantine', 'restore', id])).toEqual({ code: 1, value: errorLike('RECORD_DAMAGED') });
  expect((await json(['quarantine', 'discard', id])).code).toBe(0);
  expect((await json(['quarantine', 'list'])).value).toEqual([]);
});

test('the trash lists what was deleted and gives it back', async () => {
  const { json } = cliFor(newVault());
  await json(['insert', 'conversations', '{"id":"a","title":"Paris"}']);
  await json(['delete', 'conversations', '{"id":"a"}']);
  const { value } = await json(['trash', 'list']);
  expect(value).toMatchObject([{ reason: 'deleted', collections: { conversations: 1 }, examples: ['Paris'] }]);
  const [{ id }] = value as [{ id: string }];
  expect((await json(['trash', 'restore', id])).value).toEqual({ restored: 1 });
  expect((await json(['count', 'conversations'])).value).toBe(1);
  expect(await json(['trash', 'restore', id])).toEqual({ code: 1, value: errorLike('NOT_FOUND') });
});
