import { toAppError } from '../../shared/errors.ts';
import type { TeamTest } from '../../shared/ipc/team.ts';
import type { RemoteConnection } from '../remote/connect.ts';
import { redactUrl } from '../lib/redact-url.ts';
import { databaseOf } from './team-config.ts';
import type { Connection } from './types.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Tries a connection and changes nothing; what is wrong is part of the answer, in plain words. */
export async function testConnection(connection: Connection, env: Environment): Promise<TeamTest> {
  const database = databaseNamed(connection, env);
  const unknown: TeamTest = {
    ok: false,
    server: redactUrl(connection.url),
    database,
    version: null,
    streams: null,
    clock_offset_ms: null,
    prepared: null,
    store_id: null,
    problem: null,
  };
  // Loaded only here: a vault without a team pays nothing for the driver.
  const { connect, clockProblem } = await import('../remote/connect.ts');
  const { isPrepared, META_COLLECTION } = await import('../remote/init-remote.ts');
  const { lowDiskWarning } = await import('../remote/low-disk.ts');
  let opened: Awaited<ReturnType<typeof connect>> | undefined;
  try {
    opened = await connect(connection.url, { db: database });
    const { version, streams, clockOffsetMs } = opened.facts;
    const clock = clockProblem(opened);
    const warning = await lowDiskWarning(opened);
    return {
      ...unknown,
      ok: clock === null,
      version,
      streams,
      clock_offset_ms: clockOffsetMs,
      prepared: await isPrepared(opened),
      store_id: await storeIdIn(opened, META_COLLECTION),
      problem: clock && { code: clock.code, message: clock.message, remedy: clock.remedy },
      ...(warning !== null && { warning }),
    };
  } catch (thrown) {
    const { code, message, remedy } = toAppError(thrown);
    return { ...unknown, problem: { code, message, remedy } };
  } finally {
    await opened?.close();
  }
}

async function storeIdIn(opened: RemoteConnection, collection: string): Promise<string | null> {
  const store = await opened.run(() => opened.db.collection<{ _id: string }>(collection).findOne({ _id: 'store' }));
  const id = (store as { store_id?: unknown } | null)?.store_id;
  return typeof id === 'string' ? id : null;
}

/** Makes what the team's database needs, once, with an administrator's rights. */
export async function prepareDatabase(connection: Connection, env: Environment): Promise<void> {
  const { connect } = await import('../remote/connect.ts');
  const { initRemote } = await import('../remote/init-remote.ts');
  const opened = await connect(connection.url, { db: databaseNamed(connection, env) });
  try {
    await initRemote(opened);
  } finally {
    await opened.close();
  }
}

function databaseNamed({ url, database }: Connection, env: Environment): string {
  return database ?? env['MONGODB_DB_NAME'] ?? databaseOf(url) ?? 'almanac';
}
