import { MongoMemoryReplSet, MongoMemoryServer } from 'mongodb-memory-server-core';
import { findMongod } from './mongod-binary.ts';

export interface MongodOptions {
  /** A replica set of one member has change streams and transactions; a standalone has neither. */
  readonly kind: 'replica-set' | 'standalone';
  /** Asks for a user; this one may do everything. Names and words without special characters. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** PEM with certificate and key. Connections without TLS stay possible, for the starting itself. */
  readonly tlsCertificateKeyFile?: string;
  readonly port?: number;
  /** Where the data lies; kept afterwards. Absent: a temporary folder that vanishes. */
  readonly dataFolder?: string;
  readonly args?: readonly string[];
}

export interface Mongod {
  /** With the user of `auth`, and no database. */
  readonly url: string;
  readonly port: number;
  /** Ends it, and removes its temporary data. */
  stop(): Promise<void>;
  /** As a power cut would: no good-bye, the data stays. Then only `stop` is left. */
  kill(): void;
}

const SMALL = ['--wiredTigerCacheSizeGB', '0.25', '--setParameter', 'diagnosticDataCollectionEnabled=false'];
/** Of a machine that is busy with other things. */
const LAUNCH_MS = 120_000;
const storageEngine = 'wiredTiger' as const;
const ip = '127.0.0.1';

/** Starts a real mongod on 127.0.0.1. Fails where there is no binary: ask `findMongod` first. */
export async function startMongod(options: MongodOptions): Promise<Mongod> {
  const found = await findMongod();
  if ('missing' in found) throw new Error(found.missing);
  const { auth, tlsCertificateKeyFile, port, dataFolder } = options;
  const tls = tlsCertificateKeyFile ? ['--tlsMode', 'preferTLS', '--tlsCertificateKeyFile', tlsCertificateKeyFile] : [];
  const plan: Plan = {
    binary: { systemBinary: found.path, version: found.version },
    args: [...SMALL, ...tls, ...(options.args ?? [])],
    instance: {
      launchTimeout: LAUNCH_MS,
      storageEngine,
      ...(port && { port }),
      ...(dataFolder && { dbPath: dataFolder }),
    },
    auth: auth ? { enable: true, customRootName: auth.user, customRootPwd: auth.password } : { enable: false },
    login: auth ? `${auth.user}:${auth.password}@` : '',
    doCleanup: dataFolder === undefined,
  };
  return options.kind === 'standalone' ? startStandalone(plan) : startReplicaSet(plan);
}

interface Plan {
  readonly binary: { readonly systemBinary: string; readonly version: string };
  readonly args: string[];
  readonly instance: {
    readonly launchTimeout: number;
    readonly storageEngine: 'wiredTiger';
    readonly port?: number;
    readonly dbPath?: string;
  };
  readonly auth: { readonly enable: boolean; readonly customRootName?: string; readonly customRootPwd?: string };
  /** `user:password@`, or nothing. */
  readonly login: string;
  readonly doCleanup: boolean;
}

async function startStandalone({ binary, args, instance, auth, login, doCleanup }: Plan): Promise<Mongod> {
  const server = await MongoMemoryServer.create({ binary, instance: { ...instance, ip, args }, auth });
  const { port = 0 } = server.instanceInfo ?? {};
  return {
    url: `mongodb://${login}${ip}:${port}/`,
    port,
    stop: async () => void (await server.stop({ doCleanup, force: doCleanup })),
    kill: () => killInstance(server),
  };
}

async function startReplicaSet({ binary, args, instance, auth, login, doCleanup }: Plan): Promise<Mongod> {
  const set = await MongoMemoryReplSet.create({
    binary,
    instanceOpts: [instance],
    replSet: { count: 1, name: 'almanac', ip, args, storageEngine, auth },
  });
  const { port = 0 } = set.servers[0]?.instanceInfo ?? {};
  return {
    url: `mongodb://${login}${ip}:${port}/?replicaSet=almanac`,
    port,
    stop: async () => void (await set.stop({ doCleanup, force: doCleanup })),
    kill: () => set.servers.forEach(killInstance),
  };
}

function killInstance(server: MongoMemoryServer): void {
  server.instanceInfo?.instance.mongodProcess?.kill('SIGKILL');
}
