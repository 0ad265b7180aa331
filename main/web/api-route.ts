import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, toAppError } from '../../shared/errors.ts';
import { errorData } from '../../shared/ipc/reply.ts';
import { maxInputBytes } from '../ipc/plain-data.ts';
import type { Dispatch } from '../ipc/router.ts';
import { sendReply } from './answers.ts';

/** POST /api/<method>: the body is the input as JSON, the answer is always a Reply. */
export async function answerCall(
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
  dispatch: Dispatch,
): Promise<void> {
  try {
    const input = await readJson(request);
    sendReply(response, 200, await dispatch(method, input));
  } catch (thrown) {
    // The rest of a body that is too long is not read: the connection ends with the answer.
    response.setHeader('connection', 'close');
    sendReply(response, 400, { ok: false, error: errorData(toAppError(thrown)) });
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw badBody('is not declared as JSON');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxInputBytes) throw badBody('is larger than 8 MB');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw badBody('is not JSON', error);
  }
}

function badBody(what: string, cause?: unknown): AppError {
  return new AppError('BAD_INPUT', `The request’s body ${what}.`, { remedy: 'Correct it and send it again.', cause });
}
