import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../main/lib/clock.ts';
import { silentLog } from '../../../main/lib/log.ts';
import type { Vault } from '../../../main/store/types.ts';
import { connect } from '../../../main/remote/connect.ts';
import { createCredentials } from '../../../main/team/credentials.ts';
import { startThread } from '../../../main/team/thread-engine.ts';
import { createModalStore } from '../../../main/team/modal-store.ts';
import { createTeam } from '../../../main/team/team.ts';
import type { Team } from '../../../main/team/types.ts';
import { workerFiles } from '../../../main/app/worker-files.ts';
import { freshDatabase, sharedMongod } from '../../helpers/mongod-shared.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from '../store/open-test-vault.ts';

const url = await sharedMongod('replica-set');
const standalone = await sharedMongod('standalone');

interface Machine {
  readonly vault: Vault;
  readonly team: Team;
}

async function machine(database: string, { isResident = false } = {}): Promise<Machine> {
  const folder = tempFolder();
  const vault = await openTestVault(join(folder, 'vault'));
  const team = createTeam({
    vault,
    clock: systemClock,
    log: silentLog,
    isResident,
    env: { MONGODB_DB_NAME: database },
    credentials: createCredentials({ vaultRoot: vault.root, folder }),
    startEngine: (ports) => startThread({ ...ports, local: vault.ledger(), workerUrl: workerFiles.team }),
  });
  onTestFinished(() => team.close());
  return { vault, team };
}

/** Resolves once the condition holds; asked whenever the vault changes, and now and then. */
async function until(vault: Vault, holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 200);
      const unwatch = vault.watch(() => {
        clearTimeout(timer);
        unwatch();
        resolve();
      });
    });
  }
}

test('two machines become equal through the team’s database, and can prove it', async () => {
  const database = freshDatabase();
  const [ann, ben] = [await machine(database), await machine(database)];
  await ann.vault.collection('conversations').insertOne({ id: 'c1', title: 'by Ann' });
  await ben.vault.collection('conversations').insertOne({ id: 'c2', title: 'by Ben' });
  await ann.vault.collection('messages').insertOne({ id: 'm1', conversation_id: 'c1', role: 'user', content: 'Hello' });
  for (const { team } of [ann, ben]) await team.connect({ url });
  expect(await ann.team.sync()).toMatchObject({ pushed: 2, pulled: 0, waiting: 0 });
  expect(await ben.team.sync()).toMatchObject({ pushed: 1, pulled: 2, waiting: 0 });
  expect(await ann.team.sync()).toMatchObject({ pushed: 0, pulled: 1, waiting: 0 });
  expect(await ann.vault.collection('conversations').findOne({ id: 'c2' })).toEqual(
    await ben.vault.collection('conversations').findOne({ id: 'c2' }),
  );
  const certificate = await ann.team.verify();
  expect(certificate).toMatchObject({
    equal: true,
    collections: {
      conversations: { local: 2, remote: 2, differing: [] },
      messages: { local: 1, remote: 1, differing: [] },
    },
  });
  expect((await ben.team.verify()).collections['conversations']?.checksum).toBe(
    certificate.collections['conversations']?.checksum,
  );
  expect(ann.team.certificate()).toMatchObject({ certificate: { sha256: certificate.sha256 } });
});

test('two edits of one field: one shows, the other waits for a decision and can still win', async () => {
  const database = freshDatabase();
  const [ann, ben] = [await machine(database), await machine(database)];
  await ann.vault.collection('conversations').insertOne({ id: 'c', title: 'before' });
  for (const { team } of [ann, ben]) {
    await team.connect({ url });
    await team.sync();
  }
  await ann.vault.collection('conversations').updateOne({ id: 'c' }, { $set: { title: 'Ann’s' } });
  await ben.vault.collection('conversations').updateOne({ id: 'c' }, { $set: { title: 'Ben’s' } });
  await ann.team.sync();
  await ben.team.sync();
  await ann.team.sync();
  const { rows } = await ann.team.conflicts.list({ state: 'open', offset: 0, limit: 10 });
  expect(rows).toHaveLength(1);
  const [conflict] = rows;
  expect(conflict).toMatchObject({ record_id: 'c', fields: ['title'], base: { title: 'before' } });
  expect(conflict).toMatchObject({ mine: { title: 'Ann’s' }, theirs: { title: 'Ben’s' } });
  expect((await ben.team.conflicts.get(conflict?.id ?? '')).mine).toEqual({ title: 'Ben’s' });
  const shown = async ({ vault }: Machine) => (await vault.collection('conversations').findOne({ id: 'c' }))?.title;
  const winner = await shown(ann);
  const other = winner === 'Ann’s' ? 'theirs' : 'mine';
  await ann.team.conflicts.resolve(conflict?.id ?? '', other);
  await ann.team.sync();
  await ben.team.sync();
  expect(await shown(ben)).toBe(winner === 'Ann’s' ? 'Ben’s' : 'Ann’s');
  expect((await ann.team.conflicts.get(conflict?.id ?? '')).resolution).toBe(other);
  expect((await ben.team.status()).conflicts).toBe(0);
  await ben.team.conflicts.undo(conflict?.id ?? '');
  expect(await shown(ben)).toBe(winner);
});

test('a resident app brings a change to the other machine by itself', async () => {
  const database = freshDatabase();
  const [ann, ben] = [await machine(database, { isResident: true }), await machine(database, { isResident: true })];
  for (const { team } of [ann, ben]) await team.connect({ url });
  await ann.vault.collection('conversations').insertOne({ id: 'c', title: 'new' });
  await until(ben.vault, async () => (await ben.vault.collection('conversations').findOne({ id: 'c' })) !== null);
  await ben.vault.collection('conversations').deleteOne({ id: 'c' });
  await until(ann.vault, async () => (await ann.vault.collection('conversations').findOne({ id: 'c' })) === null);
  await until(ann.vault, async () => (await ann.team.status()).state === 'synced');
});

test('a backfill tells what it did, a pull fills an empty vault, and the mode changes without loss', async () => {
  const database = freshDatabase();
  const [ann, ben] = [await machine(database), await machine(database)];
  const drafts = Array.from({ length: 300 }, (_, n) => ({ id: `c${n}`, title: `Number ${n}` }));
  await ann.vault.collection('conversations').insertMany(drafts);
  await ann.team.connect({ url });
  const phases = new Set<string>();
  const report = await ann.team.backfill({ onProgress: ({ phase }) => phases.add(phase) });
  expect(report).toMatchObject({
    ok: true,
    pushed: 300,
    collections: {
      conversations: { local: 300, remote: 300, differing: [], spot_checks: { checked: 20, equal: 20 } },
    },
  });
  expect(phases).toContain('checking');
  await ben.team.connect({ url });
  expect(await ben.team.pull()).toMatchObject({ pulled: 300 });
  expect(await ben.vault.collection('conversations').count()).toBe(300);

  await ann.team.setMode('local');
  await ann.vault.collection('conversations').updateOne({ id: 'c1' }, { $set: { title: 'changed while local' } });
  await ann.vault.collection('conversations').deleteOne({ id: 'c2' });
  await ann.team.setMode('remote');
  expect(await ann.team.sync()).toMatchObject({ pushed: 2, waiting: 0 });
  await ben.team.sync();
  expect((await ben.vault.collection('conversations').findOne({ id: 'c1' }))?.title).toBe('changed while local');
  expect(await ben.vault.collection('conversations').count()).toBe(299);
});

test('an emptied server stops everything until a person has decided', async () => {
  const database = freshDatabase();
  const ann = await machine(database);
  await ann.vault.collection('conversations').insertMany(Array.from({ length: 30 }, (_, n) => ({ title: `N ${n}` })));
  await ann.team.connect({ url });
  await ann.team.sync();
  const { connect } = await import('../../../main/remote/connect.ts');
  const admin = await connect(url, { db: database });
  await admin.db.dropDatabase();
  await admin.close();
  await expect(ann.team.sync()).rejects.toMatchObject({ code: 'SYNC_NEEDS_DECISION' });
  expect(await ann.team.status()).toMatchObject({ state: 'needs_decision', decision: { kind: 'empty-server' } });
  expect(await ann.vault.collection('conversations').count()).toBe(30);
  await ann.team.decide('mine');
  expect(await ann.team.sync()).toMatchObject({ pushed: 30 });
  expect((await ann.team.verify()).equal).toBe(true);
});

test('the preview names what would leave and what never does', async () => {
  const ann = await machine(freshDatabase());
  await ann.vault.collection('conversations').insertOne({ title: 'A harbour' });
  const { collections, kept } = await ann.team.preview();
  expect(collections).toEqual([
    { collection: 'conversations', records: 1, bytes: expect.any(Number), examples: ['A harbour'] },
  ]);
  expect(kept).toEqual([]);
  expect(await ann.team.days(new Date().getUTCFullYear())).toMatchObject([{ records: 1, state: 'waiting' }]);
});

test('without an address everything that needs one says so; a server that is away is told in words', async () => {
  const ann = await machine(freshDatabase());
  await expect(ann.team.sync()).rejects.toMatchObject({ code: 'SYNC_NOT_CONFIGURED' });
  await expect(ann.team.setMode('mirror')).rejects.toMatchObject({ code: 'SYNC_NOT_CONFIGURED' });
  const address = 'mongodb://ann:very-secret@127.0.0.1:1/';
  const tried = await ann.team.test({ url: address });
  expect(tried).toMatchObject({ ok: false, problem: { code: 'REMOTE_REFUSED' } });
  expect(JSON.stringify([tried, await ann.team.connect({ url: address })])).not.toContain('very-secret');
  await expect(ann.team.sync()).rejects.toMatchObject({ code: 'REMOTE_REFUSED' });
  const status = await ann.team.status();
  expect(status).toMatchObject({ state: 'offline', trouble: { code: 'REMOTE_REFUSED' } });
  expect(JSON.stringify([status, ann.team.events()])).not.toContain('very-secret');
  expect(await ann.team.disconnect()).toMatchObject({ mode: 'local', server: null });
});

test('in mode remote reads come from the server, but for what waits here and while it is away', async () => {
  const database = freshDatabase();
  const ann = await machine(database, { isResident: true });
  await ann.vault.collection('conversations').insertOne({ id: 'c', title: 'here' });
  await ann.team.connect({ url }, 'remote');
  await until(ann.vault, async () => (await ann.team.reads.remote('conversations')) !== null);
  const title = async (): Promise<string | undefined> =>
    (await createModalStore(ann.vault, ann.team.reads).collection('conversations').findOne({ id: 'c' }))?.title;
  expect(await title()).toBe('here');
  // Nothing else is to be sent while the next edit waits.
  await ann.team.setMode('local');
  await ann.vault.collection('conversations').updateOne({ id: 'c' }, { $set: { title: 'not sent yet' } });
  expect(await ann.team.reads.remote('conversations')).toBeNull();
  expect(await title()).toBe('not sent yet');
});

test('what comparing finds to be sent is sent before a sync says that it is done', async () => {
  const database = freshDatabase();
  const { vault, team } = await machine(database);
  for (const id of ['c1', 'c2']) await vault.collection('conversations').insertOne({ id, title: id });
  // Without change streams nobody tells of a deletion: only the comparison at a round's end finds that one is missing.
  await team.connect({ url: standalone });
  await team.sync();
  const other = await connect(standalone, { db: database });
  onTestFinished(() => other.close());
  const chats = other.db.collection('conversations');
  await chats.deleteOne({ _id: 'c1' as never });
  expect(await team.sync()).toMatchObject({ pushed: 1, waiting: 0 });
  expect(await chats.countDocuments({ _id: 'c1' as never })).toBe(1);
});
