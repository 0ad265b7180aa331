import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { plainConversation } from '../../fixtures/exports/chatgpt.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = join(import.meta.dirname, '../../../main/cli');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(script: 'cli.ts' | 'bin.js', args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, [join(folder, script), ...args], { env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function end(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (err += data.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

test('the launcher runs a command and passes on its output, its silence and its exit code', async () => {
  const vault = join(tempFolder(), 'vault');
  const missing = await end(start('bin.js', ['--vault', vault, 'status', '--json']));
  expect(missing).toMatchObject({ code: 1, err: '' });
  expect(JSON.parse(missing.out)).toMatchObject({ error: { code: 'VAULT_MISSING' } });
  const inserting = start('cli.ts', ['insert', 'conversations', '-', '--json'], { ALMANAC_VAULT: vault });
  inserting.stdin?.end('{"id":"a","title":"From a pipe"}');
  expect(await end(inserting)).toMatchObject({ code: 0, out: '{"acknowledged":true,"insertedId":"a"}\n', err: '' });
  const found = await end(start('cli.ts', ['--vault', vault, 'search', 'pipe', '--json']));
  expect(found).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(found.out)).toMatchObject([{ id: 'a' }]);
});

test('without a vault named, this person’s own is used', async () => {
  const data = tempFolder();
  const env = { ALMANAC_VAULT: '', XDG_DATA_HOME: data, APPDATA: data, HOME: data };
  const { code } = await end(start('cli.ts', ['insert', 'conversations', '{"title":"Mine"}'], env));
  expect(code).toBe(0);
  if (process.platform === 'linux') expect(existsSync(join(data, 'Almanac', 'vault', '_store.json'))).toBe(true);
});

test('a reader that stops reading ends the command without a complaint', async () => {
  const vault = join(tempFolder(), 'vault');
  const many = JSON.stringify(Array.from({ length: 100 }, () => ({ title: 'long '.repeat(4000) })));
  const inserting = start('cli.ts', ['--vault', vault, 'insert', 'conversations', '-']);
  inserting.stdin?.end(many);
  expect((await end(inserting)).code).toBe(0);
  const finding = start('cli.ts', ['--vault', vault, 'find', 'conversations']);
  finding.stdout?.once('data', () => finding.stdout?.destroy());
  expect(await end(finding)).toMatchObject({ code: 0, err: '' });
});

const pageIsBuilt = existsSync(join(folder, '../../out/renderer/index.html'));

test.skipIf(!pageIsBuilt)('serve says where it is, holds the vault, and lets go of it when told to end', async () => {
  const vault = join(tempFolder(), 'vault');
  const serving = start('cli.ts', ['--vault', vault, 'serve', '--json']);
  const ended = end(serving);
  const first = await new Promise<string>((resolve) =>
    serving.stdout?.once('data', (data: Buffer) => resolve(String(data))),
  );
  const { url } = JSON.parse(first) as { url: string };
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
  // The one that holds the vault writes for whoever asks.
  const writing = await end(start('cli.ts', ['--vault', vault, 'insert', 'conversations', '{"id":"a"}', '--json']));
  expect(JSON.parse(writing.out)).toMatchObject({ insertedId: 'a' });
  serving.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0 });
  expect((await end(start('cli.ts', ['--vault', vault, 'insert', 'conversations', '{}']))).code).toBe(0);
});

test('Ctrl-C during an import leaves nothing of it behind', async () => {
  const folderOfTest = tempFolder();
  const vault = join(folderOfTest, 'vault');
  const archive = join(folderOfTest, 'conversations.json');
  const answer = 'A long answer. '.repeat(2000);
  writeFileSync(
    archive,
    JSON.stringify(Array.from({ length: 1500 }, (_, at) => plainConversation(`c${at}`, 'Why?', answer))),
  );
  const importing = start('cli.ts', ['--vault', vault, 'import', archive, '--json']);
  const ended = end(importing);
  const isStaging = (): boolean =>
    existsSync(join(vault, '_staging')) && readdirSync(join(vault, '_staging')).length > 0;
  await expect.poll(isStaging, { interval: 5, timeout: 15_000 }).toBe(true);
  importing.kill('SIGINT');
  const { code, out } = await ended;
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'CANCELLED' } });
  expect(readdirSync(join(vault, '_staging'))).toEqual([]);
  const counted = await end(start('cli.ts', ['--vault', vault, 'count', 'messages']));
  expect(counted.out).toBe('0\n');
});
