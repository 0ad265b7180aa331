import { expect, test } from 'vitest';
import { recoverLog } from '../../../../main/store/log/recover-log.ts';
import { createWriteAheadLog, type WriteAheadLog } from '../../../../main/store/log/write-ahead-log.ts';
import { SimCrash, SimDisk, diskError, seededRandom } from '../../../helpers/sim-disk.ts';

const FOLDER = '/vault/_wal';
const STORE = 'store-1';

function newDisk(): SimDisk {
  const disk = new SimDisk();
  disk.port.makeFolder('/vault');
  disk.port.makeFolder(FOLDER);
  disk.port.syncFolder('/');
  disk.port.syncFolder('/vault');
  return disk;
}

function openLog(disk: SimDisk, epoch = 1, after = 0): WriteAheadLog {
  const found = recoverLog(disk.port, FOLDER, STORE, after);
  const { last, lastSegment } = found;
  return createWriteAheadLog({
    fs: disk.port,
    folder: FOLDER,
    store: STORE,
    epoch,
    last,
    lastSegment,
    policy: 'safe',
    firstSegmentBytes: 1024,
    found: [],
    segmentBytes: 2048,
  });
}

const recovered = (disk: SimDisk, after = 0) => recoverLog(disk.port, FOLDER, STORE, after);
const values = (disk: SimDisk, after = 0) => recovered(disk, after).entries.map((entry) => entry.o[0]);

test('what was appended is recovered in order, over several segments and openings', () => {
  const disk = newDisk();
  const log = openLog(disk);
  for (let value = 1; value <= 100; value += 1)
    expect(log.append(JSON.stringify([value, 'x'.repeat(100)]))).toBe(value);
  log.close();
  const again = openLog(disk, 2);
  expect(again.append(JSON.stringify([101]))).toBe(101);
  expect(values(disk)).toEqual(Array.from({ length: 101 }, (_, at) => at + 1));
  expect(values(disk, 99)).toEqual([100, 101]);
  expect(recovered(disk).segments.length).toBeGreaterThan(2);
});

test('dropping older segments keeps what came after the checkpoint', () => {
  const disk = newDisk();
  const log = openLog(disk);
  for (let value = 1; value <= 50; value += 1) log.append(JSON.stringify([value, 'x'.repeat(100)]));
  log.startSegment();
  log.append(JSON.stringify([51]));
  log.dropUpTo(50);
  expect(recovered(disk, 50)).toMatchObject({ last: 51, gap: null, entries: [{ s: 51 }] });
});

test('a segment that fills up while a checkpoint runs is not dropped with those that the checkpoint covers', () => {
  const disk = newDisk();
  const log = openLog(disk);
  for (let value = 1; value <= 10; value += 1) log.append(JSON.stringify([value, 'x'.repeat(100)]));
  log.startSegment();
  for (let value = 11; value <= 60; value += 1) log.append(JSON.stringify([value, 'x'.repeat(100)]));
  expect(log.bytes).toBeGreaterThan(50 * 100);
  log.dropUpTo(10);
  expect(recovered(disk, 10)).toMatchObject({ last: 60, gap: null });
  log.startSegment();
  log.dropUpTo(60);
  expect(recovered(disk, 60)).toMatchObject({ last: 60, segments: [] });
});

test('whichever removed segments a power cut brings back, the log goes on after what the files hold', () => {
  for (const removed of [[1], [0, 2], [1, 2], [2]]) {
    const disk = newDisk();
    const log = openLog(disk);
    for (let value = 1; value <= 9; value += 1) {
      log.append(JSON.stringify([value]));
      if (value % 3 === 0 && value < 9) log.startSegment();
    }
    const before = recovered(disk).segments;
    expect(before).toHaveLength(3);
    log.startSegment();
    if (!removed.includes(2)) log.append(JSON.stringify([10]));
    for (const at of removed) disk.port.unlink(before[at] ?? '');
    const found = recovered(disk, 9);
    expect(found.gap, `without ${removed.join()}`).toBeNull();
    expect(found.last).toBe(removed.includes(2) ? 9 : 10);
    const again = openLog(disk, 2, 9);
    const number = again.append(JSON.stringify(['next']));
    expect(recovered(disk, 9)).toMatchObject({ last: number, gap: null });
    expect(values(disk, 9).at(-1)).toBe('next');
  }
});

test('at every crash point, and after every power cut, all acknowledged entries are there and only a prefix of the issued', () => {
  let states = 0;
  for (let seed = 1; seed <= 6; seed += 1) {
    for (let crashAt = 0; ; crashAt += 1) {
      const disk = newDisk();
      const run = runUntil(disk, crashAt, seed);
      for (let image = 0; image < 5; image += 1) {
        const found =
          image === 0 ? disk.afterKill() : disk.afterPowerCut(seededRandom(seed * 1000 + crashAt * 7 + image));
        checkRecovered(found, run);
        states += 1;
      }
      if (!run.crashed) break;
    }
  }
  expect(states).toBeGreaterThan(1000);
});

interface Run {
  readonly crashed: boolean;
  readonly acknowledged: number;
  readonly issued: number;
}

function runUntil(disk: SimDisk, crashAt: number, seed: number): Run {
  const random = seededRandom(seed);
  let step = 0;
  let acknowledged = 0;
  let issued = 0;
  disk.interfere = ({ act }) => {
    if (act !== 'read' && step++ >= crashAt) throw new SimCrash('power cut');
  };
  try {
    const log = openLog(disk);
    while (issued < 12) {
      issued += 1;
      log.append(JSON.stringify([issued, 'y'.repeat(Math.floor(random() * 600))]));
      acknowledged = issued;
      if (random() < 0.2) log.startSegment();
    }
    return { crashed: false, acknowledged, issued };
  } catch (error) {
    if (!(error instanceof SimCrash)) throw error;
    return { crashed: true, acknowledged, issued };
  } finally {
    disk.interfere = () => undefined;
  }
}

function checkRecovered(disk: SimDisk, run: Run): void {
  const { entries, gap, last, lastSegment } = recovered(disk);
  expect(gap).toBeNull();
  expect(last).toBeGreaterThanOrEqual(run.acknowledged);
  expect(last).toBeLessThanOrEqual(run.issued);
  expect(entries.map((entry) => entry.o[0])).toEqual(Array.from({ length: last }, (_, at) => at + 1));
  // Life goes on in a new segment, after whatever the crash left behind.
  const log = createWriteAheadLog({
    fs: disk.port,
    folder: FOLDER,
    store: STORE,
    epoch: 9,
    last,
    lastSegment,
    policy: 'safe',
    firstSegmentBytes: 1024,
    found: [],
    segmentBytes: 2048,
  });
  log.append(JSON.stringify(['next']));
  expect(values(disk).at(-1)).toBe('next');
  expect(recovered(disk).gap).toBeNull();
}

test('an entry whose flush failed is refused, does not come back, and the next one takes its number', () => {
  const disk = newDisk();
  const log = openLog(disk);
  log.append(JSON.stringify(['kept']));
  disk.interfere = ({ act }) => {
    if (act === 'sync') throw diskError('EIO', FOLDER);
  };
  expect(() => log.append(JSON.stringify(['refused']))).toThrow('EIO');
  disk.interfere = () => undefined;
  expect(log.append(JSON.stringify(['second']))).toBe(2);
  expect(values(disk)).toEqual(['kept', 'second']);
});

test('a full disk refuses the entry and leaves nothing of it', () => {
  const disk = newDisk();
  const log = openLog(disk);
  log.append(JSON.stringify(['kept']));
  disk.interfere = ({ act }) => (act === 'write' ? 0.5 : undefined);
  expect(() => log.append(JSON.stringify(['refused']))).toThrow('ENOSPC');
  expect(() => log.append(JSON.stringify(['refused again']))).toThrow('ENOSPC');
  disk.interfere = () => undefined;
  log.append(JSON.stringify(['later']));
  expect(values(disk)).toEqual(['kept', 'later']);
  expect(recovered(disk).gap).toBeNull();
});

test('one flipped bit anywhere in acknowledged entries is never read as good', () => {
  const disk = newDisk();
  const log = openLog(disk);
  for (let value = 1; value <= 8; value += 1) log.append(JSON.stringify([value, 'z'.repeat(20)]));
  const [path, bytes] = [...disk.files()][0] ?? ['', Buffer.alloc(0)];
  const written = bytes.indexOf(0);
  for (let bit = 0; bit < written * 8; bit += 1) {
    const hurt = Buffer.from(bytes);
    hurt[bit >> 3] = (hurt[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const copy = disk.afterKill();
    copy.port.replaceFile(path, hurt);
    const found = recovered(copy);
    const intact = found.entries.length === 8;
    expect(intact || found.gap !== null || found.tails.length > 0, `bit ${bit}`).toBe(true);
    expect(found.entries.map((entry) => entry.o[0])).toEqual(
      Array.from({ length: found.entries.length }, (_, at) => at + 1),
    );
    // Damage before the last entry is a gap: what follows was acknowledged, so nothing may be guessed.
    if (!intact && found.entries.length < 7) expect(found.gap, `bit ${bit}`).not.toBeNull();
  }
});

test('a lost segment in the middle is a gap, not the end', () => {
  const disk = newDisk();
  const log = openLog(disk);
  for (let value = 1; value <= 60; value += 1) log.append(JSON.stringify([value, 'x'.repeat(100)]));
  const [, second] = recovered(disk).segments;
  disk.port.unlink(second ?? '');
  expect(recovered(disk).gap?.reason).toMatch(/missing|starts at/);
});
