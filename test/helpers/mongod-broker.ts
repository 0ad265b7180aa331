import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { findMongod } from './mongod-binary.ts';
import { type Mongod, startMongod } from './mongod.ts';

/** The servers that tests share, by name; each is started when the first test asks for it. */
export type SharedKind = 'replica-set' | 'standalone';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly mongodBroker: string;
  }
}

/**
 * Vitest's global set-up: outlives the workers, so that one server serves them all, and none is started where no test
 * asks. `GET /replica-set` answers `{url}` or `{missing}`.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<SharedKind, Promise<Mongod>>();

  async function answer(kind: SharedKind): Promise<{ url: string } | { missing: string }> {
    const found = await findMongod();
    if ('missing' in found) return found;
    const running = started.get(kind) ?? startMongod({ kind });
    started.set(kind, running);
    return { url: (await running).url };
  }

  const broker = createServer((request, response) => {
    const kind = request.url === '/standalone' ? 'standalone' : 'replica-set';
    answer(kind).then(
      (reply) => response.end(JSON.stringify(reply)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => void broker.listen(0, '127.0.0.1', resolve));
  project.provide('mongodBroker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`);
  return async () => {
    broker.closeAllConnections();
    broker.close();
    await Promise.allSettled([...started.values()].map(async (running) => (await running).stop()));
  };
}
