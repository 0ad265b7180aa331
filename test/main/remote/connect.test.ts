import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, type TestContext } from 'vitest';
import { connect, clockProblem } from '../../../main/remote/connect.ts';
import { AppError } from '../../../shared/errors.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';

const replicaSet = await sharedMongod('replica-set');
const standalone = await sharedMongod('standalone');

const PASSWORD = 'hunter2-geheim%21';

/** What connecting fails with, and everything that could be printed of it. */
async function failure(url: string): Promise<{ code: string; printed: string; message: string }> {
  try {
    const connection = await connect(url, { selectionTimeoutMs: 3_000 });
    await connection.close();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const cause = error.cause as Error | undefined;
    const printed = `${error.stack} ${JSON.stringify(error.details)} ${cause?.stack} ${JSON.stringify(cause)} ${error.remedy}`;
    return { code: error.code, printed, message: error.message };
  }
  throw new Error('it connected');
}

function portOf(url: string): string {
  return new URL(url).port;
}

async function listening(onConnection: 'silent' | 'closing', { onTestFinished }: TestContext): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (onConnection === 'closing') socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const login = `user-somebody:${encodeURIComponent(PASSWORD)}@`;
const cases: readonly (readonly [string, (context: TestContext) => Promise<string> | string, string])[] = [
  ['an address that is none', () => `mongo://${login}host`, 'REMOTE_URL_BAD'],
  [
    'a password with an unescaped slash',
    () => 'mongodb://user-somebody:hunter2/geheim@127.0.0.1:1/x',
    'REMOTE_URL_BAD',
  ],
  ['an option that does not exist', () => `mongodb://${login}127.0.0.1:1/?frobnicate=hunter2`, 'REMOTE_URL_BAD'],
  ['a host that nobody knows', () => `mongodb://${login}no-such-host.invalid:27017/`, 'REMOTE_NOT_FOUND'],
  ['a port that nobody listens at', () => `mongodb://${login}127.0.0.1:1/`, 'REMOTE_REFUSED'],
  [
    'a server that says nothing',
    async (context) => `mongodb://${login}127.0.0.1:${await listening('silent', context)}/`,
    'REMOTE_TIMED_OUT',
  ],
  [
    'a server without TLS where TLS is asked',
    () => `mongodb://127.0.0.1:${portOf(standalone)}/?tls=true`,
    'REMOTE_TLS',
  ],
  [
    'a set that the server is not of',
    () => `mongodb://127.0.0.1:${portOf(standalone)}/?replicaSet=rs0`,
    'REMOTE_NOT_REPLICA_SET',
  ],
  [
    'another set than the server’s',
    () => `mongodb://127.0.0.1:${portOf(replicaSet)}/?replicaSet=rs0`,
    'REMOTE_NOT_REPLICA_SET',
  ],
  ['a user that the server does not know', () => `mongodb://${login}127.0.0.1:${portOf(standalone)}/`, 'REMOTE_AUTH'],
];

// At once: all but a few wait until the server is no longer looked for.
for (const [what, makeUrl, code] of cases) {
  test.concurrent(`${what} is told in plain words, without the address’s secrets`, async (context) => {
    const url = await makeUrl(context);
    const { printed, ...failed } = await failure(url);
    expect(failed).toEqual({ code, message: expect.not.stringContaining('Mongo') as string });
    for (const secret of ['hunter2', 'geheim', 'user-somebody']) expect(printed).not.toContain(secret);
  });
}

test.concurrent('a server that talks otherwise is away, or does not answer', async (context) => {
  const { code } = await failure(`mongodb://127.0.0.1:${await listening('closing', context)}/`);
  expect(['REMOTE_AWAY', 'REMOTE_TIMED_OUT']).toContain(code);
});

test('facts tell the set, the version and by how much the clocks differ', async () => {
  const connection = await connect(replicaSet, { db: 'facts', clock: { now: () => Date.now() - 600_000 } });
  onTestFinished(() => connection.close());
  expect(connection.facts).toMatchObject({ replicaSet: 'almanac', streams: true, isRouter: false });
  expect(connection.facts.version).toMatch(/^\d+\./);
  expect(Math.round(connection.facts.clockOffsetMs / 60_000)).toBe(10);
  expect(clockProblem(connection)).toMatchObject({ code: 'REMOTE_CLOCK' });
  expect(connection.server).toBe(new URL(replicaSet).host);
  const alone = await connect(standalone);
  onTestFinished(() => alone.close());
  expect(alone.facts).toMatchObject({ replicaSet: null, streams: false });
  expect(alone.database).toBe('almanac');
  expect(clockProblem(alone)).toBeNull();
});

test('a closed connection refuses, and closing twice is harmless', async () => {
  const connection = await connect(standalone);
  await connection.close();
  await connection.close();
  await expect(connection.hello()).rejects.toMatchObject({ code: 'VAULT_CLOSED' });
});
