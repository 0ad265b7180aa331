import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createRouter } from '../../../main/ipc/router.ts';
import { silentLog } from '../../../main/lib/log.ts';
import { AppError } from '../../../shared/errors.ts';
import { methods, type Handlers, type MethodName } from '../../../shared/ipc/contract.ts';
import { Reply } from '../../../shared/ipc/reply.ts';

/** A handler for every method: the given ones, and for the rest one that must not be reached. */
function handlersWith(given: Partial<Handlers>): Handlers {
  const unexpected = (method: string) => () => Promise.reject(new Error(`${method} was not expected`));
  const all = Object.fromEntries(Object.keys(methods).map((method) => [method, unexpected(method)]));
  // Every method of the contract is a key of `all`.
  return { ...all, ...given } as Handlers;
}

function routerWith(given: Partial<Handlers>, timeoutMs?: number) {
  return createRouter(handlersWith(given), { log: silentLog, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
}

async function errorOf(reply: Promise<Reply>) {
  const answer = await reply;
  if (answer.ok) throw new Error('The call was expected to fail.');
  return answer.error;
}

test('a call answers with the handler’s value', async () => {
  const dispatch = routerWith({ 'conversations.tags': async () => [{ tag: 'work', count: 2 }] });
  expect(await dispatch('conversations.tags', {})).toEqual({ ok: true, value: [{ tag: 'work', count: 2 }] });
});

test('a wrong input names its field and never reaches the handler', async () => {
  const list = vi.fn<Handlers['conversations.list']>();
  const dispatch = routerWith({ 'conversations.list': list });
  const error = await errorOf(dispatch('conversations.list', { view: 'active', offset: 0, limit: 501 }));
  expect(error).toMatchObject({ code: 'BAD_INPUT', details: { method: 'conversations.list', field: 'limit' } });
  expect(error.message).toContain('field "limit"');
  expect(list).not.toHaveBeenCalled();
});

test('an unknown field is refused by name', async () => {
  const error = await errorOf(routerWith({})('vault.status', { path: '/etc' }));
  expect(error).toMatchObject({ code: 'BAD_INPUT', details: { field: 'path' } });
});

test('an unknown method is NOT_FOUND, also one that every object has', async () => {
  for (const method of ['vault.nothing', 'toString', '__proto__', 'constructor', ''])
    expect((await errorOf(routerWith({})(method, {}))).code).toBe('NOT_FOUND');
});

test('an answer that breaks the contract becomes INTERNAL', async () => {
  // The compiler refuses this answer; a handler that lies at run time is what is tested.
  const lying = (async () => [{ tag: 7, count: 'many' }]) as unknown as Handlers['conversations.tags'];
  const error = await errorOf(routerWith({ 'conversations.tags': lying })('conversations.tags', {}));
  expect(error.code).toBe('INTERNAL');
  expect(error.message).toContain('conversations.tags');
});

test('members that the contract does not name stay behind', async () => {
  const row = { tag: 'a', count: 1, secret: 'x' };
  const dispatch = routerWith({ 'conversations.tags': async () => [row] });
  expect(await dispatch('conversations.tags', {})).toEqual({ ok: true, value: [{ tag: 'a', count: 1 }] });
});

test('errors keep code, remedy and details, and lose stack and absolute paths', async () => {
  const failing = async (): Promise<never> => {
    throw new AppError('DISK_ERROR', "Cannot write '/home/ada/My vault/data/x.json'.", {
      remedy: 'Look at C:\\Users\\ada\\vault.',
      details: { at: ['/home/ada/vault/_index.json'] },
    });
  };
  const error = await errorOf(routerWith({ 'vault.status': failing })('vault.status', {}));
  expect(error).toEqual({
    code: 'DISK_ERROR',
    message: "Cannot write '…/x.json'.",
    remedy: 'Look at …/vault.',
    details: { at: ['…/_index.json'] },
  });
});

test('what a handler throws without thought becomes INTERNAL data, never an exception', async () => {
  for (const thrown of [new Error('ENOENT: /home/ada/vault/x'), 'text', undefined, null, 7]) {
    // oxlint-disable-next-line typescript/only-throw-error, typescript/prefer-promise-reject-errors -- that is the case
    const dispatch = routerWith({ 'vault.status': () => Promise.reject(thrown) });
    const error = await errorOf(dispatch('vault.status', {}));
    expect(error.code).toBe('INTERNAL');
    expect(JSON.stringify(error)).not.toContain('/home/ada');
  }
});

test('a handler that throws before it returns a promise is answered too', async () => {
  const dispatch = routerWith({
    'vault.status': () => {
      throw new Error('at once');
    },
  });
  expect((await errorOf(dispatch('vault.status', {}))).code).toBe('INTERNAL');
});

test('more than 8 MB, a circle, a deep nest and what is not plain data are refused', async () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  let deep: unknown = 1;
  for (let level = 0; level < 100; level += 1) deep = [deep];
  const refusals: readonly (readonly [unknown, string])[] = [
    [{ text: 'x'.repeat(5_000_000) }, 'larger than 8 MB'],
    [circle, 'nested'],
    [deep, 'nested'],
    ...[new Map(), new Uint8Array(3), new Date(), () => 1, 1n].map((input) => [input, 'not plain data'] as const),
  ];
  for (const [input, why] of refusals) {
    const error = await errorOf(routerWith({})('search.query', input));
    expect(error.code).toBe('BAD_INPUT');
    expect(error.message).toContain(why);
  }
});

test('a method that does not answer in time is TIMED_OUT', async () => {
  const dispatch = routerWith({ 'vault.status': () => new Promise(() => undefined) }, 20);
  expect((await errorOf(dispatch('vault.status', {}))).code).toBe('TIMED_OUT');
});

test('a method that waits for a person is not timed', async () => {
  const later = async (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), 60));
  const dispatch = routerWith({ 'files.pick': later }, 20);
  expect(await dispatch('files.pick', { kind: 'file' })).toEqual({ ok: true, value: null });
});

test('whatever comes in, a Reply comes out and no handler sees an input that breaks its schema', async () => {
  const seen: [MethodName, unknown][] = [];
  const recording = Object.fromEntries(
    Object.keys(methods).map((method) => [
      method,
      async (input: unknown) => {
        seen.push([method as MethodName, input]);
        return null;
      },
    ]),
  );
  const dispatch = createRouter(recording as unknown as Handlers, { log: silentLog });
  const method = fc.oneof(fc.constantFrom(...Object.keys(methods)), fc.string());
  const field = fc.constantFrom(
    'id',
    'ids',
    'limit',
    'offset',
    'text',
    'handle',
    'job_id',
    'view',
    '__proto__',
    'theme',
  );
  const input = fc.oneof(fc.anything(), fc.dictionary(field, fc.anything()));
  await fc.assert(
    fc.asyncProperty(method, input, async (name, value) => {
      expect(Reply.safeParse(await dispatch(name, value)).success).toBe(true);
    }),
    { numRuns: 2000 },
  );
  for (const [name, value] of seen) expect(methods[name].input.safeParse(value).success).toBe(true);
});

test('no input of the contract takes a path', () => {
  const fields = Object.values(methods).flatMap(({ input }) => Object.keys(input.shape));
  expect(fields.filter((name) => /path|folder|file(?!s?_?id)|dir/i.test(name))).toEqual([]);
});
