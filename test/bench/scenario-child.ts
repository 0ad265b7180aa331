/** One measurement by name: `scenario-child.ts NAME FOLDER SIZE [WORKER]`. Prints its figures as JSON. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../main/lib/clock.ts';
import { stderrLog } from '../../main/lib/log.ts';
import { createSearch } from '../../main/search/search.ts';
import { createStaging } from '../../main/store/staging.ts';
import { openVault } from '../../main/store/vault.ts';
import { documentOf } from './documents.ts';
import { each, timed } from './operations.ts';
import { randomText } from './random-text.ts';
import { median, quantile } from './statistics.ts';
import { nodeSqliteFull } from './subjects/sqlite.ts';

export interface ImportFigures {
  readonly records: number;
  readonly seconds: number;
  /** Of the process that owns the vault. */
  readonly longestStallMs: number;
}
export interface SearchFigures {
  readonly buildMs: number;
  readonly rareMs: number;
  readonly twoWordsMs: number;
  /** Reading without an index: every text that contains this. */
  readonly containsMs: number;
  /** One changed text, until it can be found. */
  readonly addMs: number;
  /** Growth of the process, after a collection. */
  readonly rssBytes: number;
}
export interface AppendFigures {
  readonly streamBytes: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}
export interface AtOnceFigures {
  readonly inserts: number;
  /** Until all were answered, and until their files were written as well. */
  readonly ms: number;
  readonly withFilesMs: number;
  /** Of the processor, in all. */
  readonly cpuMs: number;
  readonly longestStallMs: number;
}
export interface ReopenFigures {
  readonly openMs: number;
}

const MESSAGES_EACH = 19;
const text = randomText(3);
const texts = Array.from({ length: 4001 }, (_, at) => text.words(200 + (at % 200)));
const textOf = (at: number): string => texts[(at * 31) % texts.length] ?? '';
const at2025 = (at: number): string => new Date(Date.UTC(2025, 0, 1) + at * 300_000).toISOString();

/** Conversations of nineteen messages: what an import brings. */
async function importRecords(root: string, records: number): Promise<ImportFigures> {
  const vault = await openVault({ root, mode: 'owner', create: true });
  const staging = createStaging(vault.stagingRoot, 'bench');
  for (let at = 0; at < records; at += 1) {
    const chat = Math.floor(at / (MESSAGES_EACH + 1));
    const dates = { created_at: at2025(at), updated_at: at2025(at) };
    if (at % (MESSAGES_EACH + 1) === 0) {
      const record = { id: `chat-${chat}`, title: textOf(at).slice(0, 40), tags: [], ...dates };
      staging.write({ op: 'put', collection: 'conversations', record });
    } else {
      const role = at % 2 === 0 ? 'user' : 'assistant';
      const record = { id: `message-${at}`, conversation_id: `chat-${chat}`, role, content: textOf(at), ...dates };
      staging.write({ op: 'put', collection: 'messages', record });
    }
  }
  const batch = staging.finish();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const ms = await timed(() => vault.ingest(batch, { source: 'import' }));
  delay.disable();
  await vault.close();
  // A sample is the time between two ticks, the millisecond between them included.
  return { records, seconds: ms / 1000, longestStallMs: Math.max(0, delay.max / 1e6 - 1) };
}

const query = { limit: 50 } as const;
const chunk = { count: 30, budgetMs: 4000 };
const twoWords = `${text.common[0]} ${text.common[1]}`;

/** @param worker the search worker's bundle: in the app no thread translates sources */
async function searchVault(root: string, worker: string): Promise<SearchFigures> {
  const vault = await openVault({ root, mode: 'owner' });
  await vault.collection('messages').findOne({});
  globalThis.gc?.();
  const rssBefore = process.memoryUsage.rss();
  const workerUrl = pathToFileURL(worker);
  const ports = { vault, workerUrl, clock: systemClock, log: stderrLog };
  const search = createSearch(ports);
  const buildMs = await timed(() => search.settled());
  const rare = await each(chunk, () => search.query(text.rare, query));
  const two = await each(chunk, () => search.query(twoWords, query));
  globalThis.gc?.();
  const rssBytes = process.memoryUsage.rss() - rssBefore;
  let count = 0;
  const add = await each({ count: 5, budgetMs: 10_000 }, async () => {
    const content = `${textOf(count)} bench${(count += 1)}`;
    await vault.collection('messages').updateOne({ id: `message-${count}` }, { $set: { content } });
    await search.settled();
    const { hits } = await search.query(`bench${count}`, query);
    if (hits[0]?.id !== `message-${count}`) throw new Error('A changed message was not found.');
  });
  await search.close();
  const scan = createSearch({ ...ports, engine: 'scan' });
  await scan.settled();
  const contains = await each({ count: 3, budgetMs: 20_000 }, () => scan.query(text.rare, query));
  await scan.close();
  await vault.close();
  return {
    buildMs,
    rareMs: median(rare),
    twoWordsMs: median(two),
    containsMs: median(contains),
    addMs: median(add),
    rssBytes,
  };
}

/** The same texts in a table with an FTS5 index beside it, in the calling thread. */
async function searchSqlite(folder: string, records: number): Promise<SearchFigures> {
  mkdirSync(folder, { recursive: true });
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(folder, 'search.db'));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE texts (id INTEGER PRIMARY KEY, body TEXT);');
  const rssBefore = process.memoryUsage.rss();
  const store = database.prepare('INSERT INTO texts VALUES (?, ?)');
  database.exec('BEGIN');
  for (let at = 0; at < records; at += 1) if (at % (MESSAGES_EACH + 1) !== 0) store.run(at, textOf(at));
  database.exec('COMMIT');
  const buildMs = await timed(() => {
    database.exec(`CREATE VIRTUAL TABLE found USING fts5 (body, content = 'texts', content_rowid = 'id')`);
    database.exec(`INSERT INTO found (found) VALUES ('rebuild')`);
  });
  const find = database.prepare('SELECT rowid FROM found WHERE found MATCH ? LIMIT 50');
  const contains = database.prepare('SELECT count(*) FROM texts WHERE body LIKE ?');
  const insert = database.prepare('INSERT INTO found (rowid, body) VALUES (?, ?)');
  let count = records;
  const figures = {
    buildMs,
    rareMs: median(await each(chunk, async () => find.all(text.rare))),
    twoWordsMs: median(await each(chunk, async () => find.all(twoWords))),
    containsMs: median(await each({ count: 3, budgetMs: 20_000 }, async () => contains.all(`%${text.rare}%`))),
    addMs: median(await each(chunk, async () => insert.run((count += 1), textOf(count)))),
    rssBytes: process.memoryUsage.rss() - rssBefore,
  };
  database.close();
  return figures;
}

const MESSAGE_BYTES = 3000;
const appended = (at: number) => ({
  id: `appended-${at}`,
  conversation_id: 'long',
  role: 'user' as const,
  content: textOf(at).repeat(3).slice(0, MESSAGE_BYTES),
  created_at: '2026-05-01T10:00:00.000Z',
  updated_at: '2026-05-01T10:00:00.000Z',
});
const LONG = 12_000;
const appends = { count: 200, budgetMs: 10_000 };

async function append(root: string): Promise<AppendFigures> {
  const vault = await openVault({ root, mode: 'owner', create: true });
  const messages = vault.collection('messages');
  for (let at = 0; at < LONG; at += 1000) {
    await messages.insertMany(Array.from({ length: 1000 }, (_, index) => appended(at + index)));
  }
  await vault.settleFiles();
  let at = LONG;
  const samples = await each(appends, () => messages.insertOne(appended((at += 1))));
  const streamBytes = [...vault.files(['messages'])].reduce((sum, { bytes }) => sum + bytes, 0);
  await vault.close();
  return { streamBytes, medianMs: median(samples), p99Ms: quantile(samples, 0.99) };
}

async function appendSqlite(folder: string): Promise<AppendFigures> {
  mkdirSync(folder, { recursive: true });
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(folder, 'append.db'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE messages (id TEXT PRIMARY KEY, conversation_id TEXT, created_at TEXT, json TEXT) WITHOUT ROWID;
    CREATE INDEX by_conversation ON messages (conversation_id, created_at);`);
  const insert = database.prepare('INSERT INTO messages VALUES (?, ?, ?, ?)');
  const put = (at: number): number => {
    const message = appended(at);
    const json = JSON.stringify(message);
    insert.run(message.id, message.conversation_id, message.created_at, json);
    return json.length;
  };
  database.exec('BEGIN');
  let streamBytes = 0;
  for (let at = 0; at < LONG; at += 1) streamBytes += put(at);
  database.exec('COMMIT');
  let at = LONG;
  const samples = await each(appends, async () => put((at += 1)));
  database.close();
  return { streamBytes, medianMs: median(samples), p99Ms: quantile(samples, 0.99) };
}

const AT_ONCE = 3000;

/** As a program does that waits for none of its writes before the next. Medians of three bursts. */
async function bursts(send: () => Promise<unknown>, settle: () => Promise<unknown>): Promise<AtOnceFigures> {
  // What runs for the first time is compiled meanwhile.
  for (let count = 0; count < 500; count += 1) await send();
  await settle();
  const all: AtOnceFigures[] = [];
  while (all.length < 3) all.push(await burst(send, settle));
  const middle = (of: (figures: AtOnceFigures) => number): number => median(all.map(of));
  return {
    inserts: AT_ONCE,
    ms: middle(({ ms }) => ms),
    withFilesMs: middle(({ withFilesMs }) => withFilesMs),
    cpuMs: middle(({ cpuMs }) => cpuMs),
    longestStallMs: middle(({ longestStallMs }) => longestStallMs),
  };
}

async function burst(send: () => Promise<unknown>, settle: () => Promise<unknown>): Promise<AtOnceFigures> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // A stall is the time between two ticks: there has to be one before it, and one after.
  const tick = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 5));
  await tick();
  const before = process.cpuUsage();
  const started = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  const ms = performance.now() - started;
  await settle();
  const withFilesMs = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  await tick();
  delay.disable();
  const longestStallMs = Math.max(0, delay.max / 1e6 - 1);
  return { inserts: AT_ONCE, ms, withFilesMs, cpuMs: (user + system) / 1000, longestStallMs };
}

async function atOnce(root: string): Promise<AtOnceFigures> {
  const vault = await openVault({ root, mode: 'owner', create: true });
  let at = 0;
  const send = () => vault.collection('conversations').insertOne(documentOf((at += 1), AT_ONCE) as never);
  const figures = await bursts(send, () => vault.settleFiles());
  await vault.close();
  return figures;
}

async function atOnceSqlite(folder: string): Promise<AtOnceFigures> {
  mkdirSync(folder, { recursive: true });
  const store = await nodeSqliteFull.open(folder);
  let at = 0;
  const figures = await bursts(
    () => store.insert(documentOf((at += 1), AT_ONCE)),
    () => store.settle(),
  );
  await store.close();
  return figures;
}

async function rebuild(root: string): Promise<{ ms: number }> {
  const vault = await openVault({ root, mode: 'owner' });
  const { duration_ms: ms } = await vault.rebuild();
  await vault.close();
  return { ms };
}

/** Ends without closing, as a crash does, some writes after opening. */
async function crash(root: string): Promise<{ done: true }> {
  const vault = await openVault({ root, mode: 'owner' });
  for (let at = 0; at < 20; at += 1) await vault.collection('conversations').insertOne({ title: `before ${at}` });
  return { done: true };
}

async function reopen(root: string): Promise<ReopenFigures> {
  const started = performance.now();
  const vault = await openVault({ root, mode: 'owner' });
  await vault.collection('conversations').findOne({});
  const openMs = performance.now() - started;
  await vault.close();
  return { openMs };
}

const [name = '', folder = '', size = '0', worker = ''] = process.argv.slice(2);
const scenarios: Readonly<Record<string, () => Promise<unknown>>> = {
  import: () => importRecords(folder, Number(size)),
  search: () => searchVault(folder, worker),
  'search-sqlite': () => searchSqlite(folder, Number(size)),
  append: () => append(folder),
  'at-once': () => atOnce(folder),
  'at-once-sqlite': () => atOnceSqlite(folder),
  'append-sqlite': () => appendSqlite(folder),
  rebuild: () => rebuild(folder),
  crash: () => crash(folder),
  reopen: () => reopen(folder),
};
const scenario = scenarios[name];
if (scenario === undefined) throw new Error(`There is no measurement "${name}".`);
const figures = await scenario();
process.stdout.write(JSON.stringify(figures), () => {
  // A crash must not close anything on its way out.
  if (name === 'crash') process.kill(process.pid, 'SIGKILL');
});
