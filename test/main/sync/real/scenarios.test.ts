import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collection, type Document, MongoServerError } from 'mongodb';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { registry } from '../../../../shared/collections/registry.ts';
import { findMongod } from '../../../helpers/mongod-binary.ts';
import { MongodProcess } from '../../../helpers/mongod-process.ts';
import { MongodSet } from '../../../helpers/mongod-set.ts';
import { T0 } from '../versions.ts';
import type { Doc } from './docs.ts';
import { type Dump, Replica } from './replica.ts';

const found = await findMongod();
if ('missing' in found) beforeEach((context) => context.skip(found.missing));

const TIMEOUT_MS = 900_000;
const DATABASE = 'team';
const MB = 1024 * 1024;
const memory: Doc = { collection: 'memories', id: 'm', created_at: new Date(T0).toISOString() };
const THERE = registry.memories.mongo.collection;

function ownFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'almanac-scenario-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function open(name: string, root: string, url: string): Promise<Replica> {
  const replica = await Replica.open({
    key: name,
    root,
    url,
    database: DATABASE,
    clockMs: 0,
    isResident: false,
    selectionTimeoutMs: 2_000,
  });
  onTestFinished(() => replica.close());
  return replica;
}

/** Until a round goes through: a server that was away is found again. Without comparing anything, where not asked. */
async function syncWell(replica: Replica, digest = false): Promise<void> {
  while ((await replica.sync({ digest, history: true })).outcome !== 'done');
}

async function comeTogether(replicas: readonly Replica[]): Promise<void> {
  for (let round = 0; round < 3; round += 1) for (const replica of replicas) await syncWell(replica, round === 2);
}

async function edit(replica: Replica, doc: Doc, text: string): Promise<void> {
  await replica.edit(doc, 'text', { text, tenant: 'v1.t', domain: 'v1.d' });
}

function expectEqual([first, ...others]: readonly Dump[]): void {
  for (const { waiting, quarantined, decision, ...content } of others) {
    expect({ waiting, quarantined, decision }).toEqual({ waiting: 0, quarantined: [], decision: null });
    const { records, digests, files } = first as Dump;
    expect(content).toEqual({ records, digests, files });
  }
}

const textOf = ({ records }: Dump, id: string): unknown =>
  (JSON.parse(records['memories']?.[id]?.json ?? '{}') as { text?: unknown }).text;

test(
  'of three servers another is elected, and what only the old one had is rolled back: a push is made again, another program’s write is nowhere',
  { timeout: TIMEOUT_MS },
  async () => {
    const folder = ownFolder();
    const set = await MongodSet.start(folder);
    onTestFinished(() => set.stop());
    const [ann, ben] = [
      await open('ann', join(folder, 'ann'), set.url),
      await open('ben', join(folder, 'ben'), set.url),
    ];
    await edit(ann, memory, 'v1.ann');
    await comeTogether([ann, ben]);
    const [next] = await set.secondaries();
    if (next === undefined) expect.fail('a set of three has secondaries');
    await set.elect(next);
    await edit(ben, memory, 'v2.ben');
    await comeTogether([ben, ann]);
    expect(textOf(await ann.dump(), 'm')).toBe('v2.ben over v1.ann');

    const old = await set.primary();
    const others = await set.secondaries();
    for (const member of others) await set.holdBack(member, true);
    const there = old.client().db(DATABASE).collection(THERE);
    const alone = { type: 'USER_FACT', confidence: 0.8, text: 'v3.other', created_at: memory.created_at };
    await there.insertOne({ _id: 'alone' as never, ...alone }, { writeConcern: { w: 1, journal: true } });
    await edit(ann, memory, 'v4.ann');
    const pushing = ann.sync({});
    const arrived = { _id: 'm' as never, text: /^v4/ };
    await expect.poll(() => there.countDocuments(arrived, { readConcern: { level: 'local' } }), POLL).toBe(1);
    await old.kill();
    expect((await pushing).outcome).toBe('trouble');

    for (const member of others) await set.holdBack(member, false);
    await set.elect(others[0] as MongodProcess);
    await old.start();
    await set.untilWhole();
    await comeTogether([ann, ben]);
    const [byAnn, byBen] = [await ann.dump(), await ben.dump()];
    expectEqual([byAnn, byBen]);
    expect(textOf(byBen, 'm')).toBe('v4.ann over v2.ben');
    expect(Object.keys(byBen.records['memories'] ?? {})).toEqual(['m']);
    // The one that was cut off has given up what the others never had, and follows them.
    const standing = old.client().db(DATABASE).collection(THERE);
    const ids = () => standing.find({ text: { $exists: true } }, { readPreference: 'nearest' }).map(({ _id, text }) => [String(_id), String(text)]).toArray(); // prettier-ignore
    await expect.poll(ids, POLL).toEqual([['m', 'v4.ann over v2.ben']]);
  },
);

const POLL = { timeout: TIMEOUT_MS, interval: 50 };

test(
  'a vault that was away for longer than the server’s history reaches back learns what it missed, and nothing of it is lost',
  { timeout: TIMEOUT_MS },
  async () => {
    const folder = ownFolder();
    // History is dropped as far as there is a checkpoint, of which there usually is one a minute.
    const server = await MongodProcess.start({ kind: 'replica-set', folder, args: ['--syncdelay=1'] });
    onTestFinished(() => server.kill());
    const ann = await open('ann', join(folder, 'ann'), server.url);
    const away = await open('ben', join(folder, 'ben'), server.url);
    await edit(ann, memory, 'v1.ann');
    await comeTogether([ann, away]);
    await away.close();
    await edit(ann, memory, 'v2.ann');
    await edit(ann, { ...memory, id: 'n' }, 'v3.ann');
    await syncWell(ann);
    await outgrowHistory(server);
    const ben = await open('ben', join(folder, 'ben'), server.url);
    await edit(ben, { ...memory, id: 'o' }, 'v4.ben');
    await syncWell(ben);
    await syncWell(ann);
    expectEqual([await ann.dump(), await ben.dump()]);
    expect(Object.keys((await ann.dump()).records['memories'] ?? {}).sort()).toEqual(['m', 'n', 'o']);
  },
);

/** Writes until the server has dropped everything from before, and says so to who asks for it. */
async function outgrowHistory(server: MongodProcess): Promise<void> {
  const client = server.client();
  const { operationTime: before } = await server.admin().command({ ping: 1 });
  const oplog = client.db('local').collection('oplog.rs');
  for (;;) {
    const noise = Array.from({ length: 8 }, () => ({ bytes: Buffer.alloc(MB) }));
    await client.db('noise').collection('noise').insertMany(noise);
    const oldest = await oldestIn(oplog);
    if (oldest !== null && oldest['ts'].comp(before) > 0) break;
  }
  await client.db('noise').dropDatabase();
  const stream = client.watch([], { startAtOperationTime: before });
  await expect(stream.tryNext()).rejects.toMatchObject({ code: CHANGE_STREAM_HISTORY_LOST });
  await stream.close();
}
const CHANGE_STREAM_HISTORY_LOST = 286;

/** Null where it was dropped while it was being read. */
async function oldestIn(oplog: Collection): Promise<Document | null> {
  try {
    return await oplog.find().sort({ $natural: 1 }).limit(1).next();
  } catch (error) {
    if (error instanceof MongoServerError && error.code === CAPPED_POSITION_LOST) return null;
    throw error;
  }
}
const CAPPED_POSITION_LOST = 136;

test(
  'a server whose disk is full takes nothing, and all of it later, once there is room again',
  { timeout: TIMEOUT_MS },
  async ({ skip }) => {
    const folder = ownFolder();
    const disk = smallDisk(folder);
    if (typeof disk !== 'string') return skip(disk.missing);
    const server = await MongodProcess.start({ kind: 'replica-set', folder: disk });
    onTestFinished(() => server.kill());
    // It makes no index where there is less than half a gigabyte left.
    await server.admin().command({ setParameter: 1, indexBuildMinAvailableDiskSpaceMB: 0 });
    const [ann, ben] = [
      await open('ann', join(folder, 'ann'), server.url),
      await open('ben', join(folder, 'ben'), server.url),
    ];
    await edit(ann, memory, 'v1.ann');
    await comeTogether([ann, ben]);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize));
    for (let number = 0; number < 300; number += 1) {
      await edit(ann, { ...memory, id: `m${number}` }, `v${number}.ann ${'long '.repeat(20_000)}`);
    }
    await edit(ann, memory, 'v2.ann');
    while ((await ann.sync({})).outcome === 'done' && (await ann.dump()).waiting > 0);
    expect((await ann.dump()).waiting).toBeGreaterThan(0);
    rmSync(join(disk, 'filler'));
    await server.kill();
    await server.start();
    await comeTogether([ann, ben]);
    const dump = await ben.dump();
    expectEqual([await ann.dump(), dump]);
    expect(textOf(dump, 'm')).toBe('v2.ann over v1.ann');
    expect(Object.keys(dump.records['memories'] ?? {})).toHaveLength(301);
  },
);

/** A file system in memory that ends where this test wants it; only an administrator of a Linux machine may make one. */
function smallDisk(folder: string): string | { readonly missing: string } {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return { missing: 'no small file system can be mounted here' };
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', disk]));
  return disk;
}
