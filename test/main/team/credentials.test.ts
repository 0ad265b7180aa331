import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCredentials, type Keychain } from '../../../main/team/credentials.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'almanac-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const url = 'mongodb://ann:s3cret@db.example/team';
/** Stands for the system's: what it seals cannot be read as it lies there. */
const keychain: Keychain = {
  encrypt: (text) => Buffer.from(text).toString('base64'),
  decrypt: (sealed) => Buffer.from(sealed, 'base64').toString('utf8'),
};
const bytes = (): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join();

test('what was saved is loaded, per vault, until it is cleared', () => {
  const mine = createCredentials({ vaultRoot: '/vaults/mine', folder });
  const other = createCredentials({ vaultRoot: '/vaults/other', folder });
  expect(mine.load()).toBeNull();
  mine.save(url);
  expect(mine.load()).toEqual({ url, protection: 'file' });
  expect(other.load()).toBeNull();
  mine.clear();
  mine.clear();
  expect(mine.load()).toBeNull();
});

test.skipIf(process.platform === 'win32')('the file is for this person alone, also where another lay there', () => {
  const credentials = createCredentials({ vaultRoot: '/vaults/mine', folder });
  credentials.save('mongodb://old');
  credentials.save(url);
  const [name = '', ...more] = readdirSync(folder);
  expect(more).toEqual([]);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

test('with a keychain nothing readable lies on the disk, and a program without it says so', () => {
  const sealed = createCredentials({ vaultRoot: '/vaults/mine', folder, keychain });
  sealed.save(url);
  expect(bytes()).not.toContain('s3cret');
  expect(sealed.load()).toEqual({ url, protection: 'keychain' });
  const plain = createCredentials({ vaultRoot: '/vaults/mine', folder });
  expect(() => plain.load()).toThrow(expect.objectContaining({ code: 'CREDENTIALS_UNREADABLE' }));
});

test('a damaged file is told, and can be overwritten', () => {
  const credentials = createCredentials({ vaultRoot: '/vaults/mine', folder });
  credentials.save(url);
  writeFileSync(join(folder, readdirSync(folder)[0] ?? ''), '{');
  expect(() => credentials.load()).toThrow(expect.objectContaining({ code: 'CREDENTIALS_UNREADABLE' }));
  credentials.save(url);
  expect(credentials.load()?.url).toBe(url);
});
