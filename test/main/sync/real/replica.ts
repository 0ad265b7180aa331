import { join } from 'node:path';
import { existsSync, readFileSync } from 'node:fs';
import type { Collection, Filter } from '../../../../shared/store/store.ts';
import type { CollectionName } from '../../../../shared/collections/registry.ts';
import { canonicalJson } from '../../../../main/lib/canonical-json.ts';
import { sha256Hex } from '../../../../main/lib/hash.ts';
import { connect } from '../../../../main/remote/connect.ts';
import { createRemotePort } from '../../../../main/remote/remote-port.ts';
import { documentPath } from '../../../../main/store/layout.ts';
import type { Vault } from '../../../../main/store/types.ts';
import { openVault } from '../../../../main/store/vault.ts';
import type { Answer, ClockPort, Decision, Lanes } from '../../../../main/sync/ports.ts';
import type { CycleOptions } from '../../../../main/sync/cycle.ts';
import { Reconciler } from '../../../../main/sync/reconciler.ts';
import { lazyRemote } from '../../../../main/team/lazy-remote.ts';
import { type Doc, fieldsOf, firstFields, valueText, watched } from './docs.ts';

export interface ReplicaSpec {
  /** Of the history. */
  readonly key: string;
  readonly root: string;
  readonly url: string;
  readonly database: string;
  readonly clockMs: number;
  /** Whether the loop runs by itself. */
  readonly isResident: boolean;
  /** How long a server is looked for: briefly while there are faults, patiently afterwards. */
  readonly selectionTimeoutMs: number;
}

/** What a replica has, for the last comparison. */
export interface Dump {
  /** Canonical JSON of records alive, by collection and id; those that stay here are marked. */
  readonly records: Readonly<
    Record<string, Readonly<Record<string, { readonly json: string; readonly stays: boolean }>>>
  >;
  /** By collection and month. */
  readonly digests: Readonly<Record<string, Readonly<Record<string, Lanes>>>>;
  /** SHA-256 of documents' files, by path, of those that the team has. */
  readonly files: Readonly<Record<string, string>>;
  readonly waiting: number;
  readonly quarantined: readonly string[];
  readonly decision: Decision | null;
}

export interface Edited {
  /** Field, what it says now, and what it said before. */
  readonly written: readonly { readonly field: string; readonly value: string; readonly over: string | null }[];
}
export interface Synced {
  readonly outcome: 'done' | 'trouble' | 'decision';
  readonly moved: number;
  readonly why: string;
}

type Records = Collection<Record<string, unknown>>;

/** A whole replica: the vault on disk with its ledger, the reconciler, and the driver's port to a real server. */
export class Replica {
  readonly #vault: Vault;
  readonly #reconciler: Reconciler;
  readonly #close: () => Promise<void>;

  private constructor(spec: ReplicaSpec, vault: Vault) {
    this.#vault = vault;
    const remote = lazyRemote(async () => {
      const { url, database, selectionTimeoutMs } = spec;
      const connection = await connect(url, { db: database, selectionTimeoutMs });
      return createRemotePort(connection, { ownsConnection: true });
    });
    this.#reconciler = new Reconciler({
      local: vault.ledger(),
      remote,
      clock: clockOf(spec),
      random: Math.random,
      newId: () => `store-${spec.key}-${process.pid}-${Math.random().toString(36).slice(2)}`,
    });
    this.#close = () => remote.close();
    if (spec.isResident) this.#reconciler.start();
  }

  static async open(spec: ReplicaSpec): Promise<Replica> {
    const vault = await openVault({ root: spec.root, mode: 'owner', create: true, clock: clockOf(spec) });
    return new Replica(spec, vault);
  }

  /** The collections of histories, as what they have in common. */
  #records(name: CollectionName): Records {
    return this.#vault.collection(name) as unknown as Records;
  }

  /** Makes the record with all of these values, or gives one field its value; what was there is told. */
  async edit(doc: Doc, field: string, values: Readonly<Record<string, string>>): Promise<Edited> {
    const records = this.#records(doc.collection);
    for (;;) {
      const before = await records.findOne({ id: doc.id });
      if (before === null) {
        const draft = { id: doc.id, ...firstFields(doc), ...values };
        if (await isDone(records.insertOne(draft), 'DUPLICATE_KEY'))
          return { written: Object.entries(values).map(([name, value]) => ({ field: name, value, over: null })) };
        continue;
      }
      const value = valueText(values[field] ?? '', before[field]);
      const { matchedCount } = await records.updateOne(same(doc.id, before, [field, 'scope']), {
        $set: { [field]: value },
      });
      if (matchedCount === 1) return { written: [{ field, value, over: textOf(before[field]) }] };
    }
  }

  /** Deletes the record as it is at that moment, which is told; null where there is none. */
  async remove(doc: Doc): Promise<Readonly<Record<string, unknown>> | null> {
    const records = this.#records(doc.collection);
    for (;;) {
      const before = await records.findOne({ id: doc.id });
      if (before === null) return null;
      if ((await records.deleteOne(same(doc.id, before, fieldsOf(doc)))).deletedCount === 1) return before;
    }
  }

  /** Closes a memory to the team, or opens it with new values. */
  async setScope(doc: Doc, scope: string, values: Readonly<Record<string, string>>): Promise<Edited | null> {
    const records = this.#records(doc.collection);
    const before = await records.findOne({ id: doc.id });
    if (before === null || (before['scope'] ?? 'team') === scope) return null;
    const opened = scope === 'team' ? Object.entries(values) : [];
    const written = opened.map(([field, value]) => {
      return { field, value: valueText(value, before[field]), over: textOf(before[field]) };
    });
    const set = Object.fromEntries(written.map(({ field, value }) => [field, value]));
    const filter = same(doc.id, before, [...fieldsOf(doc), 'scope']);
    const { matchedCount } = await records.updateOne(filter, { $set: { scope, ...set } });
    return matchedCount === 1 ? { written } : null;
  }

  async scopeOf(doc: Doc): Promise<string | null> {
    const record = await this.#records(doc.collection).findOne({ id: doc.id });
    return record === null ? null : (textOf(record['scope']) ?? 'team');
  }

  async sync(options: CycleOptions): Promise<Synced> {
    const before = (await this.#reconciler.status()).counts;
    try {
      await this.#reconciler.syncNow(options);
    } catch (error) {
      const { name } = error as Error;
      return { outcome: name === 'NeedsDecision' ? 'decision' : 'trouble', moved: 1, why: causesOf(error) };
    }
    const after = (await this.#reconciler.status()).counts;
    return { outcome: 'done', moved: after.pushed + after.pulled - before.pushed - before.pulled, why: '' };
  }

  /** As a person would, who knows what happened: another database is joined, and one that lost everything is not believed. */
  async decide(): Promise<void> {
    const { decision } = await this.#reconciler.status();
    if (decision === null) return;
    const answer: Answer = decision.kind === 'other-store' ? 'theirs' : 'ours';
    await this.#reconciler.decide(answer);
  }

  async dump(): Promise<Dump> {
    const ledger = this.#vault.ledger();
    const records: Record<string, Record<string, { json: string; stays: boolean }>> = {};
    const digests: Record<string, Readonly<Record<string, Lanes>>> = {};
    const files: Record<string, string> = {};
    for (const collection of watched) {
      const found = await this.#records(collection).find({});
      records[collection] = Object.fromEntries(
        found.map((record) => [
          record.id,
          { json: canonicalJson(record), stays: (record['scope'] ?? 'team') !== 'team' },
        ]),
      );
      digests[collection] = Object.fromEntries(await ledger.digest(collection, { by: 'month' }));
      if (collection === 'messages') continue;
      await this.#vault.settleFiles();
      for (const record of found) {
        if ((record['scope'] ?? 'team') !== 'team') continue;
        const path = join('data', collection, documentPath(record.id, String(record['created_at'])));
        const file = join(this.#vault.root, path);
        // The loop may have taken it away meanwhile.
        if (existsSync(file)) files[path] = sha256Hex(readFileSync(file, 'utf8'));
      }
    }
    const dirty = Object.values(await ledger.countDirty()).reduce((sum, n) => sum + n, 0);
    const state = await ledger.state();
    const quarantined = state?.quarantine.map(({ collection, id, reason }) => `${collection}/${id}: ${reason}`) ?? [];
    return { records, digests, files, waiting: dirty, quarantined, decision: state?.decision ?? null };
  }

  async close(): Promise<void> {
    await this.#reconciler.stop();
    await this.#close();
    await this.#vault.close();
  }
}

/** The record as it was read, as far as these fields go. */
function same(id: string, before: Readonly<Record<string, unknown>>, fields: readonly string[]): Filter {
  const asRead = fields.map((field) => [field, before[field] === undefined ? { $exists: false } : before[field]]);
  return { id, ...Object.fromEntries(asRead) } as Filter;
}

function causesOf(error: unknown): string {
  return error instanceof Error
    ? [error.message, error.cause && causesOf(error.cause)].filter(Boolean).join(' ← ')
    : '';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

async function isDone(work: Promise<unknown>, exceptCode: string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code !== exceptCode) throw error;
    return false;
  }
}

function clockOf({ clockMs }: ReplicaSpec): ClockPort {
  return {
    now: () => Date.now() + clockMs,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        const end = (): void => {
          clearTimeout(timer);
          resolve();
        };
        if (signal?.aborted) end();
        else signal?.addEventListener('abort', end, { once: true });
      }),
  };
}
