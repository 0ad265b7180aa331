import { expect, test } from 'vitest';
import { bindIpc, type ContentsLike, type SenderEvent } from '../../../main/electron/bind-ipc.ts';
import { channels } from '../../../main/electron/channels.ts';
import type { Reply } from '../../../shared/ipc/reply.ts';
import { fakeApp } from '../../helpers/app-fakes.ts';

type Listener = (event: SenderEvent, ...args: readonly unknown[]) => Promise<Reply>;

interface FakeWindow extends ContentsLike {
  readonly sent: unknown[][];
  readonly mainFrame: { url: string; parent: null };
  readonly destroy: () => void;
}

function fakeWindow(id: number, url = 'app://ui/'): FakeWindow {
  const sent: unknown[][] = [];
  const endings: (() => void)[] = [];
  let destroyed = false;
  return {
    id,
    sent,
    mainFrame: { url, parent: null },
    send: (...args) => void sent.push(args),
    isDestroyed: () => destroyed,
    once: (_, listener) => endings.push(listener),
    destroy: () => {
      destroyed = true;
      for (const listener of endings) listener();
    },
  };
}

function bound() {
  const listeners = new Map<string, Listener>();
  const fake = fakeApp();
  const ipcMain = { handle: (channel: string, listener: Listener) => void listeners.set(channel, listener) };
  const clock = { now: () => 0 };
  const binding = bindIpc({ ipcMain, app: fake.app, clock, developmentUrl: undefined });
  const call = (channel: string, event: SenderEvent, ...args: unknown[]): Promise<Reply> => {
    const listener = listeners.get(channel);
    if (listener === undefined) throw new Error(`Nothing listens on ${channel}.`);
    return listener(event, ...args);
  };
  const invoke = (event: SenderEvent, method: unknown = 'vault.status'): Promise<Reply> =>
    call(channels.invoke, event, method, {});
  return { ...fake, binding, call, invoke, listeners };
}

function eventOf(window: FakeWindow, senderFrame: SenderEvent['senderFrame'] = window.mainFrame): SenderEvent {
  return { sender: { id: window.id, mainFrame: window.mainFrame }, senderFrame };
}

test('the page in an admitted window is answered', async () => {
  const { binding, invoke } = bound();
  const window = fakeWindow(1);
  binding.admit(window);
  expect(await invoke(eventOf(window))).toMatchObject({ ok: true, value: { format: 1 } });
});

test('there are two channels to ask on and no more', () => {
  expect([...bound().listeners.keys()].sort()).toEqual([channels.invoke, channels.offerFile].sort());
});

test('nobody else is: frames inside, frames that are gone, other pages, other windows, destroyed windows', async () => {
  const { binding, invoke, call } = bound();
  const window = fakeWindow(1);
  binding.admit(window);
  const pages = [
    'about:blank',
    '',
    'https://ui/',
    'app://other/',
    'app:/ui',
    'file:///ui',
    'data:text/html,x',
    'app://ui@evil/',
  ];
  const strangers: SenderEvent[] = [
    eventOf(window, null),
    eventOf(window, { url: 'app://ui/', parent: window.mainFrame }),
    eventOf(window, { url: 'app://ui/', parent: null }),
    eventOf(fakeWindow(2)),
  ];
  for (const url of pages) {
    const elsewhere = fakeWindow(3, url);
    binding.admit(elsewhere);
    strangers.push(eventOf(elsewhere));
  }
  for (const event of strangers) {
    const refused = { ok: false, error: { code: 'FORBIDDEN' } };
    expect(await invoke(event), event.senderFrame?.url).toMatchObject(refused);
    expect(await call(channels.offerFile, event, '/x')).toMatchObject(refused);
  }
  window.destroy();
  expect(await invoke(eventOf(window))).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
});

test('a method that is no text is refused', async () => {
  const { binding, invoke } = bound();
  const window = fakeWindow(1);
  binding.admit(window);
  for (const method of [undefined, 7, ['vault.status'], { toString: () => 'vault.status' }])
    expect(await invoke(eventOf(window), method ?? null)).toMatchObject({ ok: false });
});

test('a dropped file becomes a handle; what has no path on this machine does not', async () => {
  const { app, binding, call } = bound();
  const window = fakeWindow(1);
  binding.admit(window);
  const offered = await call(channels.offerFile, eventOf(window), '/home/ada/export.zip');
  expect(offered).toEqual({ ok: true, value: { handle: expect.any(String), name: 'export.zip' } });
  for (const path of ['', 'relative.zip', '../x', null, 7, ['/x'], '/x\0.zip'])
    expect(await call(channels.offerFile, eventOf(window), path)).toMatchObject({ error: { code: 'BAD_INPUT' } });
  await app.close();
});

test('events go to admitted windows only, until they are destroyed', () => {
  const { binding, change } = bound();
  const [window, gone, stranger] = [fakeWindow(1), fakeWindow(2), fakeWindow(3)];
  binding.admit(window);
  binding.admit(gone);
  gone.destroy();
  change({ source: 'local', changes: [{ collection: 'conversations', type: 'insert', id: 'c1' }] });
  const payload = { collections: ['conversations'], ids: ['c1'] };
  expect(window.sent).toContainEqual([channels.event, 'records.changed', payload]);
  expect([gone.sent, stranger.sent]).toEqual([[], []]);
});

test('a window that calls without end is slowed down', async () => {
  const { binding, invoke } = bound();
  const window = fakeWindow(1);
  binding.admit(window);
  const replies = await Promise.all(Array.from({ length: 1000 }, () => invoke(eventOf(window))));
  expect(replies.at(-1)).toMatchObject({ ok: false, error: { code: 'TOO_MANY_CALLS' } });
});
