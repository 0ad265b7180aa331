import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a program and a server on 127.0.0.1: counts what passes, and cuts it. */
export interface TcpProxy {
  readonly port: number;
  /** Bytes that passed so far, both ways together. */
  bytes(): number;
  /** Ends every connection and refuses new ones, as a pulled cable would look from here, until `mend`. */
  cut(): void;
  /** Cuts as soon as this many more bytes have passed; resolves then. */
  cutAfter(bytes: number): Promise<void>;
  /** Lets everything through again; a cut that was still to come does not come. */
  mend(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let bytes = 0;
  let isCut = false;
  let limit: { readonly bytes: number; readonly reached: () => void } | undefined;

  function cut(): void {
    isCut = true;
    for (const socket of open) socket.destroy();
  }
  function passed(count: number): void {
    bytes += count;
    if (limit === undefined || bytes < limit.bytes) return;
    const { reached } = limit;
    limit = undefined;
    cut();
    reached();
  }
  function join(from: Socket, to: Socket): void {
    open.add(from);
    from.setNoDelay(true);
    from.on('data', (part: Buffer) => passed(part.length));
    from.on('error', () => undefined); // an end without good-bye is what this is for
    from.on('close', () => {
      open.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }

  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const there = connect(target, '127.0.0.1');
    join(near, there);
    join(there, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    cut,
    cutAfter: (more) => new Promise((reached) => (limit = { bytes: bytes + more, reached })),
    mend() {
      isCut = false;
      limit = undefined;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
