import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApp } from '../../../main/app/create-app.ts';
import { run } from '../../../main/cli/run.ts';
import { systemClock } from '../../../main/lib/clock.ts';
import { connect } from '../../../main/remote/connect.ts';
import { freshDatabase, sharedMongod } from '../../helpers/mongod-shared.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const server = await sharedMongod('replica-set');
/** A user of the driver's own making: the server asks for none, so only its being kept secret is looked at. */
const secret = 'very-secret-word';

let config = '';
beforeEach(() => {
  config = tempFolder();
  vi.stubEnv('ALMANAC_CONFIG', config);
});
afterEach(() => vi.unstubAllEnvs());

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

/** Runs `almanac …` against one vault. */
function machine(database: string) {
  const vault = join(tempFolder(), 'vault');
  const call = async (...args: string[]): Promise<Outcome> => {
    let [out, notes] = ['', ''];
    const code = await run(['--vault', vault, ...args], {
      out: (text) => void (out += text),
      note: (text) => void (notes += text),
      isWatched: false,
      readInput: async () => `${server}\n`,
      clock: systemClock,
      signal: new AbortController().signal,
    });
    return { code, out, notes };
  };
  const json = async (...args: string[]): Promise<{ code: number; value: never }> => {
    const { code, out } = await call(...args, '--json');
    return { code, value: JSON.parse(out) as never };
  };
  return { vault, call, json, set: () => json('remote', 'set', '-', '--db', database) };
}

test('set, once, status, verify and pull, with the shapes and exit codes as they are written', async () => {
  const database = freshDatabase();
  const [ann, ben] = [machine(database), machine(database)];
  await ann.json('insert', 'conversations', '[{"id":"c1","title":"One"},{"id":"c2","title":"Two"}]');
  const set = await ann.set();
  expect(set).toMatchObject({ code: 0, value: { mode: 'mirror', waiting: 2, store_id: null } });
  expect(await ann.json('sync', 'once')).toMatchObject({ code: 0, value: { pushed: 2, pulled: 0, waiting: 0 } });
  const status = await ann.json('sync', 'status');
  expect(status.value).toEqual({
    mode: 'mirror',
    state: 'synced',
    store_id: expect.any(String),
    waiting: 0,
    last_synced_at: expect.any(String),
    last_verified_at: expect.any(String),
    conflicts: 0,
    quarantined: 0,
    collections: { conversations: { local: 2, remote: 2 } },
  });
  await ben.set();
  expect(await ben.json('sync', 'pull')).toMatchObject({ code: 0, value: { pulled: 2 } });
  expect(await ben.json('sync', 'verify')).toEqual({
    code: 0,
    value: {
      equal: true,
      at: expect.any(String),
      store_id: (status.value as { store_id: string }).store_id,
      collections: {
        conversations: {
          local: 2,
          remote: 2,
          checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
          differing: [],
          by: 'contents',
        },
      },
      contents_at: expect.any(String),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
});

test('clashing edits become a conflict that is listed, shown and resolved', async () => {
  const database = freshDatabase();
  const [ann, ben] = [machine(database), machine(database)];
  await ann.json('insert', 'conversations', '{"id":"c","title":"before"}');
  for (const { set, json } of [ann, ben]) {
    await set();
    await json('sync', 'once');
  }
  await ann.json('update', 'conversations', '{"id":"c"}', '{"$set":{"title":"Ann’s"}}');
  await ben.json('update', 'conversations', '{"id":"c"}', '{"$set":{"title":"Ben’s"}}');
  await ann.json('sync', 'once');
  expect(await ben.json('sync', 'once')).toMatchObject({ code: 0, value: { merged: 1, conflicts: 1 } });
  const { value: rows } = await ben.json('conflicts', 'list');
  expect(rows).toMatchObject([{ record_id: 'c', collection: 'conversations', fields: ['title'] }]);
  const id = (rows as { id: string }[])[0]?.id ?? '';
  expect((await ben.call('conflicts', 'show', id)).out).toContain('title: "before"');
  expect(await ben.json('conflicts', 'resolve', id, '--take', 'base')).toMatchObject({ code: 0 });
  expect((await ben.json('get', 'conversations', 'c')).value).toMatchObject({ title: 'before' });
  expect((await ben.call('conflicts', 'resolve', id, '--take', 'all')).code).toBe(2);
  expect(await ben.json('conflicts', 'show', 'nothing')).toMatchObject({
    code: 1,
    value: { error: { code: 'NOT_FOUND' } },
  });
});

test('a fail-safe ends a run with SYNC_NEEDS_DECISION, and a difference ends verify with 1', async () => {
  const database = freshDatabase();
  const ann = machine(database);
  const drafts = Array.from({ length: 30 }, (_, n) => ({ id: `c${n}`, title: `Number ${n}` }));
  await ann.json('insert', 'conversations', JSON.stringify(drafts));
  await ann.set();
  await ann.json('sync', 'backfill');
  const admin = await connect(server, { db: database });
  try {
    await admin.db.dropDatabase();
    const stopped = { code: 1, value: { error: { code: 'SYNC_NEEDS_DECISION' } } };
    expect(await ann.json('sync', 'once')).toMatchObject(stopped);
    expect(await ann.json('sync', 'verify')).toMatchObject(stopped);
    expect((await ann.json('sync', 'status')).value).toMatchObject({ state: 'needs_decision' });
    await ann.json('sync', 'decide', 'mine');
    expect(await ann.json('sync', 'once')).toMatchObject({ code: 0, value: { pushed: 30 } });
  } finally {
    await admin.close();
  }
});

test('beside a running app the app does it', async () => {
  const database = freshDatabase();
  const ann = machine(database);
  const app = await createApp({ vaultPath: ann.vault });
  try {
    await app.vault.collection('conversations').insertOne({ id: 'c', title: 'in the app' });
    expect(await ann.set()).toMatchObject({ code: 0, value: { mode: 'mirror' } });
    expect((await ann.json('sync', 'once')).code).toBe(0);
    expect((await ann.json('sync', 'status')).value).toMatchObject({
      waiting: 0,
      collections: { conversations: { local: 1, remote: 1 } },
    });
    expect(await ann.json('remote', 'unset')).toMatchObject({ code: 0, value: { mode: 'local', state: 'local' } });
  } finally {
    await app.close();
  }
});

test('without an address each command says what to do; the environment gives one for the run', async () => {
  const database = freshDatabase();
  const ann = machine(database);
  await ann.json('insert', 'conversations', '{"id":"c","title":"One"}');
  expect(await ann.json('sync', 'once')).toMatchObject({ code: 1, value: { error: { code: 'SYNC_NOT_CONFIGURED' } } });
  expect((await ann.json('sync', 'status')).value).toMatchObject({ mode: 'local', state: 'local' });
  vi.stubEnv('MONGODB_URL', server);
  vi.stubEnv('MONGODB_DB_NAME', database);
  vi.stubEnv('MEMORY_DUAL_WRITE', 'true');
  expect(await ann.json('sync', 'once')).toMatchObject({ code: 0, value: { pushed: 1 } });
  expect((await ann.json('status')).value).toMatchObject({ mode: 'mirror' });
  expect((await ann.call('sync', 'mode', 'cloud')).code).toBe(2);
});

test('a password is in no output and in no file but the one that keeps it', async () => {
  const ann = machine(freshDatabase());
  await ann.json('insert', 'conversations', '{"id":"c","title":"One"}');
  // Refused at once, where a port that nobody listens at is tried for a while.
  const address = `mongodb://ann:${secret}@${new URL(server).host}/team?authSource=admin`;
  const outcomes = [
    await ann.call('remote', 'test', '--url', address),
    await ann.call('remote', 'set', address),
    await ann.call('sync', 'once'),
    await ann.call('sync', 'status', '--json'),
    await ann.call('remote', 'test', '--json'),
    await ann.call('remote', 'init'),
  ];
  expect(outcomes.map(({ code }) => code)).toEqual([1, 0, 1, 0, 1, 1]);
  expect(JSON.stringify(outcomes)).not.toContain(secret);
  const files = readdirSync(ann.vault, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) {
    expect(readFileSync(join(parentPath, name), 'latin1'), name).not.toContain(secret);
  }
});
