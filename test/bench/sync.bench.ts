/**
 * A vault and a team's database on a real mongod, beside the driver by itself in the same run:
 * `npm run bench:sync -- [--records 20000] [--rounds 3] [--edits 40] [--idle 60]`. Prints a table and writes
 * test/bench/results/sync.json. Everything as the app does it: the reconciling in its thread, files written.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Db, Document } from 'mongodb';
import { registry } from '../../shared/collections/registry.ts';
import { workerFiles } from '../../main/app/worker-files.ts';
import { systemClock } from '../../main/lib/clock.ts';
import { silentLog } from '../../main/lib/log.ts';
import { connect } from '../../main/remote/connect.ts';
import { initRemote } from '../../main/remote/init-remote.ts';
import { openVault } from '../../main/store/vault.ts';
import type { Vault } from '../../main/store/types.ts';
import { createCredentials } from '../../main/team/credentials.ts';
import { createTeam } from '../../main/team/team.ts';
import { startThread } from '../../main/team/thread-engine.ts';
import type { Team } from '../../main/team/types.ts';
import { type Mongod, startMongod } from '../helpers/mongod.ts';
import { startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';
import { buildChatVault } from './chat-vault.ts';
import { median, quantile } from './statistics.ts';

const MESSAGES = 19;
const DAYS = 1_000;
const RAW_BATCH = 1_000;
/** In three seconds: heartbeats and a question that has no answer. */
const QUIET_BYTES = 5_000;
const COLLECTIONS = ['conversations', 'messages'] as const;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Options {
  readonly records: number;
  readonly rounds: number;
  readonly edits: number;
  readonly idleSeconds: number;
}
interface Machine {
  readonly vault: Vault;
  readonly team: Team;
  close(): Promise<void>;
}
interface Place {
  readonly root: string;
  readonly url: string;
  readonly database: string;
  readonly isResident?: boolean;
}

async function openMachine({ root, url, database, isResident = false }: Place): Promise<Machine> {
  const vault = await openVault({ root, mode: 'owner', create: true });
  const team = createTeam({
    vault,
    isResident,
    clock: systemClock,
    log: silentLog,
    env: { MONGODB_DB_NAME: database },
    credentials: createCredentials({ vaultRoot: root, folder: `${root}-credentials` }),
    startEngine: (ports) => startThread({ ...ports, local: vault.ledger(), workerUrl: workerFiles.team }),
  });
  await team.connect({ url });
  // The thread and its connection stand before anything is measured.
  if (!isResident) await team.status();
  const close = async (): Promise<void> => {
    await team.close();
    await vault.close();
  };
  return { vault, team, close };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Milliseconds of processor that this process has used since it was asked last, all its threads together: hardly a matter of load. */
function createMeter(): () => number {
  let before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    return (user + system) / 1_000;
  };
}

interface Backfilled {
  /** Until the server had everything, each batch read back and the bases kept. */
  readonly pushMs: number;
  readonly pushCpuMs: number;
  /** With the report, for which both sides are read whole and compared. */
  readonly wholeMs: number;
}

async function backfill({ team }: Machine): Promise<Backfilled> {
  const started = performance.now();
  const meter = createMeter();
  let [pushMs, pushCpuMs] = [0, 0];
  const report = await team.backfill({
    onProgress({ phase }) {
      if (phase !== 'writing') return;
      pushMs = performance.now() - started;
      pushCpuMs += meter();
    },
  });
  if (!report.ok) throw new Error('the backfill was not whole');
  return { pushMs, pushCpuMs, wholeMs: performance.now() - started };
}

const serverName = (name: (typeof COLLECTIONS)[number]): string => registry[name].mongo.collection;

async function readRaw(db: Db): Promise<Map<string, Document[]>> {
  const documents = new Map<string, Document[]>();
  for (const name of COLLECTIONS.map(serverName)) documents.set(name, await db.collection(name).find().toArray());
  return documents;
}

async function writeRaw(db: Db, documents: ReadonlyMap<string, readonly Document[]>): Promise<void> {
  for (const [name, all] of documents) {
    for (let at = 0; at < all.length; at += RAW_BATCH) {
      const inserts = all.slice(at, at + RAW_BATCH).map((document) => ({ insertOne: { document } }));
      await db.collection(name).bulkWrite(inserts, { ordered: false });
    }
  }
}

interface Round extends Backfilled {
  readonly rawWriteMs: number;
  readonly rawWriteCpuMs: number;
  /** With the indexes and rules that the team's database has. */
  readonly rawPreparedMs: number;
  readonly pullMs: number;
  readonly pullCpuMs: number;
  readonly rawReadMs: number;
  readonly rawReadCpuMs: number;
}

/** One of each, in turns, on fresh databases and fresh copies of the vault. */
async function round(server: Mongod, folder: string, number: number): Promise<Round> {
  const database = `bench_${number}`;
  const [here, there] = [join(folder, `here-${number}`), join(folder, `there-${number}`)];
  cpSync(join(folder, 'vault'), here, { recursive: true });
  const team = await connect(server.url, { db: database });
  const bare = await connect(server.url, { db: `${database}_bare` });
  const prepared = await connect(server.url, { db: `${database}_prepared` });
  try {
    await initRemote(team);
    await initRemote(prepared);
    const ann = await openMachine({ root: here, url: server.url, database });
    const backfilled = await backfill(ann);
    await ann.close();
    const documents = await readRaw(team.db);
    const meter = createMeter();
    const rawWriteMs = await timed(() => writeRaw(bare.db, documents));
    const rawWriteCpuMs = meter();
    const rawPreparedMs = await timed(() => writeRaw(prepared.db, documents));
    meter();
    const rawReadMs = await timed(() => readRaw(team.db));
    const rawReadCpuMs = meter();
    const ben = await openMachine({ root: there, url: server.url, database });
    meter();
    const pullMs = await timed(async () => {
      await ben.team.pull();
      await ben.vault.settleFiles();
    });
    const pullCpuMs = meter();
    await ben.close();
    await bare.db.dropDatabase();
    await prepared.db.dropDatabase();
    const raw = { rawWriteMs, rawWriteCpuMs, rawPreparedMs, rawReadMs, rawReadCpuMs };
    return { ...backfilled, ...raw, pullMs, pullCpuMs };
  } finally {
    for (const connection of [team, bare, prepared]) await connection.close();
  }
}

/** Milliseconds from one machine's edit, durable there, until the other's vault shows it. */
async function latencies(ann: Machine, ben: Machine, edits: number): Promise<number[]> {
  const times: number[] = [];
  for (let edit = 0; edit < edits; edit += 1) {
    const [from, to] = edit % 2 === 0 ? [ann, ben] : [ben, ann];
    const [id, title] = [`chat-${edit}`, `edit ${edit} of ${Date.now()}`];
    const started = performance.now();
    await from.vault.collection('conversations').updateOne({ id }, { $set: { title } });
    await shows(to.vault, id, title);
    times.push(performance.now() - started);
    // So that the echoes of this edit are not the next one's head start.
    await sleep(400);
  }
  return times;
}

async function shows(vault: Vault, id: string, title: string): Promise<void> {
  while ((await vault.collection('conversations').findOne({ id }))?.title !== title) {
    await new Promise<void>((resolve) => {
      const unwatch = vault.watch(() => {
        unwatch();
        resolve();
      });
    });
  }
}

interface Quiet {
  readonly digestMs: number;
  readonly digestBytes: number;
  readonly idleBytesPerMinute: number;
  readonly edits: readonly number[];
}

/** What was pushed comes back in the change stream, which is no part of a check. */
async function untilQuiet(proxy: TcpProxy): Promise<void> {
  for (let before = -1; proxy.bytes() - before > QUIET_BYTES;) {
    before = proxy.bytes();
    await sleep(3_000);
  }
}

async function quiet(server: Mongod, folder: string, { edits, idleSeconds }: Options): Promise<Quiet> {
  const proxy = await startTcpProxy(server.port);
  const url = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
  const place = (name: string): Place => ({ root: join(folder, name), url, database: 'bench_0', isResident: true });
  const ann = await openMachine(place('here-0'));
  const ben = await openMachine({ ...place('there-0'), url: server.url });
  try {
    await ann.team.sync();
    await ben.team.sync();
    await untilQuiet(proxy);
    const checks: { ms: number; bytes: number }[] = [];
    for (let check = 0; check < 5; check += 1) {
      const before = proxy.bytes();
      const ms = await timed(() => ann.team.sync());
      checks.push({ ms, bytes: proxy.bytes() - before });
    }
    const times = await latencies(ann, ben, edits);
    await untilQuiet(proxy);
    const before = proxy.bytes();
    await sleep(idleSeconds * 1_000);
    return {
      digestMs: median(checks.map(({ ms }) => ms)),
      digestBytes: median(checks.map(({ bytes }) => bytes)),
      idleBytesPerMinute: ((proxy.bytes() - before) / idleSeconds) * 60,
      edits: times,
    };
  } finally {
    await ann.close();
    await ben.close();
    await proxy.close();
  }
}

interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly floor?: string;
  readonly goal?: string;
  readonly isMet?: boolean;
}

function figuresOf(rounds: readonly Round[], calm: Quiet, records: number): Figure[] {
  const middle = (part: keyof Round): number => median(rounds.map((each) => each[part]));
  const rate = (ms: number): string => `${Math.round(records / (ms / 1_000)).toLocaleString('en')}/s`;
  const against = (what: string, own: keyof Round, raw: keyof Round, goal?: number): Figure => {
    const share = median(rounds.map((each) => each[raw] / each[own]));
    const row = { what, measured: `${rate(middle(own))} = ${share.toFixed(2)} ×`, floor: rate(middle(raw)) };
    return goal === undefined ? row : { ...row, goal: `≥ ${goal} ×`, isMet: share >= goal };
  };
  const processor = (what: string, own: keyof Round, raw: keyof Round): Figure => {
    const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
    return { what: `processor of this process: ${what}`, measured: seconds(middle(own)), floor: seconds(middle(raw)) };
  };
  const editMs = median(calm.edits);
  const kilobytes = calm.digestBytes / 1_000;
  return [
    against('backfill: push / bulkWrite', 'pushMs', 'rawWriteMs', 0.5),
    against('backfill: push / bulkWrite, same indexes and rules', 'pushMs', 'rawPreparedMs'),
    against('backfill with its report / bulkWrite', 'wholeMs', 'rawWriteMs'),
    against('pull, files written / find', 'pullMs', 'rawReadMs', 0.4),
    processor('push', 'pushCpuMs', 'rawWriteCpuMs'),
    processor('pull, files written', 'pullCpuMs', 'rawReadCpuMs'),
    {
      what: `an edit is seen on the other machine (${calm.edits.length}, p90 ${quantile(calm.edits, 0.9).toFixed(0)} ms)`,
      measured: `${editMs.toFixed(0)} ms`,
      goal: '< 300 ms',
      isMet: editMs < 300,
    },
    { what: 'digest check without change', measured: `${calm.digestMs.toFixed(0)} ms`, goal: '≤ 2,000 ms', isMet: calm.digestMs <= 2_000 }, // prettier-ignore
    { what: '… on the wire', measured: `${kilobytes.toFixed(1)} KB`, goal: '≤ 30 KB', isMet: kilobytes <= 30 },
    { what: 'idle traffic', measured: `${(calm.idleBytesPerMinute / 1_000).toFixed(1)} KB/min`, goal: 'near zero' },
  ];
}

function print(figures: readonly Figure[]): void {
  const row = ({ what, measured, floor = '', goal = '', isMet }: Figure): string =>
    `| ${what.padEnd(62)} | ${measured.padStart(20)} | ${floor.padStart(12)} | ${goal.padStart(10)} | ${isMet === undefined ? '' : isMet ? 'met' : 'missed'} |`;
  console.log(row({ what: 'what', measured: 'measured', floor: 'driver alone', goal: 'goal' }));
  console.log('| --- | ---: | ---: | ---: | --- |');
  for (const figure of figures) console.log(row(figure));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      records: { type: 'string', default: '20000' },
      rounds: { type: 'string', default: '3' },
      edits: { type: 'string', default: '40' },
      idle: { type: 'string', default: '60' },
    },
  });
  const { records, rounds, edits, idle } = values;
  const options = { records: Number(records), rounds: Number(rounds), edits: Number(edits), idleSeconds: Number(idle) };
  const folder = mkdtempSync(join(tmpdir(), 'almanac-sync-bench-'));
  const load = loadavg();
  const server = await startMongod({ kind: 'replica-set' });
  try {
    const conversations = Math.round(options.records / (MESSAGES + 1));
    const hoursApart = (24 * DAYS) / conversations;
    await buildChatVault(join(folder, 'vault'), { conversations, messages: MESSAGES, hoursApart });
    const measured: Round[] = [];
    for (let number = 0; number < options.rounds; number += 1) {
      measured.push(await round(server, folder, number));
      console.error(`round ${number + 1}: ${JSON.stringify(measured.at(-1))}`);
    }
    const calm = await quiet(server, folder, options);
    const figures = figuresOf(measured, calm, options.records);
    const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version };
    const results = { date: new Date().toISOString(), machine, load: { before: load, after: loadavg() }, options, figures, rounds: measured, calm }; // prettier-ignore
    const target = join(import.meta.dirname, 'results');
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'sync.json'), `${JSON.stringify(results, null, 2)}\n`);
    console.log(
      `${options.records} records over ${DAYS} days, load ${load[0]?.toFixed(1)} to ${loadavg()[0]?.toFixed(1)}`,
    );
    print(figures);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
