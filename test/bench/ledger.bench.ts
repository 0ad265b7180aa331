import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type CollectionName, registry } from '../../shared/collections/registry.ts';
import { createHybridClock } from '../../main/lib/hlc.ts';
import { createStamper } from '../../main/records/meta.ts';
import type { StoredRecord } from '../../main/records/stored-record.ts';
import { openVault } from '../../main/store/vault.ts';
import type { Vault } from '../../main/store/types.ts';
import { baseOf } from '../../main/sync/base.ts';
import type { SyncStep } from '../../main/sync/ports.ts';

/**
 * What the ledger costs: `npx node --expose-gc test/bench/ledger.bench.ts [messages] [conversations] [steps in a commit]`.
 * A pull into an empty vault, the digests and the dirty set read for the first time, edits, and memory for each base.
 */
const [messages = 90_000, conversations = 10_000, together = 1_000] = process.argv.slice(2).map(Number);
const DAYS = 1_000;
const stamper = createStamper(createHybridClock({ now: () => Date.UTC(2026, 0, 1) }, 'rother'), 'rother');
const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(8);

function version(collection: CollectionName, at: number, fields: Readonly<Record<string, unknown>>): StoredRecord {
  const created_at = new Date(Date.UTC(2023, 0, 1) + (at % DAYS) * 86_400_000 + at).toISOString();
  const id = `${(0x0190_0000 + at).toString(16)}-0000-7000-8000-${at.toString(16).padStart(12, '0')}`;
  const body = registry[collection].schema.parse({ ...fields, created_at, updated_at: created_at });
  return stamper.stamp(registry[collection], { id, ...body } as unknown as StoredRecord);
}

function step(collection: CollectionName, record: StoredRecord): SyncStep {
  return { collection, id: record.id, expected: null, local: { version: record }, base: baseOf(record) };
}

/** As digests ask for them: day by day. */
function* pulled(): Generator<SyncStep> {
  const chatsADay = conversations / DAYS;
  const messagesADay = messages / DAYS;
  for (let day = 0; day < DAYS; day += 1) {
    for (let chat = 0; chat < chatsADay; chat += 1) {
      yield step('conversations', version('conversations', chat * DAYS + day, { title: `Chat ${chat} of ${day}` }));
    }
    for (let said = 0; said < messagesADay; said += 1) {
      const conversation_id = `c${day}-${said % chatsADay}`;
      const fields = { conversation_id, role: 'user', content: TEXT };
      yield step('messages', version('messages', said * DAYS + day, fields));
    }
  }
}

async function timed<T>(label: string, records: number, work: () => Promise<T>): Promise<T> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const ms = performance.now() - started;
  const cpu = process.cpuUsage(before);
  const cpuMs = (cpu.user + cpu.system) / 1000;
  console.log(
    `${label.padEnd(44)} ${ms.toFixed(0).padStart(7)} ms ${((records / ms) * 1000).toFixed(0).padStart(9)} records/s, ${cpuMs.toFixed(0)} ms of processor`,
  );
  return result;
}

function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What it would take without bases: the vault's own inserts. */
async function withoutLedger(batches: readonly (readonly SyncStep[])[]): Promise<void> {
  const other = mkdtempSync(join(tmpdir(), 'almanac-ledger-'));
  const vault = await openVault({ root: other, mode: 'owner', create: true });
  for (const steps of batches) {
    for (const name of ['conversations', 'messages'] as const) {
      const drafts = steps.flatMap(({ collection, local }) =>
        collection === name && local && 'version' in local ? [local.version] : [],
      );
      if (drafts.length > 0) await vault.collection(name).insertMany(drafts as never);
    }
  }
  await vault.close();
  rmSync(other, { recursive: true, force: true });
}

const root = mkdtempSync(join(tmpdir(), 'almanac-ledger-'));
const total = messages + conversations;
try {
  let vault: Vault = await openVault({ root, mode: 'owner', create: true });
  const state = {
    store_id: 's', epoch: 1, resume_token: null, poll_cursor: null, last_synced_at: null, last_full_sync_at: null,
    last_verified_at: null, quarantine: [], decision: null,
  }; // prettier-ignore
  await vault.ledger().commit({ steps: [], state });
  const batches: SyncStep[][] = [[]];
  for (const each of pulled()) {
    if (batches.at(-1)!.length === together) batches.push([]);
    batches.at(-1)!.push(each);
  }
  await timed('pull into an empty vault, files written', total, async () => {
    for (const [at, steps] of batches.entries())
      await vault.ledger().commit({ steps, state: { resume_token: `${at}` } });
    await vault.settleFiles();
  });
  await timed('the same records into a vault without a ledger', total, () => withoutLedger(batches));
  batches.length = 0;
  await vault.close();

  vault = await timed('open', total, () => openVault({ root, mode: 'owner' }));
  const ledger = vault.ledger();
  await timed('dirty records, first time', total, () => ledger.countDirty());
  await timed('digests by month, first time', total, async () => {
    for (const name of ledger.collections) await ledger.digest(name, { by: 'month' });
  });
  await timed('digests by month, again', total, async () => {
    for (const name of ledger.collections) await ledger.digest(name, { by: 'month' });
  });
  await timed('scan of all versions by id', total, async () => {
    for (const name of ledger.collections) for await (const _ of ledger.scan(name)) continue;
  });
  await timed('edits of 100 days’ two first chats', (messages / conversations) * 200, () =>
    vault
      .collection('messages')
      .updateMany(
        { conversation_id: { $in: Array.from({ length: 100 }, (_, at) => [`c${at}-0`, `c${at}-1`]).flat() } },
        { $set: { content: 'edited' } },
      ),
  );
  await timed('compare all bases', total, () => ledger.compare());
  await vault.close();
  console.log(
    `memory ${(memory() / 2 ** 20).toFixed(0)} MB, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}
