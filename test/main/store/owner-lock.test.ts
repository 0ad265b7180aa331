import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hash128 } from '../../../main/lib/hash.ts';
import { silentLog } from '../../../main/lib/log.ts';
import { acquireOwnerLock } from '../../../main/store/owner-lock.ts';
import { openVault } from '../../../main/store/vault.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { type Holder, contestMaking, hold as holdVault, startTogether } from './lock-contest.ts';
import { openTestVault } from './open-test-vault.ts';

/** Another process with the vault, ended with the test. */
function hold(root: string, ...how: readonly 'wait'[]): Holder {
  const holder = holdVault(root, ...how);
  onTestFinished(() => holder.kill('SIGKILL'));
  return holder;
}

async function newVault(): Promise<string> {
  const root = tempFolder();
  await (await openVault({ root, mode: 'owner', create: true })).close();
  return root;
}

test('a second owner is refused, by the name of the first', async () => {
  const root = await newVault();
  const first = hold(root);
  expect(await first.next()).toBe('open');
  const since: unknown = expect.stringMatching(/^\d{4}-.*Z$/);
  await expect(openVault({ root, mode: 'owner' })).rejects.toMatchObject({
    code: 'VAULT_LOCKED',
    message: expect.stringContaining(`process ${first.pid} on ${hostname()}`) as string,
    details: { pid: first.pid, host: hostname(), since },
  });
  // Being refused disturbs nothing.
  first.send('still mine');
  expect(await first.next()).toMatch(/^inserted/);
});

test('the same process is refused too', async () => {
  const vault = await openTestVault(tempFolder());
  await expect(openVault({ root: vault.root, mode: 'owner' })).rejects.toMatchObject({
    code: 'VAULT_LOCKED',
    details: { pid: process.pid },
  });
  expect(vault.owner()).toMatchObject({ pid: process.pid, host: hostname() });
});

test('after a close the next owner opens at once, and nothing of the lock is left', async () => {
  const root = await newVault();
  const first = hold(root);
  await first.next();
  await first.close();
  expect([existsSync(join(root, '_lock')), existsSync(join(root, '_owner.json'))]).toEqual([false, false]);
  await openTestVault(root);
});

test('a killed owner is taken over at once, with all that it was told was kept', async () => {
  const root = await newVault();
  const first = hold(root);
  expect(await first.next()).toBe('open');
  first.send('acknowledged');
  const id = (await first.next()).replace('inserted ', '');
  await first.kill('SIGKILL');
  expect(existsSync(join(root, '_lock'))).toBe(true);
  const startedMs = performance.now();
  const vault = await openTestVault(root);
  // Long before its lock would count as stale, which is after 30 s.
  expect(performance.now() - startedMs).toBeLessThan(25_000);
  expect(await vault.collection('conversations').findOne({ id })).toMatchObject({ title: 'acknowledged' });
});

test('a process that got the dead owner’s pid does not keep the vault locked', async () => {
  const root = await newVault();
  mkdirSync(join(root, '_lock'));
  const dead = {
    nonce: 'n',
    pid: process.pid,
    host: hostname(),
    pidStart: '1',
    bootId: null,
    since: '2020-01-01T00:00:00.000Z',
  };
  writeFileSync(join(root, '_owner.json'), JSON.stringify(dead));
  await openTestVault(root);
});

test('while one takes a dead owner’s lock over, nobody takes it in the moment in which it is gone', async () => {
  const root = await newVault();
  const dead = { nonce: 'n', pid: process.pid, host: hostname(), pidStart: '1', bootId: null, since: '2020-01-01' };
  writeFileSync(join(root, '_owner.json'), JSON.stringify(dead));
  const claim = join(root, `_lock-${hash128('n')}`);
  mkdirSync(claim);
  await expect(openVault({ root, mode: 'owner' })).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  expect(existsSync(join(root, '_lock'))).toBe(false);
  rmdirSync(claim);
  await openTestVault(root);
});

test('an owner on another machine is believed, however dead it looks from here', async () => {
  const root = await newVault();
  mkdirSync(join(root, '_lock'));
  const far = {
    nonce: 'n',
    pid: 4_000_000,
    host: 'elsewhere',
    pidStart: '1',
    bootId: 'x',
    since: '2020-01-01T00:00:00.000Z',
  };
  writeFileSync(join(root, '_owner.json'), JSON.stringify(far));
  await expect(openVault({ root, mode: 'owner' })).rejects.toMatchObject({
    code: 'VAULT_LOCKED',
    details: { pid: 4_000_000, host: 'elsewhere', since: '2020-01-01T00:00:00.000Z' },
  });
});

test('junk that a system put into the lock’s folder does not keep a dead owner alive', async () => {
  const root = await newVault();
  const first = hold(root);
  await first.next();
  await first.kill('SIGKILL');
  writeFileSync(join(root, '_lock', '.DS_Store'), '');
  await openTestVault(root);
});

test('an owner that lost its lock while it slept refuses to write, and leaves the new owner’s lock alone', async () => {
  const root = await newVault();
  const first = hold(root);
  await first.next();
  // What the takeover of a stale lock amounts to.
  const thief = {
    nonce: 'other',
    pid: process.pid,
    host: hostname(),
    pidStart: null,
    bootId: null,
    since: '2026-01-01T00:00:00.000Z',
  };
  writeFileSync(join(root, '_owner.json'), JSON.stringify(thief));
  first.send('too late');
  expect(await first.next()).toBe('VAULT_LOCKED');
  await first.close();
  expect(existsSync(join(root, '_lock'))).toBe(true);
  expect(JSON.parse(readFileSync(join(root, '_owner.json'), 'utf8'))).toEqual(thief);
});

test('a lock’s folder that vanishes under its owner is taken anew, and the owner goes on writing', async () => {
  const warnings: string[] = [];
  const vault = await openTestVault(tempFolder(), {
    acquireLock: (port) => acquireOwnerLock(port, { staleMs: 2_000, updateMs: 1_000 }),
    log: { ...silentLog, warn: (message) => void warnings.push(message) },
  });
  rmdirSync(join(vault.root, '_lock'));
  await expect.poll(() => existsSync(join(vault.root, '_lock')), { timeout: 10_000 }).toBe(true);
  expect(warnings).toEqual(['the vault lock was disturbed']);
  await vault.collection('conversations').insertOne({ id: 'a' });
  await expect(openVault({ root: vault.root, mode: 'owner' })).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  await vault.close();
  expect(existsSync(join(vault.root, '_lock'))).toBe(false);
});

test('of several processes that find a dead owner, one at most becomes the next', async () => {
  let taken = 0;
  for (let round = 0; round < 3; round += 1) {
    const root = await newVault();
    const first = hold(root);
    await first.next();
    await first.kill('SIGKILL');
    const contenders = Array.from({ length: 4 }, () => hold(root, 'wait'));
    const said = await startTogether(contenders);
    const owners = contenders.filter((_, at) => said[at] === 'open');
    expect(said.filter((line) => line !== 'open' && line !== 'VAULT_LOCKED')).toEqual([]);
    expect(owners.length).toBeLessThanOrEqual(1);
    taken += owners.length;
    for (const owner of owners) {
      owner.send('mine');
      expect(await owner.next()).toMatch(/^inserted/);
    }
    await Promise.all(contenders.map((contender) => contender.kill('SIGKILL')));
  }
  expect(taken).toBeGreaterThan(0);
}, 300_000);

test('of several processes that make a vault at the same instant, one has it and the others are told so', async () => {
  await contestMaking(tempFolder(), 2);
}, 300_000);
