import type { Db } from 'mongodb';
import type { RemoteConnection } from './connect.ts';

/** With less free a mongod builds no index (code 14031), so that a database can neither be prepared nor used for long. */
const NEEDED_BYTES = 500 * 1024 * 1024;

/** What to tell a person where the server's disk is nearly full; null where it is not, or where this user may not know. */
export async function lowDiskWarning({
  db,
  client,
  server,
}: Pick<RemoteConnection, 'db' | 'client' | 'server'>): Promise<string | null> {
  // Of a database that does not exist yet the server tells nothing, and that is when it matters most.
  const free = (await freeBytes(db)) ?? (await freeBytes(client.db('admin')));
  if (free === null || free >= NEEDED_BYTES) return null;
  const megabytes = Math.max(0, Math.floor(free / 1024 / 1024));
  return `The disk of ${server} has ${megabytes} MB free; under 500 MB it builds no indexes, and soon takes no records. Make room there.`;
}

/** Null where the server does not say: a service that only resembles MongoDB, a router, a user without the right. */
async function freeBytes(db: Db): Promise<number | null> {
  const stats = await db.command({ dbStats: 1 }).catch(() => ({}) as Record<string, unknown>);
  const { fsTotalSize: total, fsUsedSize: used } = stats;
  return typeof total === 'number' && typeof used === 'number' && total > 0 ? total - used : null;
}
