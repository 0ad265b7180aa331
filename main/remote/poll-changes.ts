import type { Collection as ServerCollection, Document } from 'mongodb';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type { ChangedRef, Polled } from '../sync/ports.ts';
import type { RemoteConnection } from './connect.ts';
import { idOf } from './record-id.ts';

/** Writes may become visible out of the order of their stamps; so much is looked at again each time. */
const OVERLAP_MS = 120_000;
const PAGE = 500;

/** Where polling stands, per collection. */
interface Position {
  /** The latest stamp seen, milliseconds. */
  readonly high: number;
  /** Within a window of more than one page: after this one. */
  readonly after?: readonly [at: number, _id: unknown];
}
type Cursor = Readonly<Record<string, Position>>;

type Changes = Omit<Polled, 'store'>;

/** Documents that Almanac wrote since the cursor, with an overlap; null from now on. Other programs leave no stamp: digests find theirs. */
export async function pollChanges(
  connection: RemoteConnection,
  collections: ReadonlyMap<string, CollectionName>,
  cursor: string | null,
): Promise<Changes> {
  const { driver, db } = connection;
  const positions = cursor === null ? {} : (driver.BSON.EJSON.parse(cursor) as Cursor);
  const next: Record<string, Position> = {};
  const refs: ChangedRef[] = [];
  let more = false;
  const now = (await connection.hello()).serverTime.getTime();
  for (const [name, collection] of collections) {
    const position = positions[name];
    if (position === undefined) {
      next[name] = { high: now };
      continue;
    }
    const page = await readPage(db.collection(name), position);
    for (const { _id, _meta } of page) {
      const id = idOf(_id, driver);
      const { rev } = _meta as { rev?: unknown };
      if (id !== null) refs.push({ collection, id, ...(typeof rev === 'string' && { rev }) });
    }
    next[name] = positionAfter(position, page);
    more ||= page.length === PAGE;
  }
  return { refs, cursor: driver.BSON.EJSON.stringify(next), more };
}

function readPage(server: ServerCollection<Document>, { high, after }: Position): Promise<Document[]> {
  const from = after
    ? { $or: [{ '_meta.at': { $gt: new Date(after[0]) } }, { '_meta.at': new Date(after[0]), _id: { $gt: after[1] } }] }
    : {};
  const filter = { $and: [{ '_meta.at': { $gte: new Date(high - OVERLAP_MS) } }, from] } as Document;
  return server
    .find(filter, {
      projection: { '_meta.at': 1, '_meta.rev': 1 },
      sort: { '_meta.at': 1, _id: 1 },
      limit: PAGE,
      batchSize: PAGE,
    })
    .toArray();
}

/** `high` moves on only once a window has been read to its end: until then its beginning must stay where it is. */
function positionAfter({ high, after }: Position, page: readonly Document[]): Position {
  const last = page.at(-1);
  const at = last ? ((last['_meta'] as Document)['at'] as Date).getTime() : (after?.[0] ?? high);
  if (page.length < PAGE || last === undefined) return { high: Math.max(high, at) };
  return { high, after: [at, last['_id']] };
}
