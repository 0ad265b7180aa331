import { expect, test } from 'vitest';
import { createBroadcast, type Announcement } from '../../../main/ipc/broadcast.ts';
import { silentLog } from '../../../main/lib/log.ts';
import type { Payload } from '../../../shared/ipc/contract.ts';

test('every subscriber hears an event until it ends its subscription', () => {
  const broadcast = createBroadcast(silentLog);
  const heard: Announcement[][] = [[], []];
  const [endFirst] = heard.map((list) => broadcast.subscribe((announcement) => list.push(announcement)));
  broadcast.emit('records.changed', { collections: ['messages'] });
  endFirst?.();
  broadcast.emit('records.changed', { collections: ['memories'] });
  expect(heard.map((list) => list.length)).toEqual([1, 2]);
  expect(heard[1]?.[0]).toEqual({ event: 'records.changed', payload: { collections: ['messages'] } });
});

test('a payload that breaks the contract goes nowhere', () => {
  const broadcast = createBroadcast(silentLog);
  const heard: Announcement[] = [];
  broadcast.subscribe((announcement) => heard.push(announcement));
  broadcast.emit('records.changed', { collections: 'all' } as unknown as Payload<'records.changed'>);
  expect(heard).toEqual([]);
});

test('a subscriber that throws does not silence the others', () => {
  const broadcast = createBroadcast(silentLog);
  const heard: Announcement[] = [];
  broadcast.subscribe(() => {
    throw new Error('broken');
  });
  broadcast.subscribe((announcement) => heard.push(announcement));
  broadcast.emit('records.changed', { collections: [] });
  expect(heard).toHaveLength(1);
});
