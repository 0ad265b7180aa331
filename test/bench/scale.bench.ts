/**
 * What a large team database costs, on a real mongod: `node test/bench/scale.bench.ts [--records 1000000] [--local 100000]`.
 * Messages of three years, a twentieth as many conversations, put there by the driver; then what Almanac asks of it: sums, a
 * vault with a scope of 30 days, reads on demand. Prints a line for each figure. Needs about 2 GB for a million; cleans up.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Document } from 'mongodb';
import { createApp } from '../../main/app/create-app.ts';
import { connect, type RemoteConnection } from '../../main/remote/connect.ts';
import { initRemote } from '../../main/remote/init-remote.ts';
import { createMongoStore } from '../../main/remote/mongo-store.ts';
import { createRemotePort } from '../../main/remote/remote-port.ts';
import { newDocument } from '../../main/remote/write-op.ts';
import { silentLog } from '../../main/lib/log.ts';
import { createHybridClock } from '../../main/lib/hlc.ts';
import { systemClock } from '../../main/lib/clock.ts';
import { createStamper } from '../../main/records/meta.ts';
import type { RecordBody } from '../../main/records/stored-record.ts';
import { definitionOf } from '../../main/sync/definition-of.ts';
import { openVault } from '../../main/store/vault.ts';
import { startMongod } from '../helpers/mongod.ts';
import { buildChatVault } from './chat-vault.ts';
import { bytesOnDisk } from './disk-usage.ts';
import { median } from './statistics.ts';

const MESSAGES = 19;
const DAYS = 1_000;
const DAY_MS = 86_400_000;
const BATCH = 5_000;
const stamper = createStamper(createHybridClock(systemClock, 'bench'), 'bench');
/** One long text, of which each message says a part: 5 to 65 words, so that a million fit a laptop's disk. */
const WORDS = Array.from({ length: 3_000 }, (_, at) => createHash('md5').update(String(at)).digest('hex').slice(0, 2 + (at % 9))); // prettier-ignore

function say(what: string, value: string | number, unit = ''): void {
  console.log(`| ${what} | ${typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 1 }) : value}${unit && ` ${unit}`} |`); // prettier-ignore
}

async function timed<T>(what: string, work: () => Promise<T>, note: (result: T) => string = () => ''): Promise<T> {
  const started = performance.now();
  const result = await work();
  const ms = performance.now() - started;
  say(`${what} ${note(result)}`.trim(), ms < 10_000 ? ms : ms / 1000, ms < 10_000 ? 'ms' : 's');
  return result;
}

function* bodies(records: number, collection: 'conversations' | 'messages'): Generator<RecordBody> {
  const chats = Math.round(records / (MESSAGES + 1));
  const start = Date.now() - DAYS * DAY_MS;
  for (let chat = 0; chat < chats; chat += 1) {
    const ms = start + ((chat + 0.5) / chats) * DAYS * DAY_MS;
    const dates = (at: number) => ({ created_at: new Date(at).toISOString(), updated_at: new Date(at).toISOString() });
    if (collection === 'conversations') {
      const title = WORDS.slice(chat % 2_000, (chat % 2_000) + 4).join(' ');
      yield { id: `chat-${chat}`, title, kind: 'chat', tags: [], pinned: chat % 500 === 0, archived: false, user_id: `u${chat % 200}`, ...dates(ms) }; // prettier-ignore
    } else {
      for (let at = 0; at < MESSAGES; at += 1) {
        const from = (chat * 7 + at * 13) % 2_500;
        const content = WORDS.slice(from, from + 5 + ((chat * 7 + at * 13) % 60)).join(' ');
        yield { id: `chat-${chat}-${at}`, conversation_id: `chat-${chat}`, role: at % 2 === 0 ? 'user' : 'assistant', content, ...dates(ms + at * 60_000) }; // prettier-ignore
      }
    }
  }
}

/** Whether a vault with the scope below reads it, so that it has to be a version to the last bit. */
function isRead({ id, created_at }: RecordBody, records: number): boolean {
  const chat = Number(id.split('-')[1]);
  const isRecent = Date.parse(created_at) > Date.now() - 70 * DAY_MS;
  return records < 100_000 || isRecent || chat % 500 === 0 || chat % 200 === 7;
}

/** What the others need: the same fields, of the same size, with numbers by chance in place of hashes. */
function sketchOf({ id, ...fields }: RecordBody, at: Date): Document {
  const word = (): number => Math.floor(Math.random() * 2 ** 24);
  const code = word().toString(36).padEnd(26, 'x');
  const meta = { rev: `1-${code}`, gen: 1, anc: [], hlc: '019a9c3e1f20-0003-bench', sv: 1, by: { replica: 'bench' }, sum: code }; // prettier-ignore
  const lanes = { h0: word(), h1: word(), h2: word(), h3: word(), h4: word() };
  return { _id: id, ...fields, _meta: { ...meta, day: fields.created_at.slice(0, 10), ...lanes, at } };
}

async function insertAll({ db }: RemoteConnection, records: number): Promise<void> {
  for (const collection of ['conversations', 'messages'] as const) {
    const definition = definitionOf(collection);
    const at = new Date();
    let batch: Document[] = [];
    const flush = async (): Promise<void> => {
      await db.collection(collection).insertMany(batch, { ordered: false, writeConcern: { w: 1 } });
      batch = [];
    };
    for (const body of bodies(records, collection)) {
      batch.push(isRead(body, records) ? newDocument(stamper.stamp(definition, body), at) : sketchOf(body, at));
      if (batch.length === BATCH) await flush();
    }
    if (batch.length > 0) await flush();
  }
}

async function sizes({ db }: RemoteConnection): Promise<void> {
  for (const name of ['conversations', 'messages']) {
    const [stats] = await db
      .collection(name)
      .aggregate([{ $collStats: { storageStats: {} } }])
      .toArray();
    const { count, size, storageSize, totalIndexSize, indexSizes } = (stats as Document)['storageStats'] as {
      count: number;
      size: number;
      storageSize: number;
      totalIndexSize: number;
      indexSizes: Record<string, number>;
    };
    say(`${name}: ${count.toLocaleString('en')} documents`, size / 1e6, 'MB of BSON');
    say(`${name}: on disk, compressed`, storageSize / 1e6, 'MB');
    const parts = Object.entries(indexSizes).map(([index, bytes]) => `${index} ${(bytes / 1e6).toFixed(0)}`);
    say(`${name}: indexes (${parts.join(', ')})`, totalIndexSize / 1e6, 'MB');
  }
}

async function often(what: string, times: number, work: () => Promise<unknown>): Promise<void> {
  const taken: number[] = [];
  for (let at = 0; at < times; at += 1) {
    const started = performance.now();
    await work();
    taken.push(performance.now() - started);
  }
  say(`${what}, median of ${times}`, median(taken), 'ms');
}

async function askServer(connection: RemoteConnection, records: number): Promise<void> {
  const port = createRemotePort(connection);
  const collections = ['conversations', 'messages', 'memories', 'memory_events', 'conflicts'] as const;
  await often('all sums of five collections, one answer', 5, () => port.totals(collections));
  await often('sums of messages by month', 3, () => port.digest('messages', { by: 'month' }));
  const month = new Date(Date.now() - 100 * DAY_MS).toISOString().slice(0, 7);
  await often('sums of one month by day', 5, () => port.digest('messages', { month }));
  await timed(
    'ids and revs of one month',
    () => port.list('messages', month),
    (refs) => `(${refs.length})`,
  );
  const from = `${new Date(Date.now() - 30 * DAY_MS).toISOString().slice(0, 7)}-01`;
  const scope = { from, pinned: true, users: ['u7'], replica: 'nobody' };
  await timed('what is older and in a scope', () => port.listKept('messages', scope), (refs) => `(${refs.length} messages)`); // prettier-ignore
  const store = createMongoStore(connection, { replica: 'bench', log: silentLog });
  const chats = Math.round(records / (MESSAGES + 1));
  let at = 0;
  await often('on demand: a thread of 19 messages', 50, () =>
    store
      .collection('messages')
      .find({ conversation_id: `chat-${(at += 9_973) % chats}` }, { sort: { created_at: 1 } }),
  );
  await often('on demand: the newest 50 conversations', 20, () =>
    store.collection('conversations').find({ archived: false }, { sort: { updated_at: -1 }, limit: 50 }),
  );
  await often('on demand: one message by id', 50, () =>
    store.collection('messages').findOne({ id: `chat-${(at += 9_973) % chats}-3` }),
  );
  const explained = await connection.db
    .collection('messages')
    .aggregate(
      [{ $match: { '_meta.day': { $gte: '' } } }, { $group: { _id: null, n: { $sum: 1 }, s: { $sum: '$_meta.h0' } } }],
      { hint: 'digest_v1' },
    ) // prettier-ignore
    .explain('executionStats');
  const text = JSON.stringify(explained);
  const read = (name: string): string => new RegExp(`"${name}":(\\d+)`).exec(text)?.[1] ?? '?';
  say('explain of the sums', `${read('totalKeysExamined')} keys, ${read('totalDocsExamined')} documents read`);
}

async function pullScope(url: string, database: string, folder: string): Promise<void> {
  const root = join(folder, 'part');
  const app = await createApp({ vaultPath: root });
  try {
    await app.team.connect({ url, database });
    await app.team.setScope({ days: 30, pinned: true, users: ['u7'] });
    await timed('a vault of the last 30 days, pinned and one user’s: pull', () => app.team.pull(), ({ pulled }) => `(${pulled} records)`); // prettier-ignore
    await app.vault.settleFiles();
    await timed('…again, without change', () => app.team.sync());
    await timed('…its first certificate, contents read', () => app.team.verify());
    await timed('…its next one, by digests', () => app.team.verify());
  } finally {
    await app.close();
  }
  say('…on disk', bytesOnDisk(root) / 1e6, 'MB');
}

async function localSide(records: number, folder: string): Promise<void> {
  const root = join(folder, 'local');
  const conversations = Math.round(records / (MESSAGES + 1));
  await buildChatVault(root, { conversations, messages: MESSAGES, hoursApart: (24 * DAYS) / conversations });
  say(`a vault of ${records.toLocaleString('en')} records on disk`, bytesOnDisk(root) / 1e6, 'MB');
  const before = process.memoryUsage().rss;
  const vault = await timed('…opened', () => openVault({ root, mode: 'owner' }));
  say('…in memory', (process.memoryUsage().rss - before) / 1e6, 'MB');
  await vault.close();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { records: { type: 'string', default: '1000000' }, local: { type: 'string', default: '100000' } },
  });
  const [records, local] = [Number(values.records), Number(values.local)];
  const folder = mkdtempSync(join(tmpdir(), 'almanac-scale-'));
  const server = await startMongod({ kind: 'replica-set' });
  console.log(`${records.toLocaleString('en')} records, ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`); // prettier-ignore
  try {
    const connection = await connect(server.url, { db: 'scale' });
    await timed('inserted by the driver, without indexes', () => insertAll(connection, records));
    await timed('collections, rules and indexes made', () => initRemote(connection));
    await sizes(connection);
    await askServer(connection, records);
    await connection.close();
    await pullScope(server.url, 'scale', folder);
    if (local > 0) await localSide(local, folder);
    console.log(`load at the end ${loadavg()[0]?.toFixed(1)}`);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
