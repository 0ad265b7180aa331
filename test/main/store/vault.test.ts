import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { openVault } from '../../../main/store/vault.ts';
import { tickingClock } from '../../contracts/store-contract.ts';
import { SimDisk, diskError } from '../../helpers/sim-disk.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openOnSimDisk } from '../../helpers/vault-on-sim-disk.ts';
import { openTestVault } from './open-test-vault.ts';

function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

test('a missing or empty folder becomes a vault only when asked to', async () => {
  const root = join(tempFolder(), 'deep/er/vault');
  await expect(openVault({ root, mode: 'owner' })).rejects.toMatchObject({ code: 'VAULT_MISSING' });
  await expect(openVault({ root, mode: 'reader', create: true })).rejects.toMatchObject({ code: 'VAULT_MISSING' });
  expect(existsSync(root)).toBe(false);
  const vault = await openTestVault(root);
  expect(vault).toMatchObject({ format: 1, readOnly: false });
  expect(vault.root).toMatch(/deep\/er\/vault$/);
  expect(await vault.counts()).toMatchObject({ conversations: 0, messages: 0, memories: 0, imports: 0 });
});

test('a folder of something else is refused and left as it was', async () => {
  const root = tempFolder();
  writeFileSync(join(root, 'thesis.txt'), 'do not touch');
  for (const create of [true, false]) {
    await expect(openVault({ root, mode: 'owner', create })).rejects.toMatchObject({ code: 'VAULT_NOT_EMPTY' });
  }
  expect(filesUnder(root)).toEqual(['thesis.txt']);
  await expect(openVault({ root: join(root, 'thesis.txt'), mode: 'owner', create: true })).rejects.toMatchObject({
    code: expect.stringMatching(/^VAULT_NOT_EMPTY|DISK_ERROR$/) as string,
  });
});

test('a folder that holds only what systems put into any folder counts as empty', async () => {
  const root = tempFolder();
  writeFileSync(join(root, '.DS_Store'), '');
  await expect(openTestVault(root)).resolves.toMatchObject({ readOnly: false });
});

test('a folder that another process makes at the same moment is no obstacle', async () => {
  const disk = new SimDisk();
  const makeFolder = (path: string): void => {
    disk.port.makeFolder(path);
    if (!path.startsWith('/far/vault/')) disk.port.makeFolder(path);
  };
  const fs = { ...disk.port, makeFolder };
  await expect(openOnSimDisk(disk, true, { root: '/far/vault', fs })).resolves.toMatchObject({ readOnly: false });
});

test('a vault that another process makes while one looks for it is a vault, not a folder of something else', async () => {
  const disk = new SimDisk();
  const made = new SimDisk();
  await (await openOnSimDisk(made, true)).close();
  let isMade = false;
  const readFile = (path: string): Buffer => {
    if (isMade || !path.endsWith('_store.json')) return disk.port.readFile(path);
    isMade = true;
    disk.port.makeFolder('/vault');
    disk.port.makeFolder('/vault/data');
    disk.port.replaceFile(path, made.port.readFile(path));
    throw diskError('ENOENT', path);
  };
  const fs = { ...disk.port, readFile };
  await expect(openOnSimDisk(disk, false, { fs })).resolves.toMatchObject({ readOnly: false });
});

test('what is left of making a vault that was cut short, or is under way, is no folder of something else', async () => {
  const root = tempFolder();
  const leftovers = ['_owner.json', '_owner.json.0', '_owner.json.0.123', '_store.json.0', '_store.json.0.3987654321'];
  for (const name of leftovers) writeFileSync(join(root, name), '{"nonce":');
  mkdirSync(join(root, '_lock-8vxkqz'));
  mkdirSync(join(root, '_lock'));
  await expect(openVault({ root, mode: 'owner' })).rejects.toMatchObject({ code: 'VAULT_MISSING' });
  await expect(openVault({ root, mode: 'owner', create: true })).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  rmdirSync(join(root, '_lock'));
  await expect(openTestVault(root)).resolves.toMatchObject({ readOnly: false });
  expect(readdirSync(root).filter((name) => /\.\d+$/.test(name))).toEqual([]);
});

test('a vault of a newer format, or with a damaged marker, is not touched', async () => {
  const root = tempFolder();
  await (await openVault({ root, mode: 'owner', create: true })).close();
  const marker = JSON.parse(readFileSync(join(root, '_store.json'), 'utf8')) as Record<string, unknown>;
  for (const text of [JSON.stringify({ ...marker, format: { min: 2, current: 2 } }), '{', '[]']) {
    writeFileSync(join(root, '_store.json'), text);
    await expect(openVault({ root, mode: 'owner', create: true })).rejects.toMatchObject({ code: 'VAULT_FORMAT' });
    expect(readFileSync(join(root, '_store.json'), 'utf8')).toBe(text);
  }
});

test('records stand as pretty JSON at their dated paths, id first and _meta last', async () => {
  const vault = await openTestVault(tempFolder(), { clock: tickingClock() });
  await vault
    .collection('conversations')
    .insertOne({ id: 'abc12345', title: 'T', created_at: '2026-02-21T23:30:00-05:00' });
  await vault.collection('messages').insertOne({
    id: 'm',
    conversation_id: 'abc12345',
    role: 'user',
    content: 'hi',
    created_at: '2026-02-21T09:00:00.000Z',
  });
  await vault.settleFiles();
  const text = readFileSync(join(vault.root, 'data/conversations/2026/02/22/abc12345.json'), 'utf8');
  const keys = Object.keys(JSON.parse(text) as object);
  expect([keys[0], keys.at(-1)]).toEqual(['id', '_meta']);
  expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  expect(readFileSync(join(vault.root, 'data/messages/2026/02/21/abc12345.ndjson'), 'utf8')).toMatch(
    /^{"id":"m",.*}\n$/,
  );
});

test('files are 0600 and folders 0700, whatever the umask', async () => {
  const former = process.umask(0);
  try {
    const vault = await openTestVault(join(tempFolder(), 'v'));
    await vault.collection('conversations').insertOne({ id: 'a' });
    await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'again' } });
    await vault.collection('messages').insertOne({ conversation_id: 'a', role: 'user', content: '' });
    await vault.collection('messages').insertOne({ conversation_id: 'a', role: 'user', content: '' });
    await vault.collection('messages').deleteMany({});
    vault.writeAppFile('settings', {});
    await vault.close();
    const modes = readdirSync(vault.root, { recursive: true, withFileTypes: true }).map((entry) => {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      return `${entry.isDirectory() ? 'folder' : 'file'} ${mode.toString(8)}`;
    });
    expect([...new Set(modes)].sort()).toEqual(['file 600', 'folder 700']);
    expect(statSync(vault.root).mode & 0o777).toBe(0o700);
  } finally {
    process.umask(former);
  }
});

test('a link planted inside the vault is never written through', async () => {
  const outside = tempFolder();
  const vault = await openTestVault(tempFolder(), { clock: tickingClock() });
  mkdirSync(join(vault.root, 'data/conversations/2026'), { recursive: true });
  symlinkSync(outside, join(vault.root, 'data/conversations/2026/03'));
  await expect(vault.collection('conversations').insertOne({ id: 'a' })).rejects.toMatchObject({
    code: 'PATH_REFUSED',
  });
  expect(filesUnder(outside)).toEqual([]);
  rmSync(join(vault.root, 'data/conversations/2026/03'));
  await vault.collection('conversations').insertOne({ id: 'a' });
  await vault.settleFiles();
  writeFileSync(join(outside, 'target'), 'precious');
  rmSync(join(vault.root, 'data/conversations/2026/03/01/a.json'));
  symlinkSync(join(outside, 'target'), join(vault.root, 'data/conversations/2026/03/01/b.json'));
  await expect(vault.collection('conversations').insertOne({ id: 'b' })).rejects.toMatchObject({
    code: 'PATH_REFUSED',
  });
  expect(readFileSync(join(outside, 'target'), 'utf8')).toBe('precious');
  expect(await vault.collection('conversations').findOne({ id: 'b' })).toBeNull();
});

test('a vault opened through a link is the same vault', async () => {
  const folder = tempFolder();
  const vault = await openTestVault(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  await expect(openVault({ root: join(folder, 'link'), mode: 'owner' })).rejects.toMatchObject({
    code: 'VAULT_LOCKED',
  });
  await vault.close();
  expect((await openTestVault(join(folder, 'link'))).root).toBe(vault.root);
});

test('app files are small JSON of their own, under names that cannot leave the vault or hide its own', async () => {
  const vault = await openTestVault(tempFolder());
  expect(vault.readAppFile('settings')).toBeNull();
  vault.writeAppFile('settings', { theme: 'dark' });
  expect(vault.readAppFile('settings')).toEqual({ theme: 'dark' });
  expect(readFileSync(join(vault.root, '_settings.json'), 'utf8')).toBe('{\n  "theme": "dark"\n}\n');
  for (const name of ['../x', '', 'A', 'store', 'owner', 'indexes', 'clean', 'a/b', 'x'.repeat(40)]) {
    expect(() => vault.writeAppFile(name, {}), name).toThrow(expect.objectContaining({ code: 'PATH_REFUSED' }));
    expect(() => vault.readAppFile(name), name).toThrow(expect.objectContaining({ code: 'PATH_REFUSED' }));
  }
  writeFileSync(join(vault.root, '_settings.json'), '{');
  expect(() => vault.readAppFile('settings')).toThrow(expect.objectContaining({ code: 'RECORD_DAMAGED' }));
});

test('signatures of files change with their bytes, and only then', async () => {
  const root = tempFolder();
  const vault = await openTestVault(root);
  const signatures = async (from = vault) =>
    Object.fromEntries(
      [...from.files(['conversations', 'messages'])].map(({ path, signature }) => [path.split('/').at(-1), signature]),
    );
  await vault.collection('conversations').insertMany([{ id: 'a' }, { id: 'b' }]);
  const messages = vault.collection('messages');
  await messages.insertOne({ id: 'm', conversation_id: 'a', role: 'user', content: 'x' });
  await vault.settleFiles();
  const first = await signatures();
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'z' } });
  await messages.updateOne({ id: 'm' }, { $set: { content: 'y' } });
  await vault.settleFiles();
  const second = await signatures();
  expect(
    Object.keys(first)
      .filter((name) => first[name] !== second[name])
      .sort(),
  ).toEqual(['a.json', 'a.ndjson']);
  await vault.close();
  const again = await openTestVault(root);
  expect(await signatures(again)).toEqual(second);
  await again.rebuild();
  expect(await signatures(again)).toEqual(second);
});

test('indexes made at run time are there after a reopen, even when the saved index is lost', async () => {
  const root = tempFolder();
  const vault = await openTestVault(root);
  await vault
    .collection('conversations')
    .createIndex({ 'context.key': 1 }, { unique: true, partial: { 'context.key': { $exists: true } } });
  await vault.collection('conversations').insertOne({ id: 'a', context: { key: 1 } });
  await vault.close();
  rmSync(join(root, 'data/conversations/_index.json'));
  const again = await openTestVault(root);
  await expect(again.collection('conversations').insertOne({ context: { key: 1 } })).rejects.toMatchObject({
    code: 'DUPLICATE_KEY',
  });
});

test('a listener that throws does not make a write fail', async () => {
  const vault = await openTestVault(tempFolder());
  vault.watch(() => {
    throw new Error('listener');
  });
  await expect(vault.collection('conversations').insertOne({ id: 'a' })).resolves.toMatchObject({ insertedId: 'a' });
  expect(await vault.collection('conversations').count()).toBe(1);
});
