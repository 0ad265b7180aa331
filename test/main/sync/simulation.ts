import { createHash } from 'node:crypto';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import { isSameJson } from '../../../main/lib/canonical-json.ts';
import type { StoredRecord } from '../../../main/records/stored-record.ts';
import { addLanes, lanesOf, noLanes, sameLanes } from '../../../main/sync/lanes.ts';
import { descends } from '../../../main/sync/lineage.ts';
import { type Push, type RemotePort, RemoteTrouble, type SyncCommit } from '../../../main/sync/ports.ts';
import { Rounds } from '../../../main/sync/rounds.ts';
import { type Limits, NeedsDecision } from '../../../main/sync/session.ts';
import { FakeVault } from './fake-local.ts';
import { createFakeRemote, type Link, type Operation } from './fake-remote.ts';
import { FakeServer } from './fake-server.ts';
import { type Dice, dice } from './sim-random.ts';
import { Values } from './sim-values.ts';
import { T0 } from './versions.ts';

/** A violation of one of the invariants of reliability.md §3.12; the seed says how to see it again. */
export class Violation extends Error {
  override readonly name = 'Violation';
}
class Crash extends Error {
  override readonly name = 'Crash';
}

interface Doc {
  readonly collection: CollectionName;
  readonly id: string;
  readonly created_at: string;
}
const TEXT_FIELDS = ['text', 'tenant', 'domain'] as const;
const CONTENT_FIELDS: Partial<Record<CollectionName, readonly string[]>> = {
  memories: TEXT_FIELDS,
  conversations: ['title', 'workspace'],
  messages: ['content', 'model'],
};

/** What may happen in a history; drawn by its seed. */
export interface Shape {
  readonly replicas: number;
  readonly docs: number;
  readonly commands: number;
  readonly streams: boolean;
  /** Lost and doubled calls, crashes, partitions. */
  readonly faults: boolean;
  /** What the stream alone cannot make good: lost history, stale listings, restores, hard deletes, damaged sums. */
  readonly losses: boolean;
  /** The stream's history alone is lost. */
  readonly forgets: boolean;
  readonly foreign: boolean;
  readonly poison: boolean;
  readonly privacy: boolean;
  /** Whether rounds may compare everything though nothing asks for it, and the last ones do. */
  readonly digests: boolean;
  /** What is drawn by a die of its own, so that seeds keep what they were before it was. */
  readonly extras: Extras;
}

export interface Extras {
  /** Records with unique keys that collide. */
  readonly keys: boolean;
  /** Records that are too large for the server. */
  readonly oversize: boolean;
  /** The team goes on to a newer schema, and its server lets older apps only read, or not even that. */
  readonly upgrades: boolean;
  /** At the address another database answers. */
  readonly switches: boolean;
  /** Half a year passes, and the server sweeps up its tombstones. */
  readonly sweeps: boolean;
}
export const noExtras: Extras = { keys: false, oversize: false, upgrades: false, switches: false, sweeps: false };

export function extrasOf(seed: number, { losses, digests }: Pick<Shape, 'losses' | 'digests'>): Extras {
  const random = dice(seed ^ 0x0e87a5);
  return {
    keys: random.chance(0.2),
    oversize: random.chance(0.2),
    // What an app may not read it does not hear of: the one that may compares everything when it begins.
    upgrades: random.chance(0.2) && digests,
    // What is on no side any more cannot be found without comparing.
    switches: random.chance(0.3) && losses,
    // Together with what a server loses by accident, nobody could tell what was deleted.
    sweeps: random.chance(0.3) && !losses && digests,
  };
}

export function shapeOf(random: Dice): Omit<Shape, 'extras'> {
  const losses = random.chance(0.45);
  const forgets = !losses && random.chance(0.3);
  return {
    replicas: 2 + (random.chance(0.5) ? 0 : random.below(4)),
    docs: 1 + random.below(6),
    commands: 10 + random.below(random.chance(0.3) ? 70 : 30),
    streams: random.chance(0.7),
    faults: random.chance(0.7),
    losses,
    forgets,
    foreign: random.chance(0.4),
    poison: random.chance(0.2),
    privacy: random.chance(0.2),
    digests: losses || (!forgets && random.chance(0.5)),
  };
}

interface Replica {
  readonly name: string;
  readonly vault: FakeVault;
  readonly clock: { skewMs: number; now(): number };
  rounds: Rounds | null;
  cutOff: boolean;
  busy: boolean;
}

export interface HistoryReport {
  readonly rounds: number;
  readonly conflicts: number;
  readonly trace: string;
}

/** One history: random commands and faults, then peace, then the invariants. Throws Violation. */
export async function runHistory(seed: number, extras?: Extras): Promise<HistoryReport> {
  const shape = shapeOf(dice(seed ^ 0x5eed));
  return new Simulation(seed, { ...shape, extras: extras ?? extrasOf(seed, shape) }).run();
}

const TRANSIENT = new RemoteTrouble('transient', 'injected');

class Simulation {
  readonly #random: Dice;
  /** For what `extras` draws. */
  readonly #more: Dice;
  readonly #shape: Shape;
  readonly #server: FakeServer;
  readonly #replicas: Replica[];
  readonly #docs: Doc[];
  readonly #values = new Values();
  readonly #trace = createHash('sha256');
  /** Small, so that several batches are under way in so small a world. */
  readonly #limits: Limits;
  /** Whether rounds read the history of changes up to the moment, as a certificate wants it. */
  readonly #followsHistory: boolean;
  #nowMs = T0;
  #depth = 0;
  #peace = false;
  /** The server lost or forgot something: ancestors are no longer a proof. */
  #wentBack = false;
  #late: (() => void)[] = [];
  #backup: ReturnType<FakeServer['backup']> | null = null;
  #otherServer = new FakeServer(() => T0).backup();
  /** What each replica was last told about the server's rules. */
  readonly #told = new Map<string, FakeServer['store']>();
  #deleted = new Set<string>();
  #sawStale = false;
  /** Some app was not allowed to read a collection, and so remembers more than it has heard. */
  #wasHidden = false;

  constructor(seed: number, shape: Shape) {
    this.#random = dice(seed);
    this.#more = dice(seed ^ 0x0a11);
    this.#shape = shape;
    this.#followsHistory = (seed & 4) !== 0;
    // In some, batches end by their size, too.
    const bytes = (seed & 56) === 40 ? 1_500 : 1_000_000;
    this.#limits = { records: [500, 1, 2, 3][seed & 3] ?? 500, bytes };
    this.#server = new FakeServer(() => this.#nowMs);
    this.#server.streams = shape.streams;
    this.#server.validator = (record) => {
      // What is kept of it in a conflict is smaller.
      return record['losing_rev'] === undefined && JSON.stringify(record).includes('"huge') ? 'too large' : null;
    };
    this.#server.onCommit = ({ collection, before, after }) => this.#checkCommit(collection, before, after);
    this.#docs = Array.from({ length: shape.docs }, (_, at) => ({
      collection: this.#random.pick(['memories', 'memories', 'conversations', 'messages'] as const),
      id: `d${at}`,
      created_at: new Date(T0 - this.#random.below(4) * 86_400_000).toISOString(),
    }));
    this.#replicas = Array.from({ length: shape.replicas }, (_, at) => this.#newReplica(`r${at}`));
  }

  #newReplica(name: string): Replica {
    const clock = { skewMs: 0, now: (): number => this.#nowMs + clock.skewMs };
    return { name, clock, vault: new FakeVault(name, clock), rounds: null, cutOff: false, busy: false };
  }

  #say(text: string): void {
    this.#trace.update(`${text}\n`);
    // ALMANAC_SYNC_TRACE=1 shows what happened.
    if (process.env['ALMANAC_SYNC_TRACE'] !== undefined) process.stdout.write(`${text}\n`);
  }

  async run(): Promise<HistoryReport> {
    for (let at = 0; at < this.#shape.commands; at += 1) {
      this.#nowMs += 1 + this.#random.below(2_000);
      this.#extra();
      await this.#command();
    }
    const rounds = await this.#bringPeace();
    this.#checkEnd();
    await this.#checkQuiet();
    for (const { rounds: open } of this.#replicas) open?.drop();
    const conflicts = this.#replicas[0]?.vault.rows.get('conflicts')?.size ?? 0;
    return { rounds, conflicts, trace: this.#trace.digest('hex') };
  }

  // Commands

  async #command(): Promise<void> {
    const { losses, forgets, foreign, poison, privacy, faults } = this.#shape;
    const r = this.#random.below(100);
    if (r < 34) this.#edit();
    else if (r < 40) this.#remove();
    else if (r < 72) await this.#sync(this.#random.pick(this.#replicas));
    else if (r < 76) this.#nowMs += this.#random.below(600_000);
    else if (r < 79) this.#jumpClock();
    else if (r < 82 && faults) this.#restart(this.#random.pick(this.#replicas));
    else if (r < 84 && faults) this.#togglePartition();
    else if (r < 86) this.#landLate();
    else if (r < 90 && foreign) this.#foreignWrite();
    else if (r < 92 && poison) this.#togglePoison();
    else if (r < 95 && privacy) this.#flipScope();
    else if (losses) this.#loseSomething();
    else if (forgets && r < 98) this.#server.loseHistory();
  }

  /** Between two commands, in histories that have more than the first ones had. */
  #extra(): void {
    const { keys, oversize, upgrades, switches, sweeps } = this.#shape.extras;
    const r = this.#more.below(100);
    if (r < 12 && keys) this.#setKey();
    else if (r < 20 && oversize) this.#grow();
    else if (r < 28 && upgrades) this.#setRules(this.#more.pick([1, 2]), this.#more.pick([1, 1, 2]));
    else if (r < 32 && switches) this.#switchServer();
    else if (r < 35 && sweeps) this.#sweep();
  }

  #pickRecord(collection: CollectionName): readonly [Replica, Doc, StoredRecord] | null {
    const replica = this.#more.pick(this.#replicas);
    const docs = this.#docs.filter((doc) => doc.collection === collection);
    const doc = docs.length > 0 ? this.#more.pick(docs) : null;
    const record = doc && this.#visible(replica, doc);
    return record === null || doc === null ? null : [replica, doc, record];
  }

  /** Few keys for few records: they collide. A vault itself refuses a second one. */
  #setKey(): void {
    const picked = this.#pickRecord('conversations');
    if (picked === null) return;
    const [{ name, vault }, { id }] = picked;
    const lookup_key = `slack:U${this.#more.below(2)}`;
    const taken = [...(vault.rows.get('conversations') ?? [])];
    if (taken.some(([other, { record }]) => other !== id && record?.['lookup_key'] === lookup_key)) return;
    vault.edit('conversations', id, { lookup_key });
    this.#say(`key ${name} ${id} ${lookup_key}`);
  }

  #grow(): void {
    const picked = this.#pickRecord('memories');
    if (picked === null) return;
    const [{ name, vault }, { id }, { scope, domain }] = picked;
    if (scope === 'private' || scope === 'device') return;
    vault.edit('memories', id, { domain: this.#values.write(`memories/${id}`, 'domain', name, domain, 'huge') });
    this.#say(`grow ${name} ${id}`);
  }

  /** As an administrator who brings the team to another version. */
  #setRules(min_writer: number, min_reader: number): void {
    const { store } = this.#server;
    if (store === null) return;
    const collections = { ...store.collections, memories: { sv: 2, min_reader, min_writer } };
    this.#server.store = { ...store, collections };
    this.#wasHidden ||= min_reader > 1;
    this.#say(`rules ${min_writer} ${min_reader}`);
  }

  #switchServer(): void {
    const here = this.#server.backup();
    const there = this.#otherServer;
    this.#loseOnServer(() => this.#server.restore(there));
    this.#otherServer = here;
    this.#say('switch');
  }

  #sweep(): void {
    this.#nowMs += 200 * 86_400_000;
    // Who brings back what was swept up begins its history anew.
    this.#wentBack = true;
    this.#server.sweep(this.#nowMs - 180 * 86_400_000);
    this.#say('sweep');
  }

  #visible(replica: Replica, { collection, id }: Doc): StoredRecord | null {
    return replica.vault.get(collection, id);
  }

  #edit(replica = this.#random.pick(this.#replicas), doc = this.#random.pick(this.#docs)): void {
    const before = this.#visible(replica, doc);
    const isSecret = before !== null && isClosed(before);
    const fields = CONTENT_FIELDS[doc.collection] ?? [];
    const chosen = before === null ? fields : [this.#random.pick(fields)];
    const key = `${doc.collection}/${doc.id}`;
    const prefix = isSecret ? 'secret' : 'v';
    const written = chosen.map((name) => [name, this.#values.write(key, name, replica.name, before?.[name], prefix)]);
    const extra = before === null ? this.#firstFields(doc) : this.#moreFields(before);
    replica.vault.edit(doc.collection, doc.id, { ...extra, ...Object.fromEntries(written) });
    this.#say(`edit ${replica.name} ${key} ${JSON.stringify(written)}`);
  }

  #firstFields({ collection, created_at }: Doc): Readonly<Record<string, unknown>> {
    if (collection === 'memories') return { created_at, type: 'USER_FACT', confidence: 0.8 };
    if (collection === 'messages') return { created_at, conversation_id: 'c1', role: 'user' };
    return { created_at, kind: 'chat', tags: [], pinned: false, archived: false };
  }

  /** Now and then a counter or a list as well. */
  #moreFields(before: StoredRecord): Readonly<Record<string, unknown>> {
    if (before['type'] === undefined || this.#random.chance(0.7)) return {};
    const count = typeof before['recall_count'] === 'number' ? before['recall_count'] : 0;
    const merged = Array.isArray(before['merged_from']) ? (before['merged_from'] as unknown[]) : [];
    return { recall_count: count + 1, merged_from: [...merged, `x${this.#random.below(9)}`] };
  }

  #remove(): void {
    const replica = this.#random.pick(this.#replicas);
    const doc = this.#random.pick(this.#docs);
    const before = this.#visible(replica, doc);
    if (before === null) return;
    this.#supersedeAll(before);
    this.#deleted.add(`${doc.collection}/${doc.id}`);
    replica.vault.remove(doc.collection, doc.id);
    this.#say(`remove ${replica.name} ${doc.id}`);
  }

  #supersedeAll(record: Readonly<Record<string, unknown>>): void {
    for (const value of Object.values(record)) this.#values.supersede(value);
  }

  #jumpClock(): void {
    const replica = this.#random.pick(this.#replicas);
    replica.clock.skewMs = (this.#random.below(23) - 11) * 3_600_000;
  }

  #restart(replica: Replica): void {
    if (replica.busy) return;
    replica.rounds?.drop();
    replica.rounds = null;
  }

  #togglePartition(): void {
    const replica = this.#random.pick(this.#replicas);
    replica.cutOff = !replica.cutOff;
  }

  #landLate(): void {
    const at = this.#random.below(this.#late.length + 1);
    this.#late.splice(at, 1)[0]?.();
  }

  #flipScope(): void {
    const replica = this.#random.pick(this.#replicas);
    const doc = this.#docs.find(({ collection }) => collection === 'memories');
    const before = doc && this.#visible(replica, doc);
    if (doc === undefined || before == null) return;
    const isPrivate = isClosed(before);
    const key = `${doc.collection}/${doc.id}`;
    const opened = isPrivate
      ? TEXT_FIELDS.map((name) => [name, this.#values.write(key, name, replica.name, before[name])] as const)
      : [];
    // What the team had is withdrawn: as if deleted.
    if (!isPrivate) this.#deleted.add(key);
    replica.vault.edit(doc.collection, doc.id, {
      scope: isPrivate ? 'team' : this.#more.pick(['private', 'device']),
      ...Object.fromEntries(opened),
    });
    this.#say(`scope ${replica.name} ${doc.id} ${isPrivate ? 'team' : 'private'}`);
  }

  #foreignWrite(): void {
    const doc = this.#random.pick(this.#docs);
    const key = `${doc.collection}/${doc.id}`;
    const held = this.#server.table(doc.collection).get(doc.id);
    const fields = CONTENT_FIELDS[doc.collection] ?? [];
    const now = new Date(this.#nowMs).toISOString();
    if (held === undefined || held.poison !== undefined || (held.doc['_meta'] as { del?: true } | undefined)?.del) {
      if (held !== undefined) return;
      const written = fields.map((name) => [name, this.#values.write(key, name, 'other', null)]);
      this.#excuseReplaced(doc);
      const doc1 = { ...this.#firstFields(doc), id: doc.id, updated_at: now, ...Object.fromEntries(written) };
      this.#server.foreignPut(doc.collection, doc1);
    } else if (this.#random.chance(0.2)) {
      if (this.#wentBack) this.#excuseReplaced(doc);
      const { _meta, ...rest } = held.doc;
      const name = this.#random.pick(fields);
      const value = this.#values.write(key, name, 'other', held.doc[name]);
      this.#server.foreignPut(doc.collection, { ...rest, id: doc.id, updated_at: now, [name]: value });
      this.#wentBack = true;
    } else {
      const name = this.#random.pick(fields);
      const value = this.#values.write(key, name, 'other', held.doc[name]);
      const dated = this.#random.chance(0.5) ? { updated_at: now } : {};
      this.#server.foreignEdit(doc.collection, doc.id, { [name]: value, ...dated });
    }
    this.#say(`foreign ${key} ${JSON.stringify(this.#server.table(doc.collection).get(doc.id)?.doc)}`);
  }

  /** A document that the server has lost and another program makes anew cannot be told from one that it replaced. */
  #excuseReplaced(doc: Doc): void {
    for (const { vault } of this.#replicas) {
      const { record, base } = vault.row(doc.collection, doc.id);
      if (base !== null && record !== null) for (const value of deepStrings(record)) this.#values.excuse(value);
    }
  }

  #togglePoison(): void {
    const doc = this.#random.pick(this.#docs);
    const held = this.#server.table(doc.collection).get(doc.id);
    if (held === undefined) return;
    if (held.poison === undefined) this.#server.poison(doc.collection, doc.id);
    else this.#server.cure(doc.collection, doc.id);
  }

  #loseSomething(): void {
    const doc = this.#random.pick(this.#docs);
    const what = this.#random.below(6);
    this.#say(`lose ${what} ${doc.id}`);
    switch (what) {
      case 0:
        this.#server.loseHistory();
        return;
      case 1:
        this.#backup = this.#server.backup();
        return;
      case 2:
        if (this.#backup !== null) this.#loseOnServer(() => this.#server.restore(this.#backup as never));
        return;
      case 3:
        this.#loseOnServer(() => this.#server.remove(doc.collection, doc.id));
        return;
      case 4:
        this.#server.corruptLanes(doc.collection, doc.id);
        return;
      default:
        this.#server.snapshot();
    }
  }

  /** What no vault has seen cannot come back. */
  #loseOnServer(lose: () => void): void {
    this.#wentBack = true;
    const inVaults = new Set(this.#replicas.flatMap(({ vault }) => [...stringsOf(vault)]));
    for (const table of this.#server.data.values()) {
      for (const { doc } of table.values()) {
        for (const value of deepStrings(doc)) if (!inVaults.has(value)) this.#values.excuse(value);
      }
    }
    // Nor what is on its way, and had been deleted by somebody who has not heard of it.
    lose();
    this.#say('lost');
  }

  // Rounds

  async #sync(replica: Replica, digest = this.#shape.digests && this.#random.chance(0.2)): Promise<boolean> {
    if (replica.busy) return false;
    replica.busy = true;
    // What is waiting in streams arrives.
    await new Promise<void>((resolve) => setImmediate(resolve));
    try {
      replica.rounds ??= this.#roundsOf(replica);
      const { again } = await replica.rounds.once({
        digest,
        contents: this.#needsContents(),
        history: this.#followsHistory,
      });
      this.#say(`round ${replica.name}`);
      return !again;
    } catch (error) {
      this.#say(`round ${replica.name} ${(error as Error).name}`);
      if (error instanceof Crash) replica.rounds = null;
      else if (error instanceof NeedsDecision) {
        const { syncState } = replica.vault;
        if (syncState?.decision && (this.#peace || this.#random.chance(0.3))) {
          // Another store is joined, and nobody believes a server that lost everything.
          const answer = syncState.decision.kind === 'other-store' ? 'theirs' : 'ours';
          replica.vault.syncState = { ...syncState, decision: { ...syncState.decision, answer } };
        }
      } else if (!(error instanceof RemoteTrouble)) throw error;
      return false;
    } finally {
      replica.busy = false;
    }
  }

  /** Without a history of changes only reading everything finds what another program has changed in place. */
  #needsContents(): boolean {
    return this.#peace && this.#shape.foreign && !this.#shape.streams;
  }

  #roundsOf(replica: Replica): Rounds {
    const rounds: { current: Rounds | null } = { current: null };
    const link: Link = {
      pass: (operation, phase) => this.#onLink(replica, operation, phase),
      order: (size) => this.#orderOf(size),
      isStale: () => {
        const stale = this.#shape.losses && !this.#peace && this.#random.chance(0.1);
        this.#sawStale ||= stale;
        return stale;
      },
    };
    const remote = createFakeRemote(this.#server, link);
    const push = remote.push.bind(remote);
    const [hello, read, readSome] = [remote.hello.bind(remote), remote.read.bind(remote), remote.readSome.bind(remote)];
    const own: RemotePort = {
      ...remote,
      hello: async () => {
        const answer = await hello();
        this.#told.set(replica.name, answer.store);
        return answer;
      },
      read: (collection, ids) => {
        this.#checkFence(replica, collection, 'min_reader');
        return read(collection, ids);
      },
      readSome: (collection, ids, maxBytes) => {
        this.#checkFence(replica, collection, 'min_reader');
        return readSome(collection, ids, maxBytes);
      },
      push: (collection, pushes) => {
        this.#checkFence(replica, collection, 'min_writer');
        this.#keepForLater(collection, pushes);
        return push(collection, pushes);
      },
    };
    const local = replica.vault.port({ pass: (operation, phase) => this.#onLocal(replica, operation, phase) });
    rounds.current = new Rounds({
      local: {
        ...local,
        commit: (commit: SyncCommit) => this.#committing(replica, commit, (one) => local.commit(one)),
      },
      remote: own,
      clock: replica.clock,
      newId: () => `store-${replica.name}-${this.#random.below(1_000_000)}`,
      limits: this.#limits,
    });
    return rounds.current;
  }

  async #committing(
    replica: Replica,
    commit: SyncCommit,
    run: (commit: SyncCommit) => Promise<{ moved: readonly unknown[]; refused: readonly unknown[] }>,
  ): Promise<never> {
    const bases = commit.steps.map(({ collection, id }) => replica.vault.row(collection, id).base);
    const result = await run(commit);
    if (result.moved.length === 0 && result.refused.length === 0) {
      this.#checkToken(replica, commit);
      for (const [at, { base }] of commit.steps.entries()) {
        const before = bases[at];
        if (!this.#wentBack && base != null && before != null && base.gen < before.gen) {
          throw new Violation(`I4: base of ${commit.steps[at]?.id} went from ${before.rev} to ${base.rev}`);
        }
      }
    }
    return result as never;
  }

  async #onLink(replica: Replica, operation: Operation, phase: 'request' | 'answer'): Promise<void> {
    if (this.#peace) return;
    if (replica.cutOff) throw TRANSIENT;
    if (this.#shape.faults) {
      const r = this.#random.next();
      if (r < 0.02) throw TRANSIENT;
      if (r < 0.03) throw new Crash();
      if (r < 0.035) throw new RemoteTrouble('auth', 'injected');
    }
    if (operation !== 'watch') await this.#interrupt();
    void phase;
  }

  async #onLocal(_replica: Replica, operation: string, _phase: 'before' | 'after'): Promise<void> {
    if (this.#peace) return;
    if (this.#shape.faults && operation === 'commit' && this.#random.chance(0.015)) throw new Crash();
    await this.#interrupt();
  }

  /** In the midst of a round others do something. */
  async #interrupt(): Promise<void> {
    if (this.#depth >= 2 || !this.#random.chance(0.06)) return;
    this.#depth += 1;
    try {
      await this.#command();
    } finally {
      this.#depth -= 1;
    }
  }

  #orderOf(size: number): { order: readonly number[]; breakAfter?: number } {
    const order = Array.from({ length: size }, (_, at) => at);
    if (this.#peace || !this.#shape.faults) return { order };
    if (this.#random.chance(0.3)) order.reverse();
    if (this.#random.chance(0.05)) return { order, breakAfter: this.#random.below(size + 1) };
    return { order: this.#random.chance(0.1) ? [...order, ...order] : order };
  }

  /** A request that the caller has given up can still arrive. */
  #keepForLater(collection: CollectionName, pushes: readonly Push[]): void {
    if (this.#peace || !this.#shape.faults || !this.#random.chance(0.05)) return;
    this.#late.push(() => {
      for (const push of pushes) this.#server.push(collection, push);
    });
  }

  // Peace

  async #bringPeace(): Promise<number> {
    this.#peace = true;
    for (const replica of this.#replicas) {
      replica.cutOff = false;
      replica.clock.skewMs = 0;
    }
    if (this.#shape.extras.upgrades) this.#setRules(1, 1);
    // A rule is heard of with the next connection.
    if (this.#shape.extras.upgrades) for (const replica of this.#replicas) this.#restart(replica);
    const aside = new Set([...this.#setAside(), ...this.#mayWait()]);
    const first = await this.#roundsUntilEqual(aside);
    if (aside.size === 0) return first;
    this.#putRight();
    for (const doc of this.#docs) this.#server.cure(doc.collection, doc.id);
    this.#nowMs += 25 * 3_600_000;
    return first + (await this.#roundsUntilEqual(new Set()));
  }

  /** What has a key of another one, or is too large for the server, until a person has put that right. */
  #mayWait(): readonly string[] {
    const { keys, oversize } = this.#shape.extras;
    const waits = this.#docs.filter(
      ({ collection }) => (keys && collection === 'conversations') || (oversize && collection === 'memories'),
    );
    return waits.map(({ id }) => id);
  }

  /** A person gives each its own key, and cuts what is too large. */
  #putRight(): void {
    for (const { name, vault } of this.#replicas) {
      for (const [id, { record }] of vault.rows.get('conversations') ?? []) {
        if (record === null || record._meta.del || record['lookup_key'] === undefined) continue;
        vault.edit('conversations', id, { lookup_key: `slack:${id}` });
      }
      for (const [id, { record }] of vault.rows.get('memories') ?? []) {
        if (record === null || record._meta.del || isClosed(record)) continue;
        for (const field of TEXT_FIELDS) {
          if (!String(record[field]).startsWith('huge')) continue;
          const value = this.#values.write(`memories/${id}`, field, name, record[field]);
          vault.edit('memories', id, { [field]: value });
        }
      }
    }
  }

  /** What cannot be read, and what could not be a while ago: it is tried again when its time has come. */
  #setAside(): Set<string> {
    const poisoned = this.#docs.filter(
      ({ collection, id }) => this.#server.table(collection).get(id)?.poison !== undefined,
    );
    const waiting = this.#replicas.flatMap(({ vault }) => vault.syncState?.quarantine ?? []);
    return new Set([...poisoned, ...waiting].map(({ id }) => id));
  }

  async #roundsUntilEqual(without: ReadonlySet<string>): Promise<number> {
    const MAX_ROUNDS = 5;
    let difference: string | null = null;
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      this.#nowMs += 1000;
      for (const replica of this.#replicas) {
        for (let tries = 0; tries < 4; tries += 1) if (await this.#sync(replica, this.#shape.digests)) break;
      }
      difference = this.#difference(without);
      if (difference === null) return round;
    }
    throw new Violation(`${without.size > 0 ? 'I9' : 'I2'}: not equal after ${MAX_ROUNDS} rounds: ${difference}`);
  }

  #difference(without: ReadonlySet<string>): string | null {
    for (const { name, vault } of this.#replicas) {
      for (const [collection, rows] of vault.rows) {
        const table = this.#server.table(collection);
        for (const id of new Set([...rows.keys(), ...table.keys()])) {
          if (without.has(id)) continue;
          const row = vault.row(collection, id);
          const found = this.#server.read(collection, id);
          const stands = found !== undefined && 'record' in found ? found : null;
          if (stands?.foreign) return `${collection}/${id} is not adopted`;
          if (row.base?.rev !== stands?.record._meta.rev) return `${name}: base of ${collection}/${id}`;
          if (row.record !== null && isClosed(row.record)) continue;
          const isGone = row.record !== null && row.record._meta.del === true;
          // Brought back and deleted again before it was sent is deleted on both sides, by two tombstones.
          if (isGone && (stands === null || stands.record._meta.del)) continue;
          if (!isSameJson(row.record, stands?.record ?? null)) {
            return `${name}: ${collection}/${id} ${JSON.stringify(row.record)} / ${JSON.stringify(stands?.record)}`;
          }
        }
      }
    }
    return null;
  }

  // Invariants

  #checkFence({ name }: Replica, collection: CollectionName, rule: 'min_reader' | 'min_writer'): void {
    if ((this.#told.get(name)?.collections[collection]?.[rule] ?? 1) <= 1) return;
    throw new Violation(`fence: ${name} was told that ${collection} has ${rule} 2, and goes on`);
  }

  #checkCommit(collection: CollectionName, before: StoredRecord | null, after: StoredRecord): void {
    this.#say(`commit ${collection} ${after.id} ${after._meta.rev}`);
    const text = JSON.stringify(after);
    if (text.includes('"secret')) throw new Violation(`privacy: ${collection}/${after.id} left the machine`);
    if (before === null || before._meta.rev === after._meta.rev) return;
    if (!descends(after._meta, before._meta)) {
      throw new Violation(`I3: ${after._meta.rev} replaced ${before._meta.rev}, on which it was not built`);
    }
    // Another program's version has the stamp of the one before, where it says nothing of the time.
    if (!(after._meta.hlc > before._meta.hlc) && after._meta.by.external !== true) {
      throw new Violation(
        `I10: ${after._meta.rev} is stamped ${after._meta.hlc}, before ${before._meta.rev} at ${before._meta.hlc}, which it replaces`,
      );
    }
  }

  /** I5: what the remembered token says has been heard has been applied. */
  #checkToken({ name, vault }: Replica, { state }: SyncCommit): void {
    // A listing that lied makes the token lie, until the next comparison.
    if (this.#sawStale || this.#wasHidden) return;
    const token = state?.resume_token;
    const later = token == null ? null : this.#server.since(token);
    if (later === null) return;
    const open = new Set(later.map(({ collection, id }) => `${collection}/${id}`));
    for (const [collection, rows] of vault.rows) {
      for (const [id] of this.#server.table(collection)) {
        const found = this.#server.read(collection, id);
        if (open.has(`${collection}/${id}`) || found === undefined || !('record' in found)) continue;
        if (vault.syncState?.quarantine.some((entry) => entry.id === id)) continue;
        if (rows.get(id)?.base?.rev !== found.record._meta.rev) {
          throw new Violation(
            `I5: ${name} remembers ${token}, but not ${collection}/${id} at ${found.record._meta.rev}`,
          );
        }
      }
    }
  }

  #checkEnd(): void {
    for (const { name, vault } of this.#replicas) {
      if (vault.syncState?.store_id === this.#server.store?.store_id) continue;
      throw new Violation(`I2: ${name} remembers another database`);
    }
    this.#checkValues();
    this.#checkConflicts();
    for (const replica of this.#replicas) this.#checkDigests(replica);
  }

  /** I1 */
  #checkValues(): void {
    const kept = new Set<string>();
    for (const { vault } of this.#replicas) for (const value of stringsOf(vault)) kept.add(value);
    // Where every vault keeps its own to itself.
    for (const table of this.#server.data.values()) {
      for (const { doc } of table.values()) for (const value of deepStrings(doc)) kept.add(value);
    }
    for (const { value, doc } of this.#values.written.values()) {
      if (kept.has(value) || this.#values.superseded.has(value) || this.#values.excused.has(value)) continue;
      throw new Violation(`I1: ${value} of ${doc} is lost`);
    }
  }

  /**
   * I7. Where an answer is lost, two versions may have grown from one that we no longer have the content of: that costs
   * a conflict record too many, and is not looked at here.
   */
  #checkConflicts(): void {
    if (this.#wentBack || this.#shape.faults) return;
    for (const row of this.#replicas[0]?.vault.rows.get('conflicts')?.values() ?? []) {
      const record = row.record as unknown as {
        reason: string;
        collection: string;
        record_id: string;
        fields: string[];
        base: Record<string, unknown> | null;
        mine: Record<string, unknown> | null;
        theirs: Record<string, unknown> | null;
      } | null;
      if (record === null) continue;
      // Nobody disagreed about anything but whose key it is.
      if (record.reason === 'duplicate-key') continue;
      // What a private record has become meanwhile at the team is joined without knowing from where both came.
      if (this.#shape.privacy && record.base === null) continue;
      const key = `${record.collection}/${record.record_id}`;
      // A tombstone has no content from which two edits that brought the record back could have grown.
      if (this.#deleted.has(key)) continue;
      const real = record.fields.some((field) => {
        const [mine, theirs] = [record.mine?.[field], record.theirs?.[field]];
        if (typeof mine !== 'string' || typeof theirs !== 'string') return false;
        return !this.#values.hadSeen(mine, theirs) && !this.#values.hadSeen(theirs, mine);
      });
      const all = record.fields.every((field) => {
        const [mine, theirs] = [record.mine?.[field], record.theirs?.[field]];
        if (typeof mine !== 'string' || typeof theirs !== 'string') return true;
        return !this.#values.hadSeen(mine, theirs) && !this.#values.hadSeen(theirs, mine);
      });
      if (!real || !all) throw new Violation(`I7: ${JSON.stringify(record)} where nobody disagreed`);
    }
  }

  /** I8 */
  #checkDigests({ name, vault }: Replica): void {
    for (const [collection, rows] of vault.rows) {
      let sum = noLanes;
      for (const [id, { base }] of rows) if (base !== null) sum = addLanes(sum, lanesOf(id, base.rev));
      let stands = noLanes;
      for (const { digest } of this.#server.table(collection).values()) {
        if (digest !== undefined) stands = addLanes(stands, digest.lanes);
      }
      if (!sameLanes(sum, stands)) throw new Violation(`I8: ${name} ${collection} does not add up`);
    }
  }

  /** I11 */
  async #checkQuiet(): Promise<void> {
    const before = this.#server.writes;
    for (const replica of this.#replicas) await this.#sync(replica, this.#shape.digests);
    for (const replica of this.#replicas) await this.#sync(replica, this.#shape.digests);
    if (this.#server.writes !== before) throw new Violation('I11: a quiet system writes');
  }
}

function isClosed(record: StoredRecord): boolean {
  return record['scope'] === 'private' || record['scope'] === 'device';
}

function* stringsOf(vault: FakeVault): Generator<string> {
  for (const rows of vault.rows.values()) {
    for (const { record, baseRecord } of rows.values()) {
      if (record !== null) yield* deepStrings(record);
      void baseRecord;
    }
  }
}

function* deepStrings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) yield* deepStrings(member);
}
