import { expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import type { Bridge } from '../../../shared/ipc/bridge.ts';
import { createClient } from '../../../renderer/lib/client.ts';

function clientThatAnswers(reply: unknown) {
  const listeners: ((payload: unknown) => void)[] = [];
  const bridge: Bridge<File> = {
    host: 'web',
    // The tests are about what happens when this is not a Reply.
    invoke: async () => reply as never,
    subscribe: (_event, listener) => {
      listeners.push(listener);
      return () => listeners.splice(0);
    },
    offerFile: async () => reply as never,
  };
  return { client: createClient(bridge), listeners };
}

test('a value that keeps the contract is handed over', async () => {
  const { client } = clientThatAnswers({ ok: true, value: [{ tag: 'kitchen', count: 2 }] });
  expect(await client.call('conversations.tags', {})).toEqual([{ tag: 'kitchen', count: 2 }]);
});

test('an error of main arrives as the same error', async () => {
  const error = { code: 'NOT_FOUND', message: 'Gone.', remedy: 'Choose another.', details: { id: 'c1' } };
  const { client } = clientThatAnswers({ ok: false, error });
  const thrown: unknown = await client.call('conversations.tags', {}).catch((caught: unknown) => caught);
  expect(thrown).toBeInstanceOf(AppError);
  expect(thrown).toMatchObject(error);
});

test.each([
  ['no reply at all', undefined],
  ['a reply with a value of another shape', { ok: true, value: [{ tag: 1 }] }],
  ['an error with an unknown code', { ok: false, error: { code: 'X', message: '', remedy: '' } }],
])('%s is an error that names the method', async (_case, reply) => {
  const { client } = clientThatAnswers(reply);
  await expect(client.call('conversations.tags', {})).rejects.toMatchObject({
    code: 'INTERNAL',
    message: expect.stringContaining('conversations.tags') as string,
  });
});

test('an event that breaks the contract is dropped, the next good one arrives', () => {
  const { client, listeners } = clientThatAnswers(undefined);
  const listener = vi.fn();
  const stop = client.on('records.changed', listener);
  listeners[0]?.({ collections: 'all' });
  listeners[0]?.({ collections: ['messages'] });
  stop();
  expect(listener.mock.calls).toEqual([[{ collections: ['messages'] }]]);
  expect(listeners).toEqual([]);
});
