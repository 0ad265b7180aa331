import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import { createApp } from '../../../main/app/create-app.ts';
import type { App } from '../../../main/app/assemble-app.ts';
import { canonicalJson } from '../../../main/lib/canonical-json.ts';
import { connect } from '../../../main/remote/connect.ts';
import { createRemotePort } from '../../../main/remote/remote-port.ts';
import { documentPath } from '../../../main/store/layout.ts';
import { freshDatabase, sharedMongod } from '../../helpers/mongod-shared.ts';
import { startTcpProxy, type TcpProxy } from '../../helpers/tcp-proxy.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const url = await sharedMongod('replica-set');
/** On each side; 10,000 in the long run. */
const EDITS = Number(process.env['ALMANAC_OFFLINE_EDITS'] ?? 2_000);
const CHATS = EDITS / 2;
const COMPARED = ['conversations', 'messages', 'conflicts'] as const satisfies readonly CollectionName[];
const HOUR_MS = 3_600_000;
const IN_FLIGHT = 50;
/** Rounds that bring both ends together, and attempts at one while a connection is being mended. */
const MOST_ROUNDS = 12;
const MOST_ATTEMPTS = 20;

type Side = 'ann' | 'ben';
/** What a side does with the conversations of its kind, by the last digit of their number. */
const FIELDS: Readonly<Record<Side, Readonly<Record<number, readonly string[]>>>> = {
  ann: { 0: ['title'], 1: ['title'], 2: ['title', 'provider'], 3: ['title'], 4: ['title'], 5: ['title'], 7: ['title', 'user_id'], 8: ['tags'] }, // prettier-ignore
  ben: { 0: ['title'], 1: ['user_id'], 2: ['user_id', 'workspace'], 3: ['title'], 4: ['title'], 6: ['title'], 7: ['title', 'workspace'], 8: ['tags'] }, // prettier-ignore
};
/** Who deletes the conversations of a kind at the end of all edits. */
const DELETES: Readonly<Record<number, Side>> = { 3: 'ann', 4: 'ben' };
/** Of kind 9, where the other side does nothing. */
const deletesAlone = (number: number, side: Side): boolean =>
  number % 20 === 9 && (number % 40 === 9) === (side === 'ann');

const idOf = (number: number): string => `chat-${number}`;
const numberOf = (id: string): number => Number(id.slice('chat-'.length));

/** What a side was told is kept, and has not overwritten itself: the last value of each field, and its deletions. */
interface Acknowledged {
  readonly values: Map<string, { readonly id: string; readonly field: string; readonly value: string }>;
  readonly deleted: Set<string>;
  readonly messages: Set<string>;
}

async function openApp(side: Side, clockMs: number): Promise<App> {
  const app = await createApp({ vaultPath: join(tempFolder(), side), clock: { now: () => Date.now() + clockMs } });
  onTestFinished(() => app.close());
  return app;
}

/** A side's edits without the team's database, many at a time as a busy app has them. */
async function editAlone(app: App, side: Side): Promise<Acknowledged> {
  const made: Acknowledged = { values: new Map(), deleted: new Set(), messages: new Set() };
  for (let start = 0; start < EDITS; start += IN_FLIGHT) {
    const several = Array.from({ length: Math.min(IN_FLIGHT, EDITS - start) }, (_, at) => start + at);
    await Promise.all(several.map((edit) => editOne(app, side, edit, made)));
  }
  for (let number = 0; number < CHATS; number += 1) {
    if (DELETES[number % 10] !== side && !deletesAlone(number, side)) continue;
    const id = idOf(number);
    await app.vault.collection('conversations').deleteOne({ id });
    made.deleted.add(id);
    for (const field of FIELDS[side][number % 10] ?? []) made.values.delete(`${id} ${field}`);
  }
  return made;
}

async function editOne(app: App, side: Side, edit: number, made: Acknowledged): Promise<void> {
  const number = edit % CHATS;
  const id = idOf(number);
  const fields = FIELDS[side][number % 10];
  const value = `${side} ${edit}`;
  if (fields === undefined) {
    // Kinds that this side leaves alone: it says something there instead.
    await app.vault.collection('messages').insertOne({ id: value.replace(' ', '-'), conversation_id: id, role: 'user', content: value }); // prettier-ignore
    made.messages.add(value.replace(' ', '-'));
    return;
  }
  const change = fields[0] === 'tags' ? { $addToSet: { tags: value } } : { $set: Object.fromEntries(fields.map((field) => [field, value])) }; // prettier-ignore
  await app.vault.collection('conversations').updateOne({ id }, change);
  for (const field of fields) made.values.set(field === 'tags' ? `${id} ${field} ${value}` : `${id} ${field}`, { id, field, value }); // prettier-ignore
}

/** A connection that was cut gives its error to the first who uses it. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (!code.startsWith('REMOTE_') || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/** Until neither has anything to tell the other. */
async function comeTogether(apps: readonly App[]): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let moved = 0;
    for (const { team } of apps) {
      const { pushed, pulled, waiting } = await insist(() => team.sync());
      moved += pushed + pulled + waiting;
    }
    if (moved === 0) return;
  }
  expect.fail(`after ${MOST_ROUNDS} rounds both sides still have something to tell each other`);
}

/** Every version by id, byte for byte as it counts. */
async function versionsIn(app: App, collection: CollectionName): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for await (const some of app.vault.ledger().scan(collection)) {
    for (const record of some) versions.set(record.id, canonicalJson(record));
  }
  return versions;
}

async function versionsThere(database: string, collection: CollectionName): Promise<Map<string, string>> {
  const port = createRemotePort(await connect(url, { db: database }), { ownsConnection: true });
  const versions = new Map<string, string>();
  for await (const some of port.scan(collection)) {
    for (const version of some) {
      if (!('record' in version)) expect.fail(`${collection}: ${version.poison}`);
      if (!version.record._meta.del) versions.set(version.record.id, canonicalJson(version.record));
    }
  }
  await port.close();
  return versions;
}

async function readVia(proxy: TcpProxy, database: string, apps: readonly App[]): Promise<void> {
  for (const { team } of apps) {
    await team.connect({ url: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`, database });
  }
}

/** Every value that a side was told is kept is shown, or stands in a conflict. */
async function lostBy(app: App, made: Acknowledged): Promise<string[]> {
  const { vault } = app;
  const shown = new Map((await vault.collection('conversations').find({})).map((chat) => [chat.id, chat]));
  const kept = new Map<string, string>();
  for (const { record_id, mine, theirs } of await vault.collection('conflicts').find({})) {
    kept.set(record_id, `${kept.get(record_id) ?? ''}${JSON.stringify([mine, theirs])}`);
  }
  const lost: string[] = [];
  for (const { id, field, value } of made.values.values()) {
    const now: unknown = shown.get(id)?.[field as keyof object];
    const isShown = Array.isArray(now) ? now.includes(value) : now === value;
    if (!isShown && !kept.get(id)?.includes(JSON.stringify(value))) lost.push(`${id} ${field} ${value}`);
  }
  const messages = new Set((await vault.collection('messages').find({})).map(({ id }) => id));
  return [...lost, ...[...made.messages].filter((id) => !messages.has(id))];
}

test(
  'two apps that edited without each other, with clocks an hour apart and a cut on the way, end equal and lose nothing',
  { timeout: 900_000 },
  async () => {
    vi.stubEnv('ALMANAC_CONFIG', tempFolder());
    for (const name of ['MONGODB_URL', 'MONGODB_DB_NAME', 'MEMORY_STORE_BACKEND', 'MEMORY_DUAL_WRITE']) vi.stubEnv(name, undefined); // prettier-ignore
    onTestFinished(() => void vi.unstubAllEnvs());
    const database = freshDatabase();
    const proxy = await startTcpProxy(Number(new URL(url).port));
    onTestFinished(() => proxy.close());
    const ann = await openApp('ann', -HOUR_MS / 2);
    const ben = await openApp('ben', HOUR_MS / 2);
    const apps = [ann, ben];

    const chats = Array.from({ length: CHATS }, (_, number) => ({ id: idOf(number), title: `before ${number}` }));
    await ann.vault.collection('conversations').insertMany(chats);
    await readVia(proxy, database, apps);
    await comeTogether(apps);
    expect(await ben.vault.collection('conversations').count()).toBe(CHATS);

    for (const { team } of apps) await team.setMode('local');
    const [byAnn, byBen] = await Promise.all([editAlone(ann, 'ann'), editAlone(ben, 'ben')]);
    for (const { team } of apps) expect((await team.status()).waiting).toBeGreaterThan(EDITS / 4);

    // In the middle of telling each other the line is cut; what was half sent stays half sent.
    const isCut = proxy.cutAfter(EDITS * 200);
    for (const { team } of apps) await team.setMode('mirror');
    await isCut;
    const after = await ann.vault
      .collection('conversations')
      .updateOne({ id: idOf(5) }, { $set: { title: 'while cut' } });
    expect(after.modifiedCount).toBe(1);
    byAnn.values.set(`${idOf(5)} title`, { id: idOf(5), field: 'title', value: 'while cut' });
    proxy.mend();
    await comeTogether(apps);

    expect(await lostBy(ann, byAnn)).toEqual([]);
    expect(await lostBy(ben, byBen)).toEqual([]);
    for (const { team } of apps) {
      expect(await insist(() => team.verify())).toMatchObject({ equal: true });
      expect(await team.status()).toMatchObject({ decision: null, quarantined: 0 });
    }
    for (const collection of COMPARED) {
      const there = await versionsThere(database, collection);
      expect(await versionsIn(ann, collection), `${collection} of Ann`).toEqual(there);
      expect(await versionsIn(ben, collection), `${collection} of Ben`).toEqual(there);
    }
    await expectSameFiles(ann, ben);
    await expectConflicts(apps);
    for (const { vault } of apps) {
      const gone = chats.filter(({ id }) => deletesAlone(numberOf(id), 'ann') || deletesAlone(numberOf(id), 'ben'));
      expect(await vault.collection('conversations').count({ id: { $in: gone.map(({ id }) => id) } })).toBe(0);
      expect(await vault.collection('conversations').count()).toBe(CHATS - gone.length);
    }
  },
);

/** The conversations' files hold the same bytes in both vaults. */
async function expectSameFiles(ann: App, ben: App): Promise<void> {
  for (const { vault } of [ann, ben]) await vault.settleFiles();
  const chats = await ann.vault.collection('conversations').find({});
  const bytesOf = ({ vault }: App, { id, created_at }: { id: string; created_at: string }): string =>
    readFileSync(join(vault.root, 'data/conversations', documentPath(id, created_at)), 'utf8');
  for (const chat of chats) expect(bytesOf(ann, chat), chat.id).toBe(bytesOf(ben, chat));
}

/** One for each record about which somebody disagreed, the same on both sides, and none for any other. */
async function expectConflicts(apps: readonly App[]): Promise<void> {
  const disputed = Array.from({ length: CHATS }, (_, number) => number).filter((number) => [0, 3, 4, 7].includes(number % 10)); // prettier-ignore
  for (const { team } of apps) {
    const { rows, total } = await team.conflicts.list({ state: 'open', offset: 0, limit: CHATS * 2 });
    expect(rows).toHaveLength(total);
    expect([...new Set(rows.map(({ record_id }) => record_id))].sort()).toEqual(disputed.map(idOf).sort());
    for (const { record_id, fields, reason } of rows) {
      const isDeletion = DELETES[numberOf(record_id) % 10] !== undefined;
      expect({ record_id, fields, reason }).toEqual({ record_id, fields: ['title'], reason: isDeletion ? 'delete-overridden' : 'field-clash' }); // prettier-ignore
    }
  }
}
