import type { Socket } from 'node:net';
import { AppError, type ErrorCode, toAppError } from '../../shared/errors.ts';
import { errorData } from '../../shared/ipc/reply.ts';
import { announceIntervalMs, createThrottle } from '../ipc/throttle.ts';
import type { Log } from '../lib/log.ts';
import { isSameToken } from './door.ts';
import { parseLine, readLines, writeLine } from './json-lines.ts';
import { type Answer, Hello, MAX_HELLO_BYTES, MAX_REQUEST_BYTES, PROTOCOL_VERSION, Request } from './protocol.ts';
import { isRequestName, type OwnerWork, requests, type WorkOptions } from './requests.ts';

export interface Connection {
  /** Resolves when the socket is closed and no work of it is under way. */
  readonly ended: Promise<void>;
  /** Cancels what can be cancelled, answers, and ends. */
  close(): Promise<void>;
}

interface Port {
  readonly token: string;
  readonly work: OwnerWork;
  readonly log: Log;
}

/** Whoever connects must show the token within this time. */
const HELLO_MS = 5_000;
/** How long an answer may wait for a process that does not read it. */
const LINGER_MS = 2_000;

/**
 * One process at the other end:
 *
 *     hello ──▶ idle ──▶ working ──▶ over
 *       └─────────┴─ refused ─────────▲
 */
export function answerConnection(socket: Socket, port: Port): Connection {
  const controller = new AbortController();
  let state: 'hello' | 'idle' | 'working' | 'over' = 'hello';
  let working: Promise<void> = Promise.resolve();
  const say = (answer: Answer): void => writeLine(socket, answer);
  const end = (answer: Answer): void => {
    if (state === 'over') return;
    state = 'over';
    say(answer);
    socket.end();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
  const fail = (thrown: unknown): void => end({ kind: 'failed', error: errorData(toAppError(thrown)) });

  const late = setTimeout(() => fail(refusal('TIMED_OUT', 'Nobody said hello on this connection')), HELLO_MS).unref();
  const lines = readLines(socket, MAX_HELLO_BYTES, { onLine: hear, onTooLong: () => fail(tooLong(state)) });
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      clearTimeout(late);
      state = 'over';
      controller.abort();
      resolve();
    });
  });
  socket.on('error', (error) => port.log.info('a command went away', { reason: error.message }));

  function hear(line: string): void {
    try {
      if (state === 'hello') greet(line);
      else if (state === 'idle') start(line);
      else if (state === 'working') fail(refusal('BAD_INPUT', 'A second request came before the answer to the first'));
    } catch (error) {
      fail(error);
    }
  }

  function greet(line: string): void {
    const hello = Hello.safeParse(parseLine(line));
    if (!hello.success) throw refusal('BAD_INPUT', 'That is no hello of an Almanac command');
    if (hello.data.version !== PROTOCOL_VERSION) throw otherVersion(hello.data.version);
    if (!isSameToken(hello.data.token, port.token)) throw refusal('FORBIDDEN', 'The token is not this vault’s');
    clearTimeout(late);
    lines.maxBytes = MAX_REQUEST_BYTES;
    state = 'idle';
    say({ kind: 'welcome' });
  }

  function start(line: string): void {
    const parsed = Request.safeParse(parseLine(line));
    if (!parsed.success) throw refusal('BAD_INPUT', 'That is no request');
    state = 'working';
    working = work(parsed.data.request, parsed.data.input);
  }

  async function work(name: string, input: unknown): Promise<void> {
    const throttle = createThrottle<Parameters<NonNullable<WorkOptions['onProgress']>>[0]>(
      (progress) => say({ kind: 'progress', progress }),
      announceIntervalMs,
    );
    try {
      const value = await run(port.work, name, input, {
        signal: controller.signal,
        onProgress: (progress) => throttle.push(progress),
      });
      throttle.cancel();
      end({ kind: 'done', value });
    } catch (error) {
      throttle.cancel();
      fail(error);
    }
  }

  return {
    ended: closed.then(() => working),
    async close() {
      controller.abort();
      // What is only beginning has done nothing, and may be asked of the next owner.
      if (state !== 'working') fail(closing());
      await working;
      await closed;
    },
  };
}

async function run(work: OwnerWork, name: string, rawInput: unknown, options: WorkOptions): Promise<unknown> {
  if (!isRequestName(name)) throw refusal('NOT_FOUND', `There is no request ${JSON.stringify(name.slice(0, 80))}`);
  const input = requests[name].input.safeParse(rawInput);
  if (!input.success) {
    const [issue] = input.error.issues;
    throw refusal('BAD_INPUT', `${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not accepted'}`);
  }
  // The compiler cannot see that input and work belong to the same name; the list of requests does.
  const perform = work[name] as (input: unknown, options: WorkOptions) => Promise<unknown>;
  return perform(input.data, options);
}

function refusal(code: ErrorCode, message: string): AppError {
  return new AppError(code, `${message}.`, { remedy: 'Use the almanac command that belongs to the running Almanac.' });
}

function tooLong(state: string): AppError {
  if (state === 'hello') return refusal('BAD_INPUT', 'That is no hello of an Almanac command');
  return new AppError('BAD_INPUT', `The request is larger than ${MAX_REQUEST_BYTES / 1024 / 1024} MB.`, {
    remedy: 'Give it in several smaller ones.',
  });
}

function otherVersion(version: number): AppError {
  return new AppError('NOT_SUPPORTED', `The running Almanac speaks version ${PROTOCOL_VERSION}, not ${version}.`, {
    remedy: 'Quit Almanac and start it again, so that both are of the version that is installed.',
  });
}

function closing(): AppError {
  return new AppError('VAULT_CLOSED', 'Almanac is being closed.', { remedy: 'Try again in a moment.' });
}
