import type { Collection as ServerCollection, Document, FindOptions as ServerFindOptions } from 'mongodb';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Explanation, Filter, FindOptions } from '../../shared/store/store.ts';
import { compileProjection } from '../query/project.ts';
import { explainFind } from './explain.ts';
import { checkFind, serverProjection } from './find-options.ts';
import { rawBatches } from './raw-batches.ts';
import { type ServerQuery, serverQuery } from './server-filter.ts';
import type { StorePort } from './store-port.ts';
import { type Reading, readDocument, readPart } from './wire.ts';

/** D15: else the server would fill 16 MB. */
const BATCH = 200;

export type ReadRecord = Extract<Reading, { kind: 'record' }>;

export interface CollectionReader {
  /** Records alive that match, whole, in the order asked for; what cannot be read is reported and left out. */
  records(filter: Filter, options: FindOptions): AsyncGenerator<ReadRecord>;
  /** What a find with a projection answers. */
  parts(filter: Filter, options: FindOptions): AsyncGenerator<Record<string, unknown>>;
  count(filter: Filter): Promise<number>;
  explain(filter: Filter, options: FindOptions): Promise<Explanation>;
}

export function createCollectionReader(
  name: CollectionName,
  definition: CollectionDefinition,
  server: ServerCollection<Document>,
  port: StorePort,
): CollectionReader {
  const { connection } = port;
  const { driver } = connection;

  /** Documents come as bytes, so that one that cannot be decoded is nobody else's trouble (D10). */
  async function* bytesOf(query: ServerQuery, options: ServerFindOptions): AsyncGenerator<Uint8Array> {
    const guard = <T>(work: () => Promise<T>): Promise<T> => {
      port.assertOpen();
      return connection.run(work);
    };
    const cursor = server.find(query.filter, { ...options, raw: true });
    for await (const batch of rawBatches(cursor, async (work) => guard(work))) yield* batch;
  }

  async function* records(filter: Filter, options: FindOptions): AsyncGenerator<ReadRecord> {
    const query = serverQuery(filter, driver);
    const { skip, limit } = checkFind(options);
    let seen = 0;
    for await (const bytes of bytesOf(query, serverOptions(query, options))) {
      const read = readDocument(definition, bytes, driver);
      if (read.kind === 'unreadable') port.unreadable({ collection: name, id: read.id, reason: read.reason });
      else if (query.judge === null) yield read;
      else if (query.judge(read.record)) {
        seen += 1;
        if (seen > skip) yield read;
        if (limit > 0 && seen >= skip + limit) return;
      }
    }
  }

  async function* parts(filter: Filter, options: FindOptions): AsyncGenerator<Record<string, unknown>> {
    const query = serverQuery(filter, driver);
    const { projection = {} } = checkFind(options);
    const part = compileProjection(projection);
    const fields = query.judge === null ? serverProjection(projection) : undefined;
    if (fields === undefined) {
      for await (const { record } of records(filter, options)) yield part(record);
      return;
    }
    for await (const bytes of bytesOf(query, { ...serverOptions(query, options), projection: fields })) {
      const read = readPart(bytes, driver);
      if (read.kind === 'unreadable') port.unreadable({ collection: name, id: read.id, reason: read.reason });
      else yield part(read.fields);
    }
  }

  return {
    records,
    parts,
    async count(filter) {
      const query = serverQuery(filter, driver);
      if (query.judge === null) return server.countDocuments(query.filter);
      let count = 0;
      for await (const _ of records(filter, {})) count += 1;
      return count;
    },
    explain(filter, options) {
      const query = serverQuery(filter, driver);
      return explainFind(server.find(query.filter, serverOptions(query, options)), query.judge !== null);
    },
  };
}

/** What is judged here is cut here, too. */
function serverOptions(query: ServerQuery, options: FindOptions): ServerFindOptions {
  const { sort, skip, limit } = checkFind(options);
  return {
    batchSize: BATCH,
    allowDiskUse: true,
    ...(sort !== undefined && { sort }),
    ...(query.judge === null && { skip, limit }),
  };
}
