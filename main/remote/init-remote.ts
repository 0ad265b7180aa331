import type { Collection as ServerCollection, Document } from 'mongodb';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import { collectionNames, registry } from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import type { RemoteConnection } from './connect.ts';
import { validatorOf } from './json-schema.ts';
import { remoteFailure } from './remote-error.ts';
import { type ServerIndex, serverIndex } from './server-index.ts';
import { type ViewDefinition, views } from './views.ts';

/** Raise it whenever collections, indexes, rules or views change, so that databases are brought up to date. */
export const REMOTE_FORM = 1;
/** Where the database says what it has been prepared for, and who it is (see remote-port.ts). */
export const META_COLLECTION = 'sync_meta';
const FORM_ID = 'form';

/** What the digests and polling need, beside the registry's own. */
export const DIGEST_INDEX = 'digest_v1';
const ownIndexes: readonly ServerIndex[] = [
  {
    key: new Map(['day', 'h0', 'h1', 'h2', 'h3', 'h4'].map((field) => [`_meta.${field}`, 1])),
    options: { name: DIGEST_INDEX },
  },
  {
    key: new Map([
      ['_meta.at', 1],
      ['_id', 1],
    ]),
    options: { name: 'written_v1' },
  },
];

export interface InitReport {
  /** Collections that were made. */
  readonly created: readonly string[];
  readonly indexes: number;
  readonly views: readonly string[];
  /** What could not be made because of what stands there, in words; the rest works all the same. */
  readonly problems: readonly string[];
}

/**
 * Makes collections, indexes, rules and views of the registry, or brings them up to date. Harmless to repeat. Documents
 * that stand there are never changed. Needs `readWrite` and `dbAdmin` on the database; REMOTE_FORBIDDEN otherwise.
 */
export async function initRemote(connection: RemoteConnection): Promise<InitReport> {
  return connection.run(async () => {
    const standing = new Map((await connection.db.listCollections().toArray()).map(({ name, type }) => [name, type]));
    const report = { created: [] as string[], indexes: 0, views: [] as string[], problems: [] as string[] };
    for (const name of collectionNames) await makeCollection(connection, registry[name], standing, report);
    for (const view of views) await makeView(connection, view, standing, report);
    await connection.db
      .collection<Document>(META_COLLECTION)
      .updateOne({ _id: FORM_ID as never }, { $max: { form: REMOTE_FORM } }, { upsert: true });
    return report;
  });
}

interface Draft {
  readonly created: string[];
  indexes: number;
  readonly views: string[];
  readonly problems: string[];
}

async function makeCollection(
  { db }: RemoteConnection,
  definition: CollectionDefinition,
  standing: ReadonlyMap<string, string | undefined>,
  report: Draft,
): Promise<void> {
  const name = definition.mongo.collection;
  // moderate: what does not fit already may still be edited.
  const rules = { validator: validatorOf(definition), validationLevel: 'moderate', validationAction: 'error' } as const;
  if (standing.get(name) === 'view') return void report.problems.push(`${name} is a view of another program`);
  if (!standing.has(name) && (await succeeds(db.createCollection(name, rules), NAMESPACE_EXISTS)))
    report.created.push(name);
  else await db.command({ collMod: name, ...rules });
  const indexes = [...ownIndexes, ...definition.indexes.map((each) => serverIndex(each))];
  await makeIndexes(db.collection(name), indexes, report);
}

/** All in one command; one by one only to find out which of them cannot be. */
async function makeIndexes(
  server: ServerCollection<Document>,
  indexes: readonly ServerIndex[],
  report: Draft,
): Promise<void> {
  try {
    await server.createIndexes(indexes.map(({ key, options }) => ({ key: new Map(key), ...options })));
    report.indexes += indexes.length;
  } catch (error) {
    if (!INDEX_PROBLEMS.has((error as { code?: unknown }).code)) throw error;
    const [only] = indexes;
    if (indexes.length > 1) for (const index of indexes) await makeIndexes(server, [index], report);
    else
      report.problems.push(`${server.collectionName}: no index ${only?.options.name}, because of ${reasonOf(error)}`);
  }
}

const NAMESPACE_EXISTS = 48;
/** Duplicates, another index of this name, or the same fields under another name: the team's own matter. */
const INDEX_PROBLEMS: ReadonlySet<unknown> = new Set([11000, 85, 86]);

function reasonOf(error: unknown): string {
  return (error as { code?: unknown }).code === 11000 ? 'documents with equal keys' : 'an index that stands there';
}

async function makeView(
  { db }: RemoteConnection,
  { name, on, pipeline }: ViewDefinition,
  standing: ReadonlyMap<string, string | undefined>,
  report: Draft,
): Promise<void> {
  const type = standing.get(name);
  if (type !== undefined && type !== 'view') {
    return void report.problems.push(`${name} is a collection of another program, so there is no view of this name`);
  }
  if (type === 'view') await db.command({ collMod: name, viewOn: on, pipeline });
  else await succeeds(db.createCollection(name, { viewOn: on, pipeline: [...pipeline] }), NAMESPACE_EXISTS);
  report.views.push(name);
}

async function succeeds(work: Promise<unknown>, exceptCode: number): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code !== exceptCode) throw error;
    return false;
  }
}

/** Whether the database has been prepared by this version of Almanac or a later one. */
export function isPrepared(connection: RemoteConnection): Promise<boolean> {
  return connection.run(async () => {
    const form = await connection.db.collection<Document>(META_COLLECTION).findOne({ _id: FORM_ID as never });
    return typeof form?.['form'] === 'number' && form['form'] >= REMOTE_FORM;
  });
}

/** Prepares the database where that has not been done and this user may. REMOTE_NOT_PREPARED where he may not. */
export async function prepareRemote(connection: RemoteConnection): Promise<void> {
  if (await isPrepared(connection)) return;
  try {
    await initRemote(connection);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'REMOTE_FORBIDDEN') throw error;
    throw remoteFailure('prepared', connection.server, '', error);
  }
}
