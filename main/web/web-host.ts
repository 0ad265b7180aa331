import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../app/assemble-app.ts';
import { withRateLimit } from '../ipc/rate-limit.ts';
import type { Dispatch } from '../ipc/router.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { silentLog, type Log } from '../lib/log.ts';
import { readPageFiles, type PageFiles } from '../page/page-files.ts';
import { pageResponse } from '../page/page-response.ts';
import { redirectHome, refused, sendReply, sendText } from './answers.ts';
import { answerCall } from './api-route.ts';
import { createEventStream, type EventStream } from './event-stream.ts';
import { isFromElsewhere, refusal } from './request-guard.ts';
import { createSessions, secretFrom, sessionCookie, type Sessions } from './sessions.ts';
import { answerUpload } from './upload.ts';

/** What the web host needs of the app. */
export type ServedApp = Pick<App, 'dispatch' | 'events' | 'files' | 'vault' | 'settings'>;

export interface WebHostOptions {
  readonly app: ServedApp;
  /** The built page. */
  readonly rendererDir: string;
  /** Random when absent or 0. */
  readonly port?: number;
  readonly clock?: Clock;
  readonly log?: Log;
}

export interface WebHost {
  readonly port: number;
  /** Signs in one browser, once, within ten minutes. */
  readonly url: string;
  /** Another address like `url`. */
  newUrl(): string;
  /** Lets go of all browsers. The app stays open. May be called twice. */
  close(): Promise<void>;
}

interface Session {
  readonly dispatch: Dispatch;
}

interface Host {
  readonly app: ServedApp;
  readonly page: PageFiles;
  readonly sessions: Sessions<Session>;
  readonly stream: EventStream;
  readonly port: number;
}

/** Serves the app to browsers on this machine; DESIGN §2. @throws NOT_FOUND where the page is not built */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { app, clock = systemClock, log = silentLog } = options;
  const page = readPageFiles(options.rendererDir);
  const sessions = createSessions<Session>(clock, () => ({ dispatch: withRateLimit(app.dispatch, clock) }));
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const stream = createEventStream(app.events);
  const host: Host = { app, page, sessions, stream, port };
  server.on('request', (request, response) => {
    route(host, request, response).catch((error: unknown) => {
      log.warn('a request failed', { reason: error instanceof Error ? error.message : 'unknown' });
      sendText(response, 500, 'Something unforeseen went wrong.');
    });
  });
  const newUrl = (): string => `http://127.0.0.1:${port}/?token=${sessions.newToken()}`;
  let closing: Promise<void> | undefined;
  return { port, url: newUrl(), newUrl, close: () => (closing ??= shut(server, stream)) };
}

async function route(host: Host, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? '';
  const why = refusal({ method, headers: request.headers }, host.port);
  if (why !== null) return sendReply(response, 403, refused(why));
  const { path, query } = target(request);
  const session = host.sessions.find(secretFrom(request.headers.cookie, host.port) ?? '');
  if (method !== 'POST' && path === '/') return openPage(host, query.get('token'), session, response);
  if (isFromElsewhere(request.headers)) return sendReply(response, 403, refused('Another site asked for this.'));
  if (session === undefined) return sendReply(response, 401, refused('This browser is not signed in.'));
  if (method === 'POST') return answerPost(host, session, request, response);
  if (path === '/events') return host.stream.attach(response, lastEventId(request));
  return sendPage(host, request.url ?? '', response);
}

/** `/` alone shows the page; with a token it signs the browser in first. */
function openPage(host: Host, token: string | null, session: Session | undefined, response: ServerResponse): void {
  if (token === null) return session === undefined ? sendText(response, 401, signedOut) : sendPage(host, '/', response);
  const secret = host.sessions.exchange(token);
  if (secret !== null) return redirectHome(response, sessionCookie(host.port, secret));
  // Going back to a used link in a browser that is signed in should simply show the page.
  return session === undefined ? sendText(response, 401, linkUsed) : redirectHome(response);
}

function sendPage(host: Host, pathname: string, response: ServerResponse): void {
  const { status, headers, body } = pageResponse(host.page, pathname, host.app.settings().theme);
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

async function answerPost(
  host: Host,
  session: Session,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { path, query } = target(request);
  if (path === '/upload') return answerUpload(request, response, query.get('name') ?? '', host.app);
  if (path.startsWith('/api/')) return answerCall(request, response, path.slice('/api/'.length), session.dispatch);
  return sendReply(response, 404, refused('There is nothing at this address.'));
}

/** Path and query as they stand in the request: nothing is decoded or resolved, so that there is nothing to get round. */
function target(request: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = '', ...rest] = (request.url ?? '').split('?');
  return { path, query: new URLSearchParams(rest.join('?')) };
}

function lastEventId(request: IncomingMessage): string | undefined {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
}

function listen(server: Server, port: number): Promise<number> {
  // A large upload may take as long as it takes; headers may not.
  server.requestTimeout = 0;
  server.headersTimeout = 10_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // An address of a listening TCP server is an object; a string would be a pipe's.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function shut(server: Server, stream: EventStream): Promise<void> {
  stream.close();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const signedOut =
  'Almanac is running, and this browser is not signed in.\nOpen the address that it printed when it started.';
const linkUsed =
  'This address has been used already, or is more than ten minutes old.\nPress Enter in the terminal in which Almanac runs: it prints a new one.';
