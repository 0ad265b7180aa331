import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDurableWriter, durableWrite, nothingUnsynced } from '../../../main/store/durable-write.ts';
import type { FsPort } from '../../../main/store/fs-port.ts';
import { nodeFs } from '../../../main/store/node-fs.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { countingFs } from './counting-fs.ts';

/** The real disk, on which a write puts only half of the bytes in place and reports success. */
function shortWriting(): FsPort {
  let isFirst = true;
  return {
    ...nodeFs,
    replaceFile(path, bytes) {
      nodeFs.replaceFile(path, isFirst ? bytes.subarray(0, bytes.length / 2) : bytes);
      isFirst = false;
    },
  };
}

test('the whole content is in place, with its new folders synced from the deepest up to the one that was there', () => {
  const root = tempFolder();
  const disk = countingFs();
  durableWrite(disk.fs, root, join(root, 'a/b/c.json'), Buffer.from('text'));
  expect(readFileSync(join(root, 'a/b/c.json'), 'utf8')).toBe('text');
  const changes = disk.changes().map((call) => call.replace(root, ''));
  expect(changes.slice(0, 2)).toEqual(['makeFolder /a', 'makeFolder /a/b']);
  // Beside it, looked at, then in its place.
  expect(changes[2]).toBe('replaceFile /a/b/c.json.0');
  expect(
    changes
      .slice(3)
      .filter((call) => call.startsWith('syncFolder'))
      .sort(),
  ).toEqual(['syncFolder ', 'syncFolder /a', 'syncFolder /a/b']);
});

test('many files share the syncing of their folders', () => {
  const root = tempFolder();
  const disk = countingFs();
  const writer = createDurableWriter(disk.fs, root);
  for (let at = 0; at < 10; at += 1) writer.write(join(root, 'day', `${at}.json`), Buffer.from('x'));
  writer.syncFolders();
  expect(disk.changes().filter((call) => call.startsWith('syncFolder'))).toHaveLength(2);
});

test('a short write that reports success is noticed, and the former content stays', () => {
  const root = tempFolder();
  const path = join(root, 'a.json');
  writeFileSync(path, 'the good old content');
  expect(() => durableWrite(shortWriting(), root, path, Buffer.from('a longer new content'))).toThrow(
    expect.objectContaining({ code: 'DISK_FULL' }),
  );
  expect(readFileSync(path, 'utf8')).toBe('the good old content');
  expect(() => durableWrite(shortWriting(), root, join(root, 'new.json'), Buffer.from('text'))).toThrow();
  expect(readdirSync(root)).toEqual(['a.json']);
});

test('what has a durable copy elsewhere is written beside its place too, read back, and left to be synced', () => {
  const root = tempFolder();
  const path = join(root, 'a.json');
  writeFileSync(path, 'old');
  const disk = countingFs();
  const later = nothingUnsynced();
  createDurableWriter(disk.fs, root, later).write(path, Buffer.from('new'));
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(disk.changes()).toEqual([`createUnsynced ${path}.0`, `rename ${path}.0`]);
  expect(disk.readFiles()).toEqual([`${path}.0`]);
  expect([[...later.files], [...later.folders]]).toEqual([[path], [root]]);
  const short: FsPort = { ...nodeFs, createUnsynced: (to) => nodeFs.createUnsynced(to, Buffer.from('ne')) };
  expect(() => createDurableWriter(short, root, later).write(path, Buffer.from('newer'))).toThrow(
    expect.objectContaining({ code: 'DISK_FULL' }),
  );
  expect([readFileSync(path, 'utf8'), readdirSync(root)]).toEqual(['new', ['a.json']]);
});

for (const [code, expected] of [
  ['ENOSPC', 'DISK_FULL'],
  ['EDQUOT', 'DISK_FULL'],
  ['EIO', 'DISK_ERROR'],
  ['EROFS', 'DISK_ERROR'],
  ['EMFILE', 'DISK_ERROR'],
] as const) {
  test(`${code} is ${expected}, and leaves the old content`, () => {
    const root = tempFolder();
    const path = join(root, 'a.json');
    writeFileSync(path, 'old');
    const fs: FsPort = {
      ...nodeFs,
      replaceFile: () => {
        throw Object.assign(new Error(code), { code });
      },
    };
    expect(() => durableWrite(fs, root, path, Buffer.from('new'))).toThrow(expect.objectContaining({ code: expected }));
    expect(readFileSync(path, 'utf8')).toBe('old');
  });
}

test('an append that fails half-way is taken back', () => {
  const root = tempFolder();
  const path = join(root, 'log.ndjson');
  writeFileSync(path, 'one\n');
  const fs: FsPort = {
    ...nodeFs,
    append(target, bytes) {
      nodeFs.append(target, bytes.subarray(0, 2));
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    },
  };
  expect(() => createDurableWriter(fs, root).append(path, Buffer.from('two\n'), 4)).toThrow(
    expect.objectContaining({ code: 'DISK_FULL' }),
  );
  expect(readFileSync(path, 'utf8')).toBe('one\n');
});

test('nothing is written outside the root', () => {
  const root = join(tempFolder(), 'root');
  mkdirSync(root);
  for (const path of [join(root, '../out.json'), '/etc/out.json', join(root, 'a/../../out.json')]) {
    expect(() => durableWrite(nodeFs, root, path, Buffer.from('x')), path).toThrow(
      expect.objectContaining({ code: 'PATH_REFUSED' }),
    );
  }
  expect(readdirSync(join(root, '..'))).toEqual(['root']);
});
