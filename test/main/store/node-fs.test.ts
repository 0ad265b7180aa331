import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeFs } from '../../../main/store/node-fs.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const KB32 = 32 * 1024;

test.for([0, 1, 2_500, KB32 - 1, KB32, KB32 + 1, 3 * KB32 + 7])('a file of %i bytes is read whole', (size) => {
  const path = join(tempFolder(), 'file');
  const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 31) % 251));
  writeFileSync(path, bytes);
  expect(nodeFs.readFile(path).equals(bytes)).toBe(true);
});

test('what was read stays as it is while the next files are read', () => {
  const folder = tempFolder();
  for (const name of ['a', 'b']) writeFileSync(join(folder, name), name.repeat(5_000));
  const first = nodeFs.readFile(join(folder, 'a'));
  nodeFs.readFile(join(folder, 'b'));
  expect(first.toString()).toBe('a'.repeat(5_000));
});

test('a folder, a link and nothing at all are not read', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'folder'));
  writeFileSync(join(folder, 'file'), 'x');
  symlinkSync(join(folder, 'file'), join(folder, 'link'));
  expect(() => nodeFs.readFile(join(folder, 'folder'))).toThrow('EISDIR');
  expect(() => nodeFs.readFile(join(folder, 'link'))).toThrow('ELOOP');
  expect(() => nodeFs.readFile(join(folder, 'none'))).toThrow('ENOENT');
});
