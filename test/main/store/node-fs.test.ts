import { linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('a new file is for its owner alone, and takes the place of a file or a link without touching what else they lead to', () => {
  const folder = tempFolder();
  const [path, other] = [join(folder, 'x.json.0'), join(folder, 'other')];
  writeFileSync(other, 'precious');
  for (const stand of [() => undefined, () => symlinkSync(other, path), () => linkSync(other, path)]) {
    stand();
    nodeFs.createUnsynced(path, Buffer.from('new'));
    expect(nodeFs.readFile(path).toString()).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(other, 'utf8')).toBe('precious');
    nodeFs.unlink(path);
  }
});

test('a folder under the name of a new file is refused', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'x.json.0'));
  expect(() => nodeFs.createUnsynced(join(folder, 'x.json.0'), Buffer.from('new'))).toThrow(/EISDIR|EPERM/);
});
