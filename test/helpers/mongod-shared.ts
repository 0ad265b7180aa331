import { request } from 'node:http';
import { beforeEach, inject } from 'vitest';
import type { SharedKind } from './mongod-broker.ts';

/**
 * The address of a mongod that all tests of the run share: `const url = await sharedMongod('replica-set')` at the top of
 * a file. Where there is no binary the file's tests are skipped, with the reason, and the address is ''.
 */
export async function sharedMongod(kind: SharedKind): Promise<string> {
  const reply = JSON.parse(await get(`${inject('mongodBroker')}/${kind}`)) as { url?: string; missing?: string };
  const { missing } = reply;
  if (missing !== undefined) beforeEach((context) => context.skip(missing));
  return reply.url ?? '';
}

let count = 0;

/** A database name that no other test of the run has. */
export function freshDatabase(): string {
  count += 1;
  return `t${process.pid}_${process.env['VITEST_POOL_ID'] ?? '0'}_${count}_${Math.random().toString(36).slice(2, 8)}`;
}

/** As `fetch`, without its time limits: the first one to ask may wait for a download. */
function get(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(address, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`the test's mongod did not start: ${text}`)),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}
