import {
  BSON,
  type ChangeStream,
  type ChangeStreamDocument,
  type Document,
  MongoClient,
  MongoServerError,
} from 'mongodb';
import type { CollectionDefinition } from '../../../../shared/collections/define.ts';
import type { CollectionName } from '../../../../shared/collections/registry.ts';
import { registry } from '../../../../shared/collections/registry.ts';
import { type Driver, loadDriver } from '../../../../main/remote/driver.ts';
import { readDocument, withTrueMeta } from '../../../../main/remote/wire.ts';
import { descends } from '../../../../main/sync/lineage.ts';
import { watched } from './docs.ts';
import { Violation } from './violation.ts';

const MARKS = 'witness';
const AGAIN_MS = 100;
const SELECTION_MS = 1_000;

/**
 * Follows everything that is written to a replica set, beside all replicas, and judges each write by what stood there
 * before: I3 (built on it), I10 (stamped later), and that nothing private was in it. What it cannot see (the server gone
 * back, its history lost) it says nothing about.
 */
export class Witness {
  readonly #client: MongoClient;
  readonly #driver: Driver;
  #stream: ChangeStream | undefined;
  #token: unknown;
  #isOver = false;
  #following: Promise<void> = Promise.resolve();
  #heard = 0;
  #wake: () => void = () => undefined;
  /** What was wrong, a line each. */
  readonly found: string[] = [];
  /** Versions that replaced another and were judged. */
  judged = 0;

  private constructor(url: string, driver: Driver) {
    this.#client = new MongoClient(url, { serverSelectionTimeoutMS: SELECTION_MS, appName: 'witness' });
    this.#driver = driver;
  }

  static async begin(url: string): Promise<Witness> {
    const witness = new Witness(url, await loadDriver());
    witness.#following = witness.#follow();
    await witness.caughtUp();
    return witness;
  }

  /** Has the server keep of a history's documents what they were before each change; before anything is written. */
  async prepare(database: string): Promise<void> {
    for (const name of watched) {
      const options = { changeStreamPreAndPostImages: { enabled: true } };
      await this.#client.db(database).createCollection(registry[name].mongo.collection, options);
    }
  }

  /** What it remembers of the server's history is worth nothing any more. */
  async forget(): Promise<void> {
    this.#token = undefined;
    await this.#stream?.close().catch(() => undefined);
  }

  /** Once everything written until now has been judged. The server takes writes. */
  async caughtUp(): Promise<void> {
    const goal = this.#heard + 1;
    while (this.#heard < goal) {
      await this.#client.db(MARKS).collection('marks').insertOne({ goal }).catch(() => undefined); // prettier-ignore
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, AGAIN_MS);
      });
    }
  }

  /** Throws Violation. */
  verdict(): void {
    if (this.found.length > 0) throw new Violation(this.found.join('\n'));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#stream?.close().catch(() => undefined);
    await this.#client.close();
    await this.#following;
  }

  async #follow(): Promise<void> {
    while (!this.#isOver) {
      const token = this.#token;
      this.#stream = this.#client.watch([{ $match: { operationType: { $in: ['insert', 'update', 'replace'] } } }], {
        fullDocument: 'whenAvailable',
        fullDocumentBeforeChange: 'whenAvailable',
        ...(token !== undefined && { resumeAfter: token }),
      });
      try {
        for await (const event of this.#stream) {
          this.#hear(event);
          this.#token = event._id;
        }
      } catch (error) {
        // A server that is away comes back; what it says of the token itself stays true.
        if (error instanceof MongoServerError && !error.hasErrorLabel('ResumableChangeStreamError')) this.#token = undefined; // prettier-ignore
      }
      if (!this.#isOver) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  #hear(event: ChangeStreamDocument): void {
    if (event.operationType !== 'insert' && event.operationType !== 'update' && event.operationType !== 'replace') return; // prettier-ignore
    const { db, coll } = event.ns;
    if (db === MARKS) {
      this.#heard += 1;
      return this.#wake();
    }
    const name = watched.find((each) => registry[each].mongo.collection === coll);
    if (name === undefined || event.fullDocument == null) return;
    if (JSON.stringify(event.fullDocument).includes('"secret'))
      this.#say(db, name, 'privacy: what was private is written');
    const before = 'fullDocumentBeforeChange' in event ? event.fullDocumentBeforeChange : undefined;
    if (before != null) this.#judge(db, name, before, event.fullDocument);
  }

  /** Each as the version that reconciling takes it for: other programs' edits are versions too. */
  #judge(db: string, name: CollectionName, before: Document, after: Document): void {
    const [former, next] = [this.#version(name, before), this.#version(name, after)];
    if (former === null || next === null || next.isForeign || next.meta.rev === former.meta.rev) return;
    this.judged += 1;
    const what = `${next.meta.rev} (${next.meta.hlc}) replaced ${former.meta.rev} (${former.meta.hlc})`;
    if (!descends(next.meta, former.meta)) this.#say(db, name, `I3: ${what}, on which it was not built`);
    else if (!(next.meta.hlc > former.meta.hlc) && next.meta.by.external !== true) this.#say(db, name, `I10: ${what}`);
  }

  #version(name: CollectionName, document: Document) {
    const definition: CollectionDefinition = registry[name];
    const reading = readDocument(definition, BSON.serialize(document), this.#driver);
    if (reading.kind === 'unreadable') return null;
    const { record, isForeign } = withTrueMeta(definition, reading, this.#driver);
    return { meta: record._meta, isForeign };
  }

  #say(db: string, name: CollectionName, what: string): void {
    this.found.push(`history ${db}: ${name}: ${what}`);
  }
}
