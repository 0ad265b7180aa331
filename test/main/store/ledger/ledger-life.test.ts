import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { applyRetention } from '../../../../main/store/retention/retention.ts';
import type { Vault } from '../../../../main/store/types.ts';
import { runtime_snapshots } from '../../../../shared/collections/runtime_snapshots.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openTestVault } from '../open-test-vault.ts';
import { openTroubled } from '../troubled-vault.ts';
import { adopt, chat, foreign, message, newState, pushAll, stateOf } from './ledger-bench.ts';

async function connected(root: string): Promise<Vault> {
  const vault = await openTestVault(root);
  await vault.ledger().commit({ steps: [], state: newState });
  return vault;
}

test('what the disk refuses to keep is not known either, and is known once it comes again', async () => {
  const { vault, onCall, probe } = await openTroubled(tempFolder());
  const ledger = vault.ledger();
  const record = chat('a');
  await ledger.commit({ steps: [adopt('conversations', record)], state: newState });
  await ledger.digest('conversations', { by: 'month' });
  const next = foreign('conversations', { id: 'a', title: 'Next' }, record._meta);
  const commit = { steps: [adopt('conversations', next, record._meta.rev)], state: { resume_token: 't' } };
  await vault.settleFiles();
  onCall((name) => (name === 'openAppend' || name === 'replaceFile' ? 'ENOSPC' : undefined));
  const digest = await ledger.digest('conversations', { day: '2026-02-21' });
  // The segment that is open may still take an entry or two.
  let refused: unknown;
  for (let tries = 0; refused === undefined && tries < 20; tries += 1) {
    refused = await ledger.commit({ steps: [], state: { resume_token: `${tries}` } }).then(
      () => vault.settleFiles().catch((error: unknown) => error),
      (error: unknown) => error,
    );
  }
  expect(refused).toMatchObject({ code: 'DISK_FULL' });
  const token = (await ledger.state())?.resume_token;
  await ledger.commit(commit).catch((error: unknown) => expect(error).toMatchObject({ code: 'DISK_FULL' }));
  onCall(undefined);
  await probe();
  const state = await stateOf(ledger, 'conversations', 'a');
  expect(state.base!.rev).toBe(state.local!._meta.rev);
  if (state.local!._meta.rev === record._meta.rev) {
    expect(await ledger.digest('conversations', { day: '2026-02-21' })).toEqual(digest);
    expect((await ledger.state())?.resume_token).toBe(token);
    await ledger.commit(commit);
  }
  expect(await stateOf(ledger, 'conversations', 'a')).toMatchObject({ local: next, base: { rev: next._meta.rev } });
  expect((await ledger.state())?.resume_token).toBe('t');
  expect(await ledger.dirty('conversations', 10)).toEqual([]);
});

test('an edit with any editor keeps the version that the team has', async () => {
  const vault = await connected(tempFolder());
  const edits = await vault.watchFiles({ delays: { keepMs: 1 } });
  const created_at = new Date().toISOString();
  const record = foreign('conversations', { id: 'a', title: 'before', created_at });
  await vault.ledger().commit({ steps: [adopt('conversations', record)] });
  await vault.settleFiles();
  const kept = join(vault.root, '_good/conversations', `${created_at.slice(0, 10)}.gz`);
  await vi.waitFor(() => expect(existsSync(kept)).toBe(true), 25_000);
  await edits!.idle();
  const [file] = [...vault.files(['conversations'])];
  const path = join(vault.root, file!.path);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"before"', '"by hand"'));
  edits!.hint({ collection: 'conversations', path: file!.path.split('/').slice(2).join('/') });
  await vi.waitFor(async () => expect(await vault.ledger().dirty('conversations', 10)).toEqual(['a']), 25_000);
  expect(await stateOf(vault.ledger(), 'conversations', 'a')).toMatchObject({
    local: { title: 'by hand', _meta: { by: { external: true } } },
    base: { rev: record._meta.rev },
    baseRecord: record,
  });
}, 60_000);

test('a file that was changed while nobody watched is a version of its own before anybody hears of it', async () => {
  const root = tempFolder();
  const vault = await connected(root);
  const record = chat('a');
  await vault.ledger().commit({ steps: [adopt('conversations', record)] });
  await vault.settleFiles();
  const path = join(root, [...vault.files(['conversations'])][0]!.path);
  await vault.close();
  writeFileSync(path, readFileSync(path, 'utf8').replace('"title": "a"', '"title": "by hand"'));

  const again = await openTestVault(root);
  const next = foreign('conversations', { id: 'a', title: 'Theirs' }, record._meta);
  const blind = await again.ledger().commit({ steps: [adopt('conversations', next, record._meta.rev)] });
  expect(blind.moved).toEqual([{ collection: 'conversations', id: 'a' }]);
  expect(await again.ledger().compare()).toBe(0);
  expect(await again.ledger().dirty('conversations', 10)).toEqual(['a']);
  const { local, base, baseRecord } = await stateOf(again.ledger(), 'conversations', 'a');
  expect(local).toMatchObject({ title: 'by hand', _meta: { anc: [record._meta.rev], by: { external: true } } });
  expect(base).toMatchObject({ rev: record._meta.rev });
  // Its file no longer has it, though it says so.
  expect(baseRecord).toBeNull();
});

test('records that are put away by retention are deleted for the team too', async () => {
  const vault = await connected(tempFolder());
  const old = { snapshot_id: 's', active_runs: [], created_at: '2020-01-01T00:00:00.000Z' };
  await vault.collection('runtime_snapshots').insertOne({ id: 's', ...old });
  await pushAll(vault.ledger());
  await applyRetention({ vault, definitions: [runtime_snapshots], clock: { now: () => Date.now() } });
  expect(await stateOf(vault.ledger(), 'runtime_snapshots', 's')).toMatchObject({
    local: { _meta: { del: true } },
    baseRecord: old,
  });
  expect(await vault.ledger().dirty('runtime_snapshots', 10)).toEqual(['s']);
});

test('files that went back to an earlier version are found by a comparison, as after a rebuild', async () => {
  const root = tempFolder();
  const vault = await connected(root);
  const record = chat('a');
  await vault.ledger().commit({ steps: [adopt('conversations', record), adopt('messages', message('m', 'c'))] });
  await vault.settleFiles();
  const path = join(root, [...vault.files(['conversations'])][0]!.path);
  const earlier = readFileSync(path);
  const next = foreign('conversations', { id: 'a', title: 'Next' }, record._meta);
  await vault.ledger().commit({ steps: [adopt('conversations', next, record._meta.rev)] });
  await vault.close();
  writeFileSync(path, earlier);
  rmSync(join(root, [...vaultFilesOf(root)][0]!));

  const again = await openTestVault(root);
  await again.rebuild();
  expect(await again.ledger().dirty('conversations', 10)).toEqual(['a']);
  expect(await stateOf(again.ledger(), 'conversations', 'a')).toMatchObject({
    local: record,
    base: { rev: next._meta.rev },
  });
  // A record that vanished without a deletion is not the server's any more, as far as we know: it comes back.
  expect(await stateOf(again.ledger(), 'messages', 'm')).toEqual({ local: null, base: null, baseRecord: null });
  expect(await again.ledger().dirty('messages', 10)).toEqual([]);
  expect(await again.ledger().compare()).toBe(0);
});

function* vaultFilesOf(root: string): Generator<string> {
  const day = message('m', 'c').created_at.slice(0, 10).replaceAll('-', '/');
  yield join('data/messages', day, 'c.ndjson').replace(root, '');
}

test('a ledger that was lost is made anew: everything is dirty, and equal versions meet again', async () => {
  const root = tempFolder();
  const vault = await connected(root);
  await vault.ledger().commit({ steps: [adopt('conversations', chat('a'))] });
  await vault.close();
  rmSync(join(root, 'data/sync_bases'), { recursive: true });
  rmSync(join(root, 'data/sync_state'), { recursive: true });
  const again = await openTestVault(root);
  const ledger = again.ledger();
  expect(await ledger.state()).toBeNull();
  expect(await ledger.dirty('conversations', 10)).toEqual(['a']);
  await ledger.commit({ steps: [], state: newState });
  await pushAll(ledger);
  expect(await ledger.countDirty()).toMatchObject({ conversations: 0 });
});

test('a second process reads what is known, and changes nothing', async () => {
  const root = tempFolder();
  const vault = await connected(root);
  const record = chat('a');
  await vault.ledger().commit({ steps: [adopt('conversations', record)] });
  const reader = await openTestVault(root, { mode: 'reader' });
  expect(await stateOf(reader.ledger(), 'conversations', 'a')).toMatchObject({
    local: record,
    base: { rev: record._meta.rev },
  });
  expect(await reader.ledger().state()).toEqual(newState);
  await expect(reader.ledger().commit({ steps: [], state: { epoch: 2 } })).rejects.toMatchObject({
    code: 'VAULT_READ_ONLY',
  });
});

test('many versions in one commit are all there, in any order of arrival', async () => {
  const root = tempFolder();
  const vault = await connected(root);
  const records = Array.from({ length: 3_000 }, (_, at) => message(`m${(at * 7) % 3_000}`, `c${at % 9}`));
  for (let start = 0; start < 3_000; start += 1_000) {
    await vault
      .ledger()
      .commit({ steps: records.slice(start, start + 1_000).map((record) => adopt('messages', record)) });
  }
  await vault.close();
  const again = await openTestVault(root);
  expect(await again.collection('messages').count()).toBe(3_000);
  expect(await again.ledger().countDirty()).toMatchObject({ messages: 0 });
  expect([...(await again.ledger().digest('messages', { by: 'month' })).values()][0]!.n).toBe(3_000);
  const scanned: string[] = [];
  for await (const some of again.ledger().scan('messages')) scanned.push(...some.map(({ id }) => id));
  expect(scanned).toEqual(records.map(({ id }) => id).sort());
});
