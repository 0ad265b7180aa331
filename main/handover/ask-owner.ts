import { connect, type Socket } from 'node:net';
import { AppError, cancelled, toAppError } from '../../shared/errors.ts';
import { errorFromData } from '../../shared/ipc/reply.ts';
import { readDoor } from './door.ts';
import { parseLine, readLines, writeLine } from './json-lines.ts';
import { Answer, type Door, MAX_ANSWER_BYTES, PROTOCOL_VERSION } from './protocol.ts';
import { type RequestInput, type RequestName, type RequestOutput, requests, type WorkOptions } from './requests.ts';

/** `unreachable`: nobody took the request, so that nothing can have been done. */
export type OwnerAnswer<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'unreachable'; readonly cause: AppError };

/** Long enough for an owner whose event loop is busy, short enough for a person who waits. */
const WELCOME_MS = 15_000;

/**
 * Asks the process that has the vault open. Aborting the signal cancels the work there.
 *
 * @param root the vault, real and absolute
 * @throws what the work throws there; OWNER_GONE where the owner ended in the middle; CANCELLED
 */
export async function askOwner<R extends RequestName>(
  root: string,
  request: R,
  input: RequestInput<R>,
  options: WorkOptions = {},
): Promise<OwnerAnswer<RequestOutput<R>>> {
  const door = readDoor(root);
  if (door === undefined) return unreachable('It has no socket for commands');
  if (options.signal?.aborted) throw cancelled();
  const answer = await converse(door, request, input, options);
  if (answer.kind !== 'done') return answer;
  // The cast is the definition of RequestOutput<R>, which TypeScript does not follow through the lookup.
  return { kind: 'done', value: requests[request].output.parse(answer.value) as RequestOutput<R> };
}

function unreachable(why: string): { readonly kind: 'unreachable'; readonly cause: AppError } {
  const cause = new AppError('OWNER_GONE', `The Almanac that has the vault open cannot be asked. ${why}.`, {
    remedy: 'Quit that copy of Almanac, then try again.',
  });
  return { kind: 'unreachable', cause };
}

function converse(
  door: Door,
  request: string,
  input: unknown,
  { signal, onProgress }: WorkOptions,
): Promise<OwnerAnswer<unknown>> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(door.path);
    let isAsked = false;
    let isSettled = false;
    const settle = (how: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(late);
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      how();
    };
    const abort = (): void => settle(() => reject(cancelled()));
    const late = setTimeout(() => settle(() => resolve(unreachable('It does not answer'))), WELCOME_MS);
    const fail = (error: AppError): void =>
      // A token that is no longer right, or an owner that is closing, has done nothing: ask whoever is next.
      settle(() => (isNobodys(error, isAsked) ? resolve({ kind: 'unreachable', cause: error }) : reject(error)));
    const lost = (why: string): void =>
      settle(() => (isAsked ? reject(ownerGone(door.pid)) : resolve(unreachable(why))));

    const hear = (answer: Answer): void => {
      switch (answer.kind) {
        case 'welcome':
          clearTimeout(late);
          isAsked = true;
          return writeLine(socket, { request, input });
        case 'progress':
          return onProgress?.(answer.progress);
        case 'done':
          return settle(() => resolve({ kind: 'done', value: answer.value }));
        case 'failed':
          return fail(errorFromData(answer.error));
      }
    };
    readLines(socket, MAX_ANSWER_BYTES, {
      onLine: (line) => {
        const answer = Answer.safeParse(parseLine(line));
        if (answer.success) hear(answer.data);
        else settle(() => reject(ownerGone(door.pid, toAppError(answer.error))));
      },
      onTooLong: () => settle(() => reject(ownerGone(door.pid))),
    });
    socket.once('connect', () => writeLine(socket, { version: PROTOCOL_VERSION, token: door.token }));
    socket.once('error', (error) => lost(error.message));
    socket.once('close', () => lost('It ended the connection'));
    signal?.addEventListener('abort', abort, { once: true });
  });
}

function isNobodys(error: AppError, isAsked: boolean): boolean {
  return error.code === 'VAULT_CLOSED' || (!isAsked && error.code === 'FORBIDDEN');
}

function ownerGone(pid: number, cause?: unknown): AppError {
  return new AppError('OWNER_GONE', `Almanac (process ${pid}), which has the vault open, ended before it answered.`, {
    remedy: 'The change was made in full or not at all: look which, then try again.',
    details: { pid },
    cause,
  });
}
