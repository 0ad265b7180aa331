import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MongoClient } from 'mongodb';
import { findMongod } from './mongod-binary.ts';

/** How a command is to fail, once or several times; the server's own fail point (`failCommand`). */
export interface CommandFailure {
  readonly commands: readonly string[];
  readonly times: number;
  readonly errorCode?: number;
  readonly closeConnection?: true;
  /** They are done, but so much later. */
  readonly blockMs?: number;
  /** The write happens, but its acknowledgement says this. */
  readonly writeConcernErrorCode?: number;
  /** Clients of this name alone. */
  readonly appName?: string;
}

export interface MongodProcessOptions {
  /** A `member` is one of a set that somebody else makes (mongod-set.ts). */
  readonly kind: 'replica-set' | 'standalone' | 'member';
  /** Of its own; what is in it is kept. */
  readonly folder: string;
  readonly args?: readonly string[];
}

export const SET = 'almanac';
/** Small journals and a small history, so that copies are quick and history can be lost. */
const SETTINGS: readonly string[] = [
  '--wiredTigerCacheSizeGB=0.25',
  '--bind_ip=127.0.0.1',
  '--nounixsocket',
  '--setParameter=diagnosticDataCollectionEnabled=false',
  '--setParameter=enableTestCommands=1',
  '--wiredTigerEngineConfigString=log=(prealloc=false,file_max=1MB)',
];
const OPLOG_MB = 16;

/**
 * A real mongod on 127.0.0.1 whose process and data are in the test's hand: it can be killed, set back to a copy of its
 * data, made to forget its history, to step down and to fail commands. Ask `findMongod` first whether there is one.
 */
export class MongodProcess {
  readonly port: number;
  readonly #options: MongodProcessOptions;
  readonly #binary: string;
  #child: ChildProcess | undefined;
  #admin: MongoClient | undefined;

  private constructor(options: MongodProcessOptions, binary: string, port: number) {
    this.#options = options;
    this.#binary = binary;
    this.port = port;
  }

  static async start(options: MongodProcessOptions): Promise<MongodProcess> {
    const found = await findMongod();
    if ('missing' in found) throw new Error(found.missing);
    const server = new MongodProcess(options, found.path, await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `mongodb://127.0.0.1:${this.port}/?directConnection=true`;
  }

  get #data(): string {
    return join(this.#options.folder, 'data');
  }

  /** Resolves when it takes writes; a member of a set already when it listens. */
  async start(): Promise<void> {
    const { kind } = this.#options;
    const ofSet = ['--replSet', SET, '--oplogSize', String(OPLOG_MB)];
    this.#child = await this.#spawn(this.port, kind === 'standalone' ? [] : ofSet);
    this.#admin = new MongoClient(this.url, { serverSelectionTimeoutMS: 1_000 });
    if (kind === 'replica-set') await this.#untilPrimary();
  }

  /** Whether it ended by itself, say because its disk is full. */
  get hasEnded(): boolean {
    return this.#child !== undefined && (this.#child.exitCode !== null || this.#child.signalCode !== null);
  }

  async #spawn(port: number, more: readonly string[]): Promise<ChildProcess> {
    await mkdir(this.#data, { recursive: true });
    const args = ['--port', String(port), '--dbpath', this.#data, ...more, ...SETTINGS, ...(this.#options.args ?? [])];
    const child = spawn(this.#binary, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    await untilItListens(child);
    return child;
  }

  async #untilPrimary(): Promise<void> {
    const admin = this.admin();
    const host = `127.0.0.1:${this.port}`;
    await admin.command({ replSetInitiate: { _id: SET, members: [{ _id: 0, host }] } }).catch(ignoreCode(23));
    for (;;) {
      const { isWritablePrimary } = await admin.command({ hello: 1 });
      if (isWritablePrimary === true) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** For the test's own commands. */
  admin() {
    if (this.#admin === undefined) throw new Error('the mongod of this test does not run');
    return this.#admin.db('admin');
  }

  client(): MongoClient {
    this.admin();
    return this.#admin as MongoClient;
  }

  /** As a power cut of the process: no good-bye. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    child.kill('SIGKILL');
    await ended(child);
    // It would say good-bye to a server that is not there: nobody waits for that.
    void this.#admin?.close().catch(() => undefined);
    this.#admin = undefined;
  }

  /** Gives up being the primary, cuts its clients off, and is elected again. */
  async stepDown(): Promise<void> {
    await this.admin()
      .command({ replSetStepDown: 1, secondaryCatchUpPeriodSecs: 0, force: true })
      .catch(() => undefined);
    await this.#untilPrimary();
  }

  /** Copies the data of the server, which must not run, and puts them back. */
  async backUp(): Promise<void> {
    await rm(this.#copy, { recursive: true, force: true });
    await cp(this.#data, this.#copy, { recursive: true });
  }
  async restore(): Promise<void> {
    await rm(this.#data, { recursive: true, force: true });
    await cp(this.#copy, this.#data, { recursive: true });
  }
  get #copy(): string {
    return join(this.#options.folder, 'copy');
  }

  /** Forgets all changes so far, as a server does that has had many since. Clients are cut off meanwhile. */
  async loseHistory(): Promise<void> {
    // Good-bye first: what is not in the data yet would have to be taken from the history.
    await this.#shutDown();
    const port = await freePort();
    const child = await this.#spawn(port, []);
    const alone = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
    try {
      await alone.db('local').dropDatabase();
    } finally {
      child.kill('SIGTERM');
      await ended(child);
      void alone.close().catch(() => undefined);
    }
    await this.start();
  }

  async #shutDown(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    await this.admin()
      .command({ shutdown: 1, force: true, timeoutSecs: 0 })
      .catch(() => undefined);
    await ended(child);
    void this.#admin?.close().catch(() => undefined);
    this.#admin = undefined;
  }

  async failCommands({ commands, times, appName, ...how }: CommandFailure): Promise<void> {
    const { errorCode, closeConnection, blockMs, writeConcernErrorCode } = how;
    await this.admin().command({
      configureFailPoint: 'failCommand',
      mode: { times },
      data: {
        failCommands: commands,
        ...(appName !== undefined && { appName }),
        ...(errorCode !== undefined && { errorCode }),
        ...(closeConnection && { closeConnection }),
        ...(blockMs !== undefined && { blockConnection: true, blockTimeMS: blockMs }),
        ...(writeConcernErrorCode !== undefined && {
          writeConcernError: { code: writeConcernErrorCode, errmsg: 'injected' },
        }),
      },
    });
  }
  async failNoMore(): Promise<void> {
    await this.admin().command({ configureFailPoint: 'failCommand', mode: 'off' });
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function untilItListens(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('mongod has no output');
  const lines = createInterface({ input: child.stdout });
  const last: string[] = [];
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      last.push(line);
      if (last.length > 20) last.shift();
      if (line.includes('"Waiting for connections"')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`mongod ended with ${code}: ${last.join('\n')}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function ignoreCode(expected: number): (error: unknown) => void {
  return (error) => {
    if ((error as { code?: unknown }).code !== expected) throw error;
  };
}
