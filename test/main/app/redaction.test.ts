import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changeRedaction, readRedaction, redactedForExport, redactingLog } from '../../../main/app/redaction.ts';
import { createConversations } from '../../../main/conversations/conversations.ts';
import { exportConversations } from '../../../main/transfer/export-vault.ts';
import type { Vault } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { handClock, there } from '../memory/memory-vault.ts';
import { openTestVault } from '../store/open-test-vault.ts';

const SAID = 'Write to ann@example.org or call +44 20 7946 0958; my badge is B-1234.';

async function vaultWithTalk(): Promise<Vault> {
  const vault = await openTestVault(tempFolder());
  await vault.collection('conversations').insertOne({ id: 'c1', title: 'About ann@example.org' });
  await vault.collection('messages').insertOne({ id: 'm1', conversation_id: 'c1', role: 'user', content: SAID });
  return vault;
}

async function exported(vault: Vault, format: 'markdown' | 'json'): Promise<string> {
  const path = join(tempFolder(), 'out');
  if (format === 'markdown') mkdirSync(path);
  await exportConversations({ store: vault, filter: {}, format, path, redact: redactedForExport(vault) });
  return format === 'json' ? readFileSync(path, 'utf8') : readdirSync(path).map((name) => readFileSync(join(path, name), 'utf8')).join(); // prettier-ignore
}

test('exports have what was said as it was, until the person chooses what is to be taken out', async () => {
  const vault = await vaultWithTalk();
  for (const format of ['markdown', 'json'] as const) expect(await exported(vault, format)).toContain(SAID);
  changeRedaction(vault, { exports: ['email', 'badge'], own: [{ name: 'badge', pattern: 'B-[0-9]{4}' }] });
  for (const format of ['markdown', 'json'] as const) {
    const text = await exported(vault, format);
    expect(text).toContain('Write to [email] or call +44 20 7946 0958; my badge is [badge].');
    expect(text).toContain('About [email]');
  }
  const page = createConversations({
    store: vault,
    restoreTrash: async () => 0,
    redactExports: () => redactedForExport(vault),
    clock: handClock(),
  });
  expect((await page.exportOne({ id: 'c1', format: 'json' })).text).toContain('[badge]');
  page.close();
  // The vault's own record is as it was.
  expect(there(await vault.collection('messages').findOne({ id: 'm1' })).content).toBe(SAID);
});

test('a rule that cannot be used is refused, and nothing has changed', async () => {
  const vault = await openTestVault(tempFolder());
  const before = readRedaction(vault);
  expect(before).toMatchObject({ logs: ['email', 'phone', 'card', 'token'], sync: [], exports: [] });
  const refused = [
    { exports: ['nobody'] },
    { own: [{ name: 'email', pattern: 'x' }] },
    { own: [{ name: 'Mine', pattern: 'x' }] },
    { own: [{ name: 'mine', pattern: '(?=x)' }] },
  ];
  for (const change of refused) expect(() => changeRedaction(vault, change)).toThrow(/The (redaction rule|pattern) /);
  expect(readRedaction(vault)).toEqual(before);
});

test('where the choice cannot be read, everything that is known is taken out', async () => {
  const vault = await vaultWithTalk();
  writeFileSync(join(vault.root, '_redaction.json'), '{"exports": "all"}');
  expect(await exported(vault, 'json')).toContain('Write to [email] or call [phone]');
});

test('diagnostics have none of it, whatever a system’s message quotes', async () => {
  const vault = await openTestVault(tempFolder());
  const lines: unknown[] = [];
  const plain = {
    info: (...line: unknown[]) => void lines.push(line),
    warn: (...line: unknown[]) => void lines.push(line),
  };
  const log = redactingLog(plain, () => readRedaction(vault));
  log.info('a file was taken', { reason: 'no such user: ann@example.org', bytes: 7 });
  changeRedaction(vault, { logs: [] });
  log.warn('a file was taken', { reason: 'no such user: ann@example.org' });
  log.warn('nothing');
  expect(lines).toEqual([
    ['a file was taken', { reason: 'no such user: [email]', bytes: 7 }],
    ['a file was taken', { reason: 'no such user: ann@example.org' }],
    ['nothing', undefined],
  ]);
});
