import { afterEach, expect, test, vi } from 'vitest';
import { createWebBridge } from '../../../renderer/lib/web-bridge.ts';
import { collectionNames } from '../../../shared/collections/registry.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

function answerWith(body: string, status = 200) {
  const fetched = vi.fn(async (_url: string, _request: RequestInit) => new Response(body, { status }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

test('a call is a POST with the header that other sites cannot send', async () => {
  const fetched = answerWith('{"ok":true,"value":null}');
  expect(await createWebBridge().invoke('vault.status', {})).toEqual({ ok: true, value: null });
  const [url, request] = fetched.mock.calls[0] ?? [];
  expect(url).toBe('/api/vault.status');
  expect(request).toEqual({
    method: 'POST',
    headers: { 'X-Almanac': '1', 'Content-Type': 'application/json' },
    body: '{}',
  });
});

test('a server that is gone is a reply, not an exception', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  expect(await createWebBridge().invoke('vault.status', {})).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
});

test('a page that is no longer signed in is told so', async () => {
  answerWith('Forbidden', 403);
  expect(await createWebBridge().invoke('vault.status', {})).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
});

test('an answer that is no reply is an error with its status', async () => {
  answerWith('<html>', 502);
  const reply = await createWebBridge().invoke('vault.status', {});
  expect(reply).toMatchObject({
    ok: false,
    error: { code: 'INTERNAL', message: expect.stringContaining('502') as string },
  });
});

test('when the stream breaks and when it is back, everything counts as changed', () => {
  const streams: EventTarget[] = [];
  vi.stubGlobal(
    'EventSource',
    class extends EventTarget {
      constructor() {
        super();
        streams.push(this);
      }
    },
  );
  const listener = vi.fn();
  createWebBridge().subscribe('records.changed', listener);
  streams[0]?.dispatchEvent(new Event('open'));
  expect(listener).not.toHaveBeenCalled();
  streams[0]?.dispatchEvent(new Event('error'));
  streams[0]?.dispatchEvent(new Event('open'));
  const everything = { collections: collectionNames };
  expect(listener.mock.calls).toEqual([[everything], [everything]]);
});

test('all subscribers share one stream, and unsubscribing ends the calls', () => {
  const streams: EventTarget[] = [];
  vi.stubGlobal(
    'EventSource',
    class extends EventTarget {
      constructor() {
        super();
        streams.push(this);
      }
    },
  );
  const bridge = createWebBridge();
  const first = vi.fn();
  const second = vi.fn();
  const stop = bridge.subscribe('job.progress', first);
  bridge.subscribe('vault.status', second);
  expect(streams).toHaveLength(1);
  const send = (data: string): boolean =>
    streams[0]?.dispatchEvent(new MessageEvent('job.progress', { data })) ?? false;
  send('{"done":1}');
  send('not json');
  stop();
  send('{"done":2}');
  expect(first.mock.calls).toEqual([[{ done: 1 }]]);
  expect(second).not.toHaveBeenCalled();
});
