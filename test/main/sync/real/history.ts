import type { Document } from 'mongodb';
import { canonicalJson } from '../../../../main/lib/canonical-json.ts';
import { connect } from '../../../../main/remote/connect.ts';
import { createRemotePort } from '../../../../main/remote/remote-port.ts';
import { registry } from '../../../../shared/collections/registry.ts';
import type { MongodProcess } from '../../../helpers/mongod-process.ts';
import type { TcpProxy } from '../../../helpers/tcp-proxy.ts';
import { type Dice, dice } from '../sim-random.ts';
import { Values } from '../sim-values.ts';
import { T0 } from '../versions.ts';
import { type Doc, fieldsOf, formerIn, textsIn, valueIn, valueText, watched } from './docs.ts';
import { judgeConflict, type Noted } from './judge-conflict.ts';
import { Killed, type Machine } from './machine.ts';
import type { Dump, Edited, Replica } from './replica.ts';
import { Violation } from './violation.ts';

/** One replica of the history: its machine, and the line from there to the server. */
export interface Site {
  readonly name: string;
  readonly machine: Machine;
  readonly proxy: TcpProxy;
}

export interface HistoryParts {
  readonly seed: number;
  readonly database: string;
  readonly server: MongodProcess;
  readonly sites: readonly Site[];
  readonly streams: boolean;
}

type SyncOptions = Parameters<Replica['sync']>[0];

const MOST_ROUNDS = 12;
const RETRY_MS = 100;
const PATIENT_MS = 30_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Random edits on whole replicas against a real server; then, once all faults are lifted, what has to hold. */
export class RealHistory {
  readonly key: string;
  readonly #parts: HistoryParts;
  readonly #random: Dice;
  readonly #docs: readonly Doc[];
  readonly #values = new Values();
  readonly #trace: string[] = [];
  readonly #secretive: boolean;
  readonly #foreign: boolean;
  /** Nothing is compared as long as the server's history of changes is whole: that alone has to suffice (I6). */
  readonly #trusting: boolean;
  /** Documents that somebody deleted, by collection and id. */
  readonly #removed = new Set<string>();
  #wasKilled = false;
  #isHistoryWhole: boolean;
  readonly residents: ReadonlySet<string>;
  readonly clocks: ReadonlyMap<string, number>;
  #foreignDocs = 0;

  constructor(parts: HistoryParts) {
    const random = dice(parts.seed);
    this.key = `h${parts.seed}`;
    this.#parts = parts;
    this.#random = random;
    this.#docs = Array.from({ length: 1 + random.below(5) }, (_, at) => ({
      collection: random.pick(['memories', 'memories', 'conversations', 'messages'] as const),
      id: `d${at}`,
      created_at: new Date(T0 - random.below(4) * DAY_MS).toISOString(),
    }));
    this.#secretive = random.chance(0.25);
    this.#foreign = random.chance(0.4);
    this.#isHistoryWhole = parts.streams;
    this.#trusting = parts.streams && random.chance(0.4);
    // Where the loop runs by itself, everything is compared when it begins.
    const residents = parts.sites.filter(() => random.chance(0.4)).map(({ name }) => name);
    this.residents = new Set(this.#trusting ? [] : residents);
    this.clocks = new Map(parts.sites.map(({ name }) => [name, (random.below(9) - 4) * HOUR_MS]));
  }

  #say(text: string): void {
    this.#trace.push(text);
    // ALMANAC_SYNC_TRACE=1 shows what happens as it does.
    if (process.env['ALMANAC_SYNC_TRACE'] !== undefined) process.stdout.write(`${this.key} ${text}\n`);
  }

  /** The group tells what happens to server and machines. */
  hear(text: string): void {
    this.#say(`-- ${text}`);
  }

  // Commands

  async command(): Promise<void> {
    const r = this.#random.below(100);
    const site = this.#random.pick(this.#parts.sites);
    const doc = this.#random.pick(this.#docs);
    try {
      if (r < 45) await this.#edit(site, doc);
      else if (r < 53) await this.#remove(site, doc);
      else if (r < 80) await this.#sync(site);
      else if (r < 86) this.#cut(site);
      else if (r < 92 && this.#foreign) await this.#foreignWrite(doc);
      else if (r < 96 && this.#secretive) await this.#flipScope(site, doc);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.#say(`${site.name} was killed meanwhile`);
    }
  }

  async #edit(site: Site, doc: Doc): Promise<void> {
    const field = this.#random.pick(fieldsOf(doc));
    const scope = (await site.machine.ask(this.key, 'scopeOf', doc)) ?? 'team';
    const values = this.#mint(site.name, doc, scope === 'team' ? 'v' : 'secret');
    this.#say(`edit ${site.name} ${doc.id} ${field} ${values[field]}`);
    this.#note(site.name, doc, await site.machine.ask(this.key, 'edit', doc, field, values));
  }

  #mint(actor: string, doc: Doc, prefix: string): Readonly<Record<string, string>> {
    return Object.fromEntries(fieldsOf(doc).map((field) => [field, this.#values.mint(actor, prefix)]));
  }

  /** From here on these values may not be lost. */
  #note(actor: string, doc: Doc, { written }: Edited): void {
    for (const { field, value, over } of written) {
      const name = valueIn(value) ?? value;
      this.#values.note(`${doc.collection}/${doc.id}`, field, actor, name, over === null ? null : valueIn(over));
      this.#say(`  acknowledged ${value}`);
    }
  }

  async #remove(site: Site, doc: Doc): Promise<void> {
    this.#say(`remove ${site.name} ${doc.id}`);
    this.#removed.add(`${doc.collection}/${doc.id}`);
    // A deletion whose answer was lost may have deleted anything that stood there.
    this.#excuseIfKilled(
      doc,
      await site.machine.ask(this.key, 'remove', doc).catch((error: unknown) => {
        if (error instanceof Killed) return 'killed' as const;
        throw error;
      }),
    );
  }

  #excuseIfKilled(doc: Doc, removed: Readonly<Record<string, unknown>> | null | 'killed'): void {
    if (removed === 'killed') {
      for (const { value, doc: of } of this.#values.written.values()) {
        if (of === `${doc.collection}/${doc.id}`) this.#values.excuse(value);
      }
    } else for (const text of textsIn(removed)) this.#values.supersede(valueIn(text));
  }

  async #sync(site: Site): Promise<void> {
    const digest = this.#random.chance(0.3) && !(this.#trusting && this.#isHistoryWhole);
    const { outcome, why } = await site.machine.ask(this.key, 'sync', { digest });
    this.#say(`sync ${site.name}: ${outcome} ${why}`);
    if (outcome === 'decision' && this.#random.chance(0.4)) await site.machine.ask(this.key, 'decide');
  }

  #cut({ name, proxy }: Site): void {
    const r = this.#random.below(3);
    this.#say(`line of ${name}: ${['mended', 'cut', 'to be cut'][r]}`);
    if (r === 0) proxy.mend();
    else if (r === 1) proxy.cut();
    else void proxy.cutAfter(1 + this.#random.below(20_000));
  }

  async #flipScope(site: Site, { ...doc }: Doc): Promise<void> {
    if (doc.collection !== 'memories') return;
    const scope = await site.machine.ask(this.key, 'scopeOf', doc);
    if (scope === null) return;
    const next = scope === 'team' ? this.#random.pick(['private', 'device']) : 'team';
    this.#say(`scope ${site.name} ${doc.id} ${next}`);
    const edited = await site.machine.ask(this.key, 'setScope', doc, next, this.#mint(site.name, doc, 'v'));
    if (edited !== null) this.#note(site.name, doc, edited);
  }

  /** What another program does, which knows nothing of us. Where the server is away it does nothing. */
  async #foreignWrite(doc: Doc): Promise<void> {
    const durable = { writeConcern: { w: 'majority', journal: true } } as const;
    const fields = fieldsOf(doc);
    try {
      const server = this.#serverCollection(doc);
      if (this.#random.chance(0.3)) {
        const id = `other${(this.#foreignDocs += 1)}`;
        const values = Object.fromEntries(fields.map((field) => [field, this.#values.mint('other', 'v')]));
        await server.insertOne({ _id: id as never, ...this.#plain(doc), ...values }, durable);
        const written = Object.entries(values).map(([field, value]) => ({ field, value, over: null }));
        return this.#note('other', { ...doc, id }, { written });
      }
      const field = this.#random.pick(fields);
      const held = await server.findOne({ _id: doc.id as never, '_meta.del': { $ne: true } });
      const over: unknown = held?.[field];
      if (held === null || typeof over !== 'string') return;
      const value = valueText(this.#values.mint('other', 'v'), over);
      const filter = { _id: doc.id as never, '_meta.del': { $ne: true }, [field]: over };
      const { matchedCount } = await server.updateOne(filter, { $set: { [field]: value } }, durable);
      if (matchedCount === 1) this.#note('other', doc, { written: [{ field, value, over }] });
    } catch (error) {
      this.#say(`another program: ${(error as Error).message}`);
    }
  }

  #plain({ collection, created_at }: Doc): Readonly<Record<string, unknown>> {
    const dates = { created_at, updated_at: created_at };
    if (collection === 'memories') return { ...dates, type: 'USER_FACT', confidence: 0.8 };
    if (collection === 'messages') return { ...dates, conversation_id: 'c1', role: 'user' };
    return { ...dates, kind: 'chat', tags: [], pinned: false, archived: false };
  }

  #serverCollection({ collection }: Pick<Doc, 'collection'>) {
    return this.#parts.server
      .client()
      .db(this.#parts.database)
      .collection<Document>(registry[collection].mongo.collection);
  }

  /** The server goes back to what it was: what only another program knew is gone, and it alone. */
  serverGoesBack(): void {
    for (const { value, actor } of this.#values.written.values()) if (actor === 'other') this.#values.excuse(value);
  }

  /** From here on the change stream has not told of everything. */
  historyIsLost(): void {
    this.#isHistoryWhole = false;
  }

  machineIsKilled(machine: Machine): void {
    if (this.#parts.sites.some((site) => site.machine === machine)) this.#wasKilled = true;
  }

  /** A killed machine stands again: edits whose answer was lost may have happened. */
  async reopened(machine: Machine): Promise<void> {
    this.#learn(await machine.dumpNow(this.key));
  }

  #learn({ records }: Dump): void {
    for (const byId of Object.values(records)) {
      for (const { json } of Object.values(byId)) this.#learnFrom(JSON.parse(json));
    }
  }
  #learnFrom(content: unknown): void {
    for (const text of textsIn(content)) this.#values.supersede(formerIn(text));
  }

  // Peace

  /** All faults are lifted, and the server's history is whole: the change stream has told of everything. Throws Violation. */
  checkStreams(): Promise<void> {
    return this.#judged(async () => {
      if (!this.#trusting || !this.#isHistoryWhole) return;
      await this.#comeTogether('I6', { history: true });
      await this.#checkConflicts();
    });
  }

  /** All faults are lifted. Throws Violation. */
  checkPeace(): Promise<void> {
    return this.#judged(async () => {
      for (const { machine, proxy } of this.#parts.sites) {
        proxy.mend();
        await machine.reopen(this.key, { selectionTimeoutMs: PATIENT_MS });
      }
      await this.#comeTogether('I2', this.#everything());
      await this.#checkQuiet();
    });
  }

  async #judged(check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const lines = [`history ${this.#parts.seed}: ${text}`, ...this.#trace];
      throw new Violation(lines.join('\n'), { cause: error });
    }
  }

  async #comeTogether(invariant: string, how: SyncOptions): Promise<void> {
    let difference = 'never compared';
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      for (const site of this.#parts.sites) await this.#syncWell(site, how);
      const found = await this.#difference();
      if (found === null) return;
      difference = found;
    }
    throw new Violation(`${invariant}: not equal after ${MOST_ROUNDS} rounds: ${difference}`);
  }

  /** Without a history of changes only reading everything finds what another program changed in place. */
  #everything(): SyncOptions {
    return { digest: true, contents: this.#foreign && !this.#parts.streams };
  }

  /** Until a round goes through: what was cut or killed may still be coming back. */
  async #syncWell({ name, machine, proxy }: Site, how: SyncOptions): Promise<void> {
    for (;;) {
      proxy.mend();
      const { outcome, why } = await machine.ask(this.key, 'sync', how);
      if (outcome === 'done') return;
      this.#say(`peace, ${name}: ${outcome} ${why}`);
      if (outcome === 'decision') await machine.ask(this.key, 'decide');
      else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #difference(): Promise<string | null> {
    const there = await this.#standing();
    const dumps: Dump[] = [];
    for (const { name, machine } of this.#parts.sites) {
      const dump = await machine.ask(this.key, 'dump');
      dumps.push(dump);
      this.#learn(dump);
      const why = differenceOf(dump, there);
      if (why !== null) return `${name}: ${why}`;
    }
    const [first, ...others] = dumps;
    for (const { files } of others) {
      const paths = new Set([...Object.keys(first?.files ?? {}), ...Object.keys(files)]);
      for (const path of paths) {
        const isShared = first?.files[path] !== undefined && files[path] !== undefined;
        if (isShared && first.files[path] !== files[path]) return `${path} is not the same file everywhere`;
      }
    }
    this.#checkValues(dumps, there);
    return null;
  }

  /** What stands on the server, as the reconciler reads it. */
  async #standing(): Promise<Standing> {
    const connection = await connect(this.#parts.server.url, {
      db: this.#parts.database,
      selectionTimeoutMs: PATIENT_MS,
    });
    const port = createRemotePort(connection, { ownsConnection: true });
    try {
      const records: Record<string, Record<string, string>> = {};
      const digests: Record<string, string> = {};
      for (const collection of watched) {
        const alive: Record<string, string> = {};
        for await (const batch of port.scan(collection)) {
          for (const version of batch) {
            if (!('record' in version)) throw new Violation(`I9: ${collection}: ${version.poison}`);
            const { record, foreign } = version;
            if (foreign) alive[record.id] = 'not adopted';
            else if (!record._meta.del) alive[record.id] = canonicalJson(record);
          }
        }
        records[collection] = alive;
        digests[collection] = canonicalJson(Object.fromEntries(await port.digest(collection, { by: 'month' })));
      }
      return { records, digests };
    } finally {
      await port.close();
    }
  }

  /** Every document as it stands there, the server's stamps included. */
  async #documents(): Promise<readonly string[]> {
    const all: string[] = [];
    for (const collection of watched) {
      const documents = this.#serverCollection({ collection }).find({}, { sort: { _id: 1 } });
      const text = JSON.stringify(await documents.toArray());
      if (text.includes('"secret')) throw new Violation(`privacy: ${collection} has what was private`);
      all.push(text);
    }
    return all;
  }

  /** I1 */
  #checkValues(dumps: readonly Dump[], { records }: Standing): void {
    const kept = new Set<string>();
    const keep = (content: unknown): void => {
      for (const text of textsIn(content)) kept.add(valueIn(text) ?? '');
    };
    for (const byId of Object.values(records)) {
      for (const json of Object.values(byId)) keep(JSON.parse(json));
    }
    for (const { records: local } of dumps) {
      for (const byId of Object.values(local)) for (const { json } of Object.values(byId)) keep(JSON.parse(json));
    }
    for (const { value, doc } of this.#values.written.values()) {
      if (kept.has(value) || this.#values.superseded.has(value) || this.#values.excused.has(value)) continue;
      throw new Violation(`I1: ${value} of ${doc} is lost`);
    }
  }

  /**
   * I7: a conflict is one about which somebody disagreed. Not looked at where a process ended with an answer outstanding,
   * and where there was a tombstone, which has no content from which two edits could have grown.
   */
  async #checkConflicts(): Promise<void> {
    if (this.#wasKilled) return;
    const found = this.#serverCollection({ collection: 'conflicts' }).find({ '_meta.del': { $ne: true } });
    for (const conflict of await found.toArray()) {
      const { reason, collection, record_id, base } = conflict;
      if (reason === 'duplicate-key' || this.#removed.has(`${collection}/${record_id}`)) continue;
      // What a private record has become meanwhile at the team is joined without knowing from where both came.
      if (this.#secretive && base === null) continue;
      const wrong = judgeConflict(conflict as unknown as Noted, this.#values);
      if (wrong !== null) throw new Violation(wrong);
    }
  }

  /** I11: another round of everybody writes nothing. */
  async #checkQuiet(): Promise<void> {
    const before = canonicalJson(await this.#documents());
    for (const site of this.#parts.sites) await this.#syncWell(site, this.#everything());
    if (canonicalJson(await this.#documents()) !== before) throw new Violation('I11: a quiet system writes');
  }

  /** How many conflicts stand in the end, so that a run can say that there were any. */
  async conflicts(): Promise<number> {
    return this.#serverCollection({ collection: 'conflicts' }).countDocuments({});
  }
}

interface Standing {
  readonly records: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly digests: Readonly<Record<string, string>>;
}

/** Why a replica and the server are not equal; null: they are. */
function differenceOf({ records, digests, waiting, quarantined, decision }: Dump, there: Standing): string | null {
  if (waiting > 0) return `${waiting} records wait`;
  if (quarantined.length > 0) return `set aside: ${quarantined.join('; ')}`;
  if (decision !== null) return `waits for a decision: ${decision.kind}`;
  for (const collection of watched) {
    const [ours, theirs] = [records[collection] ?? {}, there.records[collection] ?? {}];
    for (const id of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      // What stays here is not compared: others may have made something of what the team had.
      if (ours[id]?.stays === true) continue;
      if (ours[id]?.json !== theirs[id]) return `${collection}/${id}: ${ours[id]?.json} / ${theirs[id]}`;
    }
    if (canonicalJson(digests[collection]) !== there.digests[collection]) return `I8: the sums of ${collection} differ`;
  }
  return null;
}
