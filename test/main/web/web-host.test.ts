import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Clock } from '../../../main/lib/clock.ts';
import { maxInputBytes } from '../../../main/ipc/plain-data.ts';
import { startWebHost, type WebHost } from '../../../main/web/web-host.ts';
import { fakeApp, type FakeApp, type FakeParts } from '../../helpers/app-fakes.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

interface Served extends FakeApp {
  readonly host: WebHost;
  readonly base: string;
  readonly staging: string;
}

async function served(fakes: FakeParts = {}, clock?: Clock): Promise<Served> {
  const rendererDir = tempFolder();
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><html><head></head><body>page</body></html>');
  mkdirSync(join(rendererDir, 'assets'));
  writeFileSync(join(rendererDir, 'assets/a.js'), 'export {};');
  const staging = join(tempFolder(), 'staging');
  const fake = fakeApp({ stagingRoot: staging, ...fakes });
  const host = await startWebHost({ app: fake.app, rendererDir, ...(clock && { clock }) });
  onTestFinished(async () => {
    await host.close();
    await fake.app.close();
  });
  return { ...fake, host, base: `http://127.0.0.1:${host.port}`, staging };
}

/** Signs in as a browser does and returns the cookie. */
async function signIn(host: WebHost): Promise<string> {
  const response = await fetch(host.newUrl(), { redirect: 'manual' });
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe('/');
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

function own(base: string, cookie: string): Record<string, string> {
  return { cookie, origin: base, 'x-almanac': '1', 'content-type': 'application/json' };
}

async function call(base: string, cookie: string, method: string, input: unknown = {}): Promise<Response> {
  return fetch(`${base}/api/${method}`, { method: 'POST', headers: own(base, cookie), body: JSON.stringify(input) });
}

/** The status for a request with headers that fetch would not let one set. */
function rawStatus(port: number, headers: Record<string, string>, path = '/', method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('the printed address signs a browser in once, and then the page is there', async () => {
  const { host, base } = await served();
  const first = await fetch(host.url, { redirect: 'manual' });
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect(first.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict; Path=\/$/);
  expect((await fetch(host.url, { redirect: 'manual' })).status).toBe(401);
  const page = await fetch(base, { headers: { cookie } });
  expect(await page.text()).toContain('page');
  expect((await fetch(host.url, { headers: { cookie }, redirect: 'manual' })).status).toBe(303);
});

test('without the session there is no page, no file, no call, no event and no upload', async () => {
  const { base, host } = await served();
  for (const cookie of ['', `almanac_${host.port}=guess`]) {
    for (const path of ['/', '/assets/a.js', '/events'])
      expect((await fetch(base + path, { headers: { cookie } })).status).toBe(401);
    for (const path of ['/api/vault.status', '/upload?name=x'])
      expect((await fetch(base + path, { method: 'POST', headers: own(base, cookie) })).status).toBe(401);
  }
});

test('a foreign Host or Origin is refused even with the session', async () => {
  const { base, host } = await served();
  const cookie = await signIn(host);
  expect(await rawStatus(host.port, { host: `evil.example:${host.port}`, cookie })).toBe(403);
  expect(await rawStatus(host.port, { host: `127.0.0.1:${host.port}`, cookie, origin: 'http://evil.example' })).toBe(
    403,
  );
  const headers: Record<string, string> = { ...own(base, cookie), host: `127.0.0.1:${host.port}` };
  const { origin: _, ...withoutOrigin } = headers;
  const post = (sent: Record<string, string>) => rawStatus(host.port, sent, '/api/vault.status', 'POST');
  expect(await post(withoutOrigin)).toBe(403);
  expect(await post({ ...headers, origin: 'http://evil.example' })).toBe(403);
  expect(await post({ ...headers, 'x-almanac': '' })).toBe(403);
  expect(await post({ ...headers, 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await rawStatus(host.port, headers, '/api/vault.status', 'PUT')).toBe(403);
});

test('only this machine can connect', async () => {
  const { host } = await served();
  const reached = await new Promise<boolean>((resolve) => {
    const socket = connect(host.port, '::1', () => resolve(true));
    socket.on('error', () => resolve(false));
  });
  expect(reached).toBe(false);
});

test('a path is looked up as it stands: nothing outside the page can be named', async () => {
  const { host } = await served();
  const cookie = await signIn(host);
  const headers = { host: `127.0.0.1:${host.port}`, cookie };
  expect(await rawStatus(host.port, headers, '/assets/a.js')).toBe(200);
  const paths = [
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fx',
    '/assets\\a.js',
    '/assets/a.js?x',
    '//a.js',
  ];
  for (const path of [...paths, '/index.html', '/etc/passwd', '/api/vault.status', '/upload'])
    expect(await rawStatus(host.port, headers, path), path).toBe(404);
});

test('a call goes through the contract and back', async () => {
  const { base, host } = await served();
  const cookie = await signIn(host);
  const good = await call(base, cookie, 'vault.status');
  expect(good.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await good.json()).toMatchObject({ ok: true, value: { format: 1, mode: 'local' } });
  expect(await (await call(base, cookie, 'vault.status', { extra: 1 })).json()).toMatchObject({
    ok: false,
    error: { code: 'BAD_INPUT', details: { field: 'extra' } },
  });
  expect(await (await call(base, cookie, 'no.such')).json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
});

test('a body that is no JSON, not declared as JSON, or too large is BAD_INPUT', async () => {
  const { base, host } = await served();
  const headers = own(base, await signIn(host));
  const post = async (body: string, contentType = 'application/json'): Promise<unknown> => {
    const sent = { ...headers, 'content-type': contentType };
    return (await fetch(`${base}/api/vault.status`, { method: 'POST', headers: sent, body })).json();
  };
  const refused = { ok: false, error: { code: 'BAD_INPUT' } };
  expect(await post('{')).toMatchObject(refused);
  expect(await post('')).toMatchObject(refused);
  expect(await post('{}', 'text/plain')).toMatchObject(refused);
  expect(await post(JSON.stringify({ text: 'x'.repeat(maxInputBytes) }))).toMatchObject(refused);
});

test('a page that calls without end is slowed down, and another session is not', async () => {
  // A machine may be so slow that 700 calls take longer than they may: on this one no time passes.
  const { base, host } = await served({}, { now: () => 1_760_000_000_000 });
  const [first, second] = [await signIn(host), await signIn(host)];
  const replies = await Promise.all(
    Array.from({ length: 700 }, async () => (await call(base, first, 'vault.status')).json()),
  );
  const slowed = replies.filter((reply: { error?: { code: string } }) => reply.error?.code === 'TOO_MANY_CALLS');
  expect(slowed).toHaveLength(300);
  expect(await (await call(base, second, 'vault.status')).json()).toMatchObject({ ok: true });
});

/** Reads an event stream until `done` says it has enough, or the stream ends. */
async function readEvents(response: Response, done: (text: string) => boolean): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('The answer has no body.');
  let text = '';
  while (!done(text)) {
    const { value, done: ended } = await reader.read();
    if (ended) break;
    text += value;
  }
  await reader.cancel();
  return text;
}

test('events arrive, and a page that reconnects gets what it missed, in order', async () => {
  const { base, host, change } = await served();
  const cookie = await signIn(host);
  const touch = (id: string): void =>
    change({ source: 'local', changes: [{ collection: 'conversations', type: 'update', id }] });
  const first = await fetch(`${base}/events`, { headers: { cookie } });
  expect(first.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  touch('one');
  const heard = await readEvents(first, (text) => text.includes('vault.status') && text.includes('"one"'));
  expect(heard).toContain('event: records.changed\ndata: {"collections":["conversations"],"ids":["one"]}\n\n');
  const lastId = [...heard.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? '';
  await vi.waitFor(async () => {
    touch('two');
    const again = await fetch(`${base}/events`, { headers: { cookie, 'last-event-id': lastId } });
    const missed = await readEvents(again, (text) => text.includes('records.changed'));
    expect(missed).toContain('"two"');
    expect(missed).not.toContain('"one"');
  });
});

test('a page that knows only an earlier run is told to read everything again', async () => {
  const { base, host } = await served();
  const cookie = await signIn(host);
  for (const lastEventId of ['0123456789ab-7', 'nonsense', '-1']) {
    const response = await fetch(`${base}/events`, { headers: { cookie, 'last-event-id': lastEventId } });
    const text = await readEvents(response, (heard) => heard.includes('\ndata:'));
    expect(text).toContain('"collections":["conversations","messages"');
  }
});

test('an upload becomes a file that only its handle names, and forgetting it deletes it', async () => {
  const { base, host, app, staging } = await served();
  const headers = own(base, await signIn(host));
  const body = 'x'.repeat(300_000);
  const name = encodeURIComponent('../../etc/My export\u202e.zip');
  const response = await fetch(`${base}/upload?name=${name}`, { method: 'POST', headers, body });
  const { value } = (await response.json()) as { value: { handle: string; name: string } };
  expect(value.name).toBe('My export.zip');
  const { path } = app.files.resolve(value.handle);
  expect(readFileSync(path, 'utf8')).toBe(body);
  expect(path.startsWith(staging)).toBe(true);
  await app.files.forget(value.handle);
  expect(existsSync(path)).toBe(false);
  expect(() => app.files.resolve(value.handle)).toThrow(expect.objectContaining({ code: 'HANDLE_EXPIRED' }));
});

test('an upload that breaks off leaves no file', async () => {
  const { base, host, staging } = await served();
  const headers = { ...own(base, await signIn(host)), 'content-length': '1000000' };
  await new Promise<void>((resolve) => {
    const sent = httpRequest(`${base}/upload?name=x.zip`, { method: 'POST', headers });
    sent.on('error', () => resolve());
    sent.write('half', () => setTimeout(() => sent.destroy(new Error('gone')), 50));
  });
  await vi.waitFor(() => expect(readdirSync(staging)).toEqual([]));
});

test('an upload into a vault that is read-only, or larger than the disk, is refused', async () => {
  const readOnly = await served({ readOnly: true });
  const upload = async ({ base, host }: Served, more: Record<string, string> = {}): Promise<unknown> => {
    const headers = { ...own(base, await signIn(host)), ...more };
    return (await fetch(`${base}/upload?name=x`, { method: 'POST', headers, body: 'x' })).json();
  };
  expect(await upload(readOnly)).toMatchObject({ ok: false, error: { code: 'VAULT_READ_ONLY' } });
  const { base, host, staging } = await served();
  const headers = { ...own(base, await signIn(host)), 'content-length': String(Number.MAX_SAFE_INTEGER) };
  const answer = await new Promise<string>((resolve, reject) => {
    const sent = httpRequest(`${base}/upload?name=x`, { method: 'POST', headers }, (response) => {
      response.setEncoding('utf8');
      response.once('data', resolve);
    });
    sent.on('error', reject);
    sent.flushHeaders();
  });
  expect(JSON.parse(answer)).toMatchObject({ ok: false, error: { code: 'DISK_FULL' } });
  expect(readdirSync(staging)).toEqual([]);
});

test('closing ends open streams and frees the port', async () => {
  const { base, host } = await served();
  const response = await fetch(`${base}/events`, { headers: { cookie: await signIn(host) } });
  const ended = readEvents(response, () => false);
  await host.close();
  await ended;
  await expect(fetch(base)).rejects.toThrow();
});
