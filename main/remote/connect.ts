import type { ClientSession, Db, MongoClient, MongoClientOptions } from 'mongodb';
import type { AppError } from '../../shared/errors.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { redactUrl, redactorOf } from '../lib/redact-url.ts';
import { type Driver, loadDriver } from './driver.ts';
import { type Surroundings, remoteFailure, toRemoteError } from './remote-error.ts';

export interface ConnectOptions {
  /** The database. Absent: the one in the address, else `almanac`. */
  readonly db?: string;
  readonly clock?: Clock;
  /** How long a server that answers is looked for. */
  readonly selectionTimeoutMs?: number;
}

export interface ServerFacts {
  /** The replica set's name; null for a server that stands alone. Behind a router it is not told. */
  readonly replicaSet: string | null;
  readonly isRouter: boolean;
  /** Whether there are change streams and transactions, as far as the server tells. */
  readonly streams: boolean;
  readonly version: string | null;
  /** The server's clock minus ours, milliseconds. */
  readonly clockOffsetMs: number;
  /** The server's clock as it answered. */
  readonly serverTime: Date;
}

/** A connection to a team database. Long-lived: the driver mends it by itself. */
export interface RemoteConnection extends Surroundings {
  readonly driver: Driver;
  readonly client: MongoClient;
  readonly db: Db;
  readonly database: string;
  /** As they were at connecting. */
  readonly facts: ServerFacts;
  /** Asks the server again. */
  hello(): Promise<ServerFacts>;
  /** Runs work with the driver; what it throws comes out as an AppError without secrets. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Several writes that are seen all at once or not at all. Only where `facts.streams`. */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  /** May be called twice. */
  close(): Promise<void>;
}

const usualDatabase = 'almanac';
/** A difference of clocks that a person should hear of. */
const MAX_CLOCK_OFFSET_MS = 5 * 60_000;

/** reliability.md §2.4: D10, D11, D19; options in the address cannot weaken them. */
const firmOptions = {
  appName: 'almanac',
  maxPoolSize: 5,
  retryWrites: true,
  retryReads: true,
  readPreference: 'primary',
  readConcernLevel: 'majority',
  // Each by itself: in one `writeConcern` an address with `journal=false` would outrank it, and what is then acknowledged is
  // in memory alone. On disk also where a replica set or a server that stands alone is configured otherwise.
  w: 'majority',
  journal: true,
  wtimeoutMS: 10_000,
  ignoreUndefined: true,
  bsonRegExp: true,
  socketTimeoutMS: 60_000,
  // Asked now and then rather than told all the time: an idle vault should be quiet. Whatever fails is looked into at once.
  serverMonitoringMode: 'poll',
  heartbeatFrequencyMS: 30_000,
} as const satisfies MongoClientOptions;

/** Connects and says hello. REMOTE_* in plain words where that fails; nothing stays open then. */
export async function connect(url: string, options: ConnectOptions = {}): Promise<RemoteConnection> {
  const { clock = systemClock, selectionTimeoutMs = 5_000 } = options;
  const surroundings = { server: serverOf(url), redact: redactorOf(url) };
  const driver = await loadDriver();
  let client: MongoClient | undefined;
  try {
    client = new driver.MongoClient(url, {
      ...firmOptions,
      serverSelectionTimeoutMS: selectionTimeoutMs,
      connectTimeoutMS: selectionTimeoutMs,
    });
    await client.connect();
    const db = client.db(options.db ?? databaseIn(url) ?? usualDatabase);
    const facts = await askHello(db, clock);
    return connectionOf({ driver, client, db, facts, clock, surroundings });
  } catch (thrown) {
    await client?.close().catch(() => undefined);
    throw toRemoteError(thrown, surroundings);
  }
}

interface Parts {
  readonly driver: Driver;
  readonly client: MongoClient;
  readonly db: Db;
  readonly facts: ServerFacts;
  readonly clock: Clock;
  readonly surroundings: Surroundings;
}

function connectionOf({ driver, client, db, facts, clock, surroundings }: Parts): RemoteConnection {
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      throw toRemoteError(thrown, surroundings);
    }
  };
  let closing: Promise<void> | undefined;
  return {
    ...surroundings,
    driver,
    client,
    db,
    database: db.databaseName,
    facts,
    run,
    hello: () => run(() => askHello(db, clock)),
    transaction: (work) => client.withSession((session) => session.withTransaction(() => work(session))),
    close: () => (closing ??= client.close().catch(() => undefined)),
  };
}

async function askHello(db: Db, clock: Clock): Promise<ServerFacts> {
  const before = clock.now();
  const hello = await db.command({ hello: 1 });
  const after = clock.now();
  // Asked of everybody who may log in; a service that only resembles MongoDB may not know it.
  const build = await db.command({ buildInfo: 1 }).catch(() => ({ version: null }));
  const localTime: unknown = hello['localTime'];
  const serverTime = localTime instanceof Date ? localTime : new Date(after);
  const isRouter = hello['msg'] === 'isdbgrid';
  const replicaSet = typeof hello['setName'] === 'string' ? hello['setName'] : null;
  return {
    replicaSet,
    isRouter,
    streams: isRouter || replicaSet !== null,
    version: typeof build['version'] === 'string' ? build['version'] : null,
    clockOffsetMs: localTime instanceof Date ? Math.round(localTime.getTime() - (before + after) / 2) : 0,
    serverTime,
  };
}

/** REMOTE_CLOCK where the clocks differ by more than five minutes; such a connection works, but its times mislead. */
export function clockProblem({ server, facts }: Pick<RemoteConnection, 'server' | 'facts'>): AppError | null {
  if (Math.abs(facts.clockOffsetMs) <= MAX_CLOCK_OFFSET_MS) return null;
  const minutes = Math.round(facts.clockOffsetMs / 60_000);
  return remoteFailure(
    'clock',
    server,
    `the server is ${Math.abs(minutes)} minutes ${minutes > 0 ? 'ahead' : 'behind'}`,
  );
}

/** Hosts and ports alone; nothing of an address that is none. */
function serverOf(url: string): string {
  return /^mongodb(?:\+srv)?:\/\/(?:\*\*\*@)?([^/?@:]+[^/?@]*)/i.exec(redactUrl(url))?.[1] ?? 'the team database';
}

function databaseIn(url: string): string | undefined {
  const name = /^mongodb(?:\+srv)?:\/\/(?:.*@)?[^/?]*\/([^?]+)/is.exec(url)?.[1];
  try {
    return name && decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
