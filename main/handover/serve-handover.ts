import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { toAppError } from '../../shared/errors.ts';
import type { Log } from '../lib/log.ts';
import { answerConnection, type Connection } from './connection.ts';
import { removeDoor, writeDoor } from './door.ts';
import { type Door, PROTOCOL_VERSION } from './protocol.ts';
import type { OwnerWork } from './requests.ts';
import { removeDeadSocket, socketPath } from './socket-place.ts';

export interface Handover {
  /** Takes no more, ends what can be ended, waits for the rest, and removes the socket. May be called twice. */
  close(): Promise<void>;
}

export interface HandoverOptions {
  /** The vault, real and absolute, held by this process. */
  readonly root: string;
  readonly work: OwnerWork;
  readonly log: Log;
}

/** More commands at once than a person or a script starts; the next ones wait in the system's queue. */
const MAX_CONNECTIONS = 128;

/**
 * Lets other processes of this person hand their changes to the one that has the vault open. Where no socket can be
 * made the app works all the same: commands then say who has the vault.
 */
export async function serveHandover(options: HandoverOptions): Promise<Handover> {
  try {
    return await open(options);
  } catch (error) {
    options.log.warn('commands cannot reach this vault while it is open', { reason: toAppError(error).message });
    return { close: async () => undefined };
  }
}

async function open({ root, work, log }: HandoverOptions): Promise<Handover> {
  const token = randomBytes(32).toString('base64url');
  const path = socketPath(root, randomBytes(8).toString('hex'));
  removeDeadSocket(path);
  const connections = new Set<Connection>();
  const server = createServer((socket: Socket) => {
    const connection = answerConnection(socket, { token, work, log });
    connections.add(connection);
    void connection.ended.then(() => connections.delete(connection));
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, path);
  // A failing accept (no file descriptors left) must not end the app.
  server.on('error', (error) => log.warn('a command could not connect', { reason: error.message }));
  if (process.platform !== 'win32') chmodSync(path, 0o600);
  const door: Door = { version: PROTOCOL_VERSION, path, token, pid: process.pid };
  writeDoor(root, door);

  const close = async (): Promise<void> => {
    // First the door, so that whoever comes now waits for the next owner.
    removeDoor(root, token);
    const closed = new Promise((resolve) => server.close(resolve));
    await Promise.all([...connections].map((connection) => connection.close()));
    await closed;
  };
  let closing: Promise<void> | undefined;
  return { close: () => (closing ??= close()) };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
