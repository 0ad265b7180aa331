import { AppError, type ErrorCode, toAppError } from '../../shared/errors.ts';

/** What is known of the connection when something fails. Nothing of it is secret. */
export interface Surroundings {
  /** The server as a person may see it. */
  readonly server: string;
  readonly redact: (text: string) => string;
}

interface Words {
  readonly code: ErrorCode;
  readonly message: (server: string) => string;
  readonly remedy: string;
}

const words = {
  url: {
    code: 'REMOTE_URL_BAD',
    message: () => 'The address of the team database cannot be read.',
    remedy: 'It looks like mongodb://user:password@host:27017/; encode special characters of the password (@ is %40).',
  },
  dns: {
    code: 'REMOTE_NOT_FOUND',
    message: (server) => `No computer named in ${server} is known to the network (DNS).`,
    remedy: 'Check the spelling of the host, and that this machine is online or in the VPN.',
  },
  refused: {
    code: 'REMOTE_REFUSED',
    message: (server) => `Nothing answers at ${server}: the connection was refused.`,
    remedy: 'Check that MongoDB runs there, and the port.',
  },
  timeout: {
    code: 'REMOTE_TIMED_OUT',
    message: (server) => `${server} did not answer in time.`,
    remedy: 'Check the network, and that no firewall (or access list of the provider) keeps this machine out.',
  },
  tls: {
    code: 'REMOTE_TLS',
    message: (server) => `No encrypted connection to ${server}: its certificate or its TLS settings do not fit.`,
    remedy: 'Check tls= in the address, the name in the certificate, and give tlsCAFile= for an authority of your own.',
  },
  clock: {
    code: 'REMOTE_CLOCK',
    message: (server) => `The clock of this machine and that of ${server} do not agree.`,
    remedy: 'Set the clock of this machine (automatic time), or that of the server.',
  },
  auth: {
    code: 'REMOTE_AUTH',
    message: (server) => `${server} does not accept the user name or the password.`,
    remedy: 'Check both, and authSource= in the address (often admin).',
  },
  forbidden: {
    code: 'REMOTE_FORBIDDEN',
    message: (server) => `The user may not do this on ${server}.`,
    remedy: 'Ask for the role readWrite on this database; collections and indexes are made by `almanac remote init`.',
  },
  replicaSet: {
    code: 'REMOTE_NOT_REPLICA_SET',
    message: (server) => `${server} is not a member of the replica set that the address names.`,
    remedy: 'Correct replicaSet= in the address, or leave it out for a server that stands alone.',
  },
  prepared: {
    code: 'REMOTE_NOT_PREPARED',
    message: (server) => `The database on ${server} has not been prepared for Almanac, and this user may not do it.`,
    remedy: 'Have an administrator run `almanac remote init` once.',
  },
  away: {
    code: 'REMOTE_AWAY',
    message: (server) => `The connection to ${server} was lost.`,
    remedy: 'Nothing is lost here. It is tried again by itself once the server is back.',
  },
  contested: {
    code: 'REMOTE_CONTESTED',
    message: (server) => `The record was changed by others on ${server} again and again while this change was made.`,
    remedy: 'Try again.',
  },
  failed: {
    code: 'REMOTE_FAILED',
    message: (server) => `${server} refused: `,
    remedy: 'Try again; if it happens again, look into the log of the server.',
  },
} as const satisfies Record<string, Words>;

export type RemoteTroubleKind = keyof typeof words;

/** One of the errors of this room, in plain words. `detail`: already without secrets. */
export function remoteFailure(kind: RemoteTroubleKind, server: string, detail = '', cause?: unknown): AppError {
  const { code, message, remedy } = words[kind];
  const text = kind === 'failed' ? `${message(server)}${detail}` : message(server);
  return new AppError(code, text, { remedy, details: { server, ...(detail && { reason: detail }) }, cause });
}

/** What the driver throws, as far as it is looked at. */
interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string | number;
  readonly codeName?: string;
  readonly cause?: unknown;
  readonly reason?: unknown;
  readonly errors?: unknown;
}

/**
 * Anything thrown by the driver as an AppError that a person can act upon. Its cause is a copy of the driver's error
 * that holds no address, no user and no password; the driver's own object is let go.
 */
export function toRemoteError(thrown: unknown, { server, redact }: Surroundings): AppError {
  if (thrown instanceof AppError) return thrown;
  const chain = causesOf(thrown);
  const told = chain.map((each) => redact(each.message ?? '')).filter(Boolean);
  const cause = new Error(told.join(' ← '));
  const closed = chain.some(({ name }) => name === 'MongoNotConnectedError' || name === 'MongoClientClosedError');
  if (closed) return new AppError('VAULT_CLOSED', 'The connection is closed.', { remedy: 'Open it again.', cause });
  if (chain.some(({ code }) => code === 121)) return invalidDocument(cause);
  if (chain.some(({ code }) => code === 2)) return unreadableRequest(told[0] ?? '', cause);
  const kind = kindOf(chain);
  if (kind) return remoteFailure(kind, server, told.at(-1), cause);
  if (chain.some(({ name }) => name?.startsWith('Mongo'))) return remoteFailure('failed', server, told[0], cause);
  return toAppError(thrown);
}

function invalidDocument(cause: Error): AppError {
  return new AppError('BAD_RECORD', 'The team database does not take this record: it does not fit its rules.', {
    remedy: 'Correct the record, or have an administrator run `almanac remote init` with this version of Almanac.',
    cause,
  });
}

/** What the server finds out only when it looks at the documents: two lists in one sort, say. */
function unreadableRequest(told: string, cause: Error): AppError {
  return new AppError('BAD_FILTER', `The team database cannot answer this: ${told}`, {
    remedy: 'Ask in another way; sort by one list at most.',
    cause,
  });
}

/** The error and everything it was caused by, outermost first. */
function causesOf(thrown: unknown, depth = 0): Thrown[] {
  if (typeof thrown !== 'object' || thrown === null || depth > 8) return [];
  const error = thrown as Thrown; // read field by field; nothing of it is trusted
  return [
    error,
    ...causesOf(error.cause, depth + 1),
    ...serverErrorsOf(error.reason).flatMap((each) => causesOf(each, depth + 1)),
    ...(Array.isArray(error.errors) ? error.errors.flatMap((each) => causesOf(each, depth + 1)) : []),
  ];
}

interface Topology {
  readonly type?: string;
  readonly setName?: string | null;
  readonly servers?: ReadonlyMap<string, { readonly error?: unknown }>;
}

function serverErrorsOf(reason: unknown): unknown[] {
  const { servers, type } = (reason ?? {}) as Topology;
  if (!(servers instanceof Map)) return [];
  // The driver strikes off servers that are not of the set that was asked for.
  if (servers.size === 0 && type?.startsWith('ReplicaSet')) return [{ code: 'NOT_OF_SET', message: 'no member left' }];
  return [...servers.values()].flatMap((each) => each.error ?? []);
}

const byCode = new Map<string | number, RemoteTroubleKind>([
  ['NOT_OF_SET', 'replicaSet'],
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ENODATA', 'dns'],
  ['ESERVFAIL', 'dns'],
  ['ETIMEOUT', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['ETIMEDOUT', 'timeout'],
  ['EHOSTUNREACH', 'timeout'],
  ['ENETUNREACH', 'timeout'],
  ['CERT_HAS_EXPIRED', 'clock'],
  ['CERT_NOT_YET_VALID', 'clock'],
  ['EPROTO', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'tls'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
  ['HOSTNAME_MISMATCH', 'tls'],
  [11, 'auth'],
  [18, 'auth'],
  [8000, 'auth'],
  [13, 'forbidden'],
  [50, 'timeout'],
  [64, 'timeout'],
  [202, 'timeout'],
  [262, 'timeout'],
  [20, 'replicaSet'],
  [40573, 'replicaSet'],
]);

const byName = new Map<string, RemoteTroubleKind>([
  ['MongoParseError', 'url'],
  ['MongoInvalidArgumentError', 'url'],
  ['MongoMissingCredentialsError', 'url'],
  ['MongoMissingDependencyError', 'url'],
  ['MongoNetworkTimeoutError', 'timeout'],
  ['MongoServerSelectionError', 'timeout'],
  ['MongoOperationTimeoutError', 'timeout'],
  ['MongoNetworkError', 'away'],
  ['MongoTopologyClosedError', 'away'],
  ['MongoPoolClearedError', 'away'],
]);

/** The innermost cause that has a meaning says what it is; the driver's own names only where none has. */
function kindOf(chain: readonly Thrown[]): RemoteTroubleKind | undefined {
  for (const { code, message } of chain.toReversed()) {
    if (code === undefined) continue;
    if (code === 13 && /authentication/i.test(message ?? '')) return 'auth';
    const kind = byCode.get(code) ?? (/^ERR_(?:TLS|SSL)_/.test(String(code)) ? 'tls' : undefined);
    if (kind) return kind;
  }
  if (chain.some(({ message }) => /before secure TLS connection|SSL routines|\btls\b.*alert/i.test(message ?? ''))) {
    return 'tls';
  }
  return chain.map(({ name }) => byName.get(name ?? '')).findLast(Boolean);
}
