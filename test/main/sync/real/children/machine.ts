import { flushCompileCache } from 'node:module';
import type { Request, Response } from '../machine.ts';
import { Replica, type ReplicaSpec } from '../replica.ts';

// One that is killed would keep nothing of it for the next.
flushCompileCache();

/** A machine: one process with a replica of each history. It is killed without warning; machine.ts is the other end. */
const replicas = new Map<string, Promise<Replica>>();

async function answer({ history, method, args }: Request): Promise<unknown> {
  if (method === 'open') {
    const opening = Replica.open(args[0] as ReplicaSpec);
    replicas.set(history, opening);
    await opening;
    return null;
  }
  const replica = await replicas.get(history);
  if (replica === undefined) throw new Error(`no replica of history ${history}`);
  return (replica[method] as (...given: unknown[]) => unknown).apply(replica, [...args]);
}

process.on('message', (request: Request) => {
  const reply = (response: Omit<Response, 'seq'>): void => void process.send?.({ seq: request.seq, ...response });
  answer(request).then(
    (value) => reply({ value }),
    (error: unknown) => reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
