import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { type Channel, type Served, createChannel, far } from '../../../main/team/channel.ts';

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

function pair(served: Served): Channel {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  createChannel(port2, served);
  return createChannel(port1, {});
}

test('a call crosses with maps and sets, and its answer comes back', async () => {
  const channel = pair({ sizes: (a: Map<string, number>, b: Set<string>) => new Map([['sum', a.size + b.size]]) });
  expect(await channel.ask('sizes', new Map([['x', 1]]), new Set(['y', 'z']))).toEqual(new Map([['sum', 3]]));
});

test('an error crosses with its code and remedy; what is not served is refused', async () => {
  const channel = pair({
    fail: () => {
      throw new AppError('DISK_FULL', 'No room.', { remedy: 'Make room.' });
    },
  });
  await expect(channel.ask('fail')).rejects.toMatchObject({ code: 'DISK_FULL', remedy: 'Make room.' });
  await expect(channel.ask('other')).rejects.toThrow('not served');
});

test('an iterable is read one item at a time, and let go when its reader stops', async () => {
  const given: number[] = [];
  let isOver = false;
  const channel = pair({
    async *numbers() {
      try {
        for (let number = 1; number <= 100; number += 1) {
          given.push(number);
          yield number;
        }
      } finally {
        isOver = true;
      }
    },
  });
  const { numbers } = far<{ numbers: () => AsyncIterable<number> }>(channel, ['numbers']);
  for await (const number of numbers()) if (number === 3) break;
  expect(given).toEqual([1, 2, 3]);
  expect(isOver).toBe(true);
});

test('two iterables and calls beside them do not mix', async () => {
  const channel = pair({
    async *letters(first: string) {
      yield first;
      yield `${first}${first}`;
    },
    echo: (value: string) => value,
  });
  const served = far<{ letters: (first: string) => AsyncIterable<string>; echo: (value: string) => string }>(channel, [
    'letters',
  ]);
  const read = async (first: string): Promise<string[]> => {
    const all: string[] = [];
    for await (const item of served.letters(first)) all.push(item, await served.echo('-'));
    return all;
  };
  expect(await Promise.all([read('a'), read('b')])).toEqual([
    ['a', '-', 'aa', '-'],
    ['b', '-', 'bb', '-'],
  ]);
});

test('when the other thread is gone, what was asked is refused', async () => {
  const channel = pair({ never: () => new Promise(() => undefined) });
  const waiting = channel.ask('never');
  channel.end(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await expect(channel.ask('never')).rejects.toThrow('gone');
});
