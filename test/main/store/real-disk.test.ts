import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openVault } from '../../../main/store/vault.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { loopKills } from './kill-loop.ts';

test('twenty owners are killed in the middle of their work, and what they acknowledged is there', async () => {
  const { acknowledged } = await loopKills(join(tempFolder(), 'vault'), 20);
  expect(acknowledged).toBeGreaterThan(20);
}, 600_000);

/** A disk of a few megabytes of its own; undefined where this process may not mount one. */
function smallDisk(options: string): string | undefined {
  const folder = tempFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

const created_at = '2026-01-01T00:00:00.000Z';

test('a disk that is really full refuses writes, keeps what there was, and takes writes again without opening anew', async ({
  skip,
}) => {
  const disk = smallDisk('size=12m');
  if (disk === undefined) return skip('only root can mount a small disk');
  const root = join(disk, 'vault');
  const vault = await openVault({ root, mode: 'owner', create: true, tuning: { idleMs: 60_000 } });
  onTestFinished(() => vault.close());
  const conversations = vault.collection('conversations');
  await conversations.insertOne({ id: 'old', title: 'kept', created_at });
  await vault.settleFiles();
  const path = join(root, 'data/conversations/2026/01/01/old.json');
  const before = readFileSync(path);
  // In the log, and too large for what is left of the disk when its file is due.
  await conversations.updateOne({ id: 'old' }, { $set: { title: 'y'.repeat(100_000) } });
  const ballast = join(disk, 'ballast');
  mkdirSync(ballast);
  let files = 0;
  for (let size = 65_536; size >= 4_096; size /= 2) {
    try {
      for (;;) writeFileSync(join(ballast, String(files++)), Buffer.alloc(size, 1));
    } catch {
      continue;
    }
  }
  await expect(vault.settleFiles()).rejects.toMatchObject({ code: 'DISK_FULL' });
  // write-file-atomic's short write: the file is the old one, whole, not half of the new one.
  expect(readFileSync(path).equals(before)).toBe(true);
  const refused = await conversations
    .insertOne({ id: 'more', title: 'z'.repeat(400_000), created_at })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'DISK_FULL' });
  expect(await conversations.count()).toBe(1);
  expect(await conversations.findOne({ id: 'old' })).toMatchObject({ title: 'y'.repeat(100_000) });
  rmSync(ballast, { recursive: true });
  await conversations.insertOne({ id: 'after', created_at });
  await vault.settleFiles();
  expect(readFileSync(path, 'utf8')).toContain('y'.repeat(100_000));
  await vault.close();
  const again = await openVault({ root, mode: 'owner' });
  onTestFinished(() => again.close());
  expect((await again.collection('conversations').find({}, { sort: { id: 1 } })).map(({ id }) => id)).toEqual([
    'after',
    'old',
  ]);
  expect(again.quarantine()).toEqual([]);
}, 60_000);

test('a disk that is remounted read-only refuses writes by name and takes them again when it is writable', async ({
  skip,
}) => {
  const disk = smallDisk('size=8m');
  if (disk === undefined) return skip('only root can mount a small disk');
  const root = join(disk, 'vault');
  const vault = await openVault({ root, mode: 'owner', create: true });
  onTestFinished(() => vault.close());
  const conversations = vault.collection('conversations');
  await conversations.insertOne({ id: 'a', created_at });
  await vault.settleFiles();
  // An open file keeps a disk from becoming read-only, so the log's is made new by the next write.
  const remounted = ((): boolean => {
    try {
      execFileSync('mount', ['-o', 'remount,ro', disk], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  if (!remounted) return skip('this system does not remount a disk in use');
  await expect(conversations.insertOne({ id: 'b', created_at })).rejects.toMatchObject({ code: 'DISK_ERROR' });
  expect(await conversations.findOne({ id: 'a' })).not.toBeNull();
  execFileSync('mount', ['-o', 'remount,rw', disk]);
  await conversations.insertOne({ id: 'b', created_at });
  expect(await conversations.count()).toBe(2);
}, 60_000);

test('a clock that jumps back or ahead by a day loses nothing, and later versions stay later', async () => {
  const root = join(tempFolder(), 'vault');
  let now = Date.UTC(2026, 5, 15);
  const clock = { now: () => (now += 1) };
  const stamps: string[] = [];
  for (const jumpMs of [0, -86_400_000, 2 * 86_400_000, -86_400_000]) {
    now += jumpMs;
    const vault = await openVault({ root, mode: 'owner', create: true, clock });
    for (let at = 0; at < 3; at += 1) {
      const { upsertedId } = await vault
        .collection('conversations')
        .updateOne({ id: 'one' }, { $set: { title: `${stamps.length}` } }, { upsert: true });
      const record = await vault.collection('conversations').findOne({ id: 'one' });
      expect(upsertedId === null || upsertedId === 'one').toBe(true);
      stamps.push(record?._meta.hlc ?? '');
      expect(record?.title).toBe(`${stamps.length - 1}`);
      now += at === 1 ? -86_400_000 : 0;
    }
    await vault.close();
  }
  expect(stamps).toEqual([...stamps].sort());
  expect(new Set(stamps).size).toBe(stamps.length);
});
