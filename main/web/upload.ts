import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, toAppError } from '../../shared/errors.ts';
import { errorData } from '../../shared/ipc/reply.ts';
import type { App } from '../app/assemble-app.ts';
import { withoutPaths } from '../ipc/hide-paths.ts';
import { sendReply } from './answers.ts';

/** Of the free space, what an upload may take: the import that follows needs room too. */
const shareOfFreeSpace = 0.5;

/** POST /upload?name=…: the body goes to a file in the vault's staging area. The answer is a Reply of {handle, name}. */
export async function answerUpload(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  app: Pick<App, 'vault' | 'files'>,
): Promise<void> {
  try {
    if (app.vault.readOnly) throw vaultReadOnly();
    const path = await receive(request, app.vault.stagingRoot);
    const release = (): Promise<void> => rm(path, { force: true });
    sendReply(response, 200, { ok: true, value: app.files.offer({ path, name: displayName(name), release }) });
  } catch (thrown) {
    response.setHeader('connection', 'close');
    sendReply(response, 400, { ok: false, error: withoutPaths(errorData(toAppError(thrown))) });
  }
}

/** Streams the body to a new file; one that does not arrive whole is deleted. */
async function receive(request: IncomingMessage, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const limit = await sizeLimit(folder);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const path = join(folder, `upload-${randomUUID()}`);
  try {
    await pipeline(request, limitedTo(limit), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw diskError(error);
  }
}

async function sizeLimit(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.floor(bavail * bsize * shareOfFreeSpace);
}

function limitedTo(limit: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > limit) done(tooLarge());
      else done(null, chunk);
    },
  });
}

/** What the person sees of the file: its own name without folders and control characters. */
export function displayName(name: string): string {
  const own = name.split(/[\\/]/).at(-1) ?? '';
  // oxlint-disable-next-line no-control-regex -- control characters are what this takes out
  return own.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').slice(0, 200) || 'file';
}

function diskError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return tooLarge(error);
  return error;
}

function tooLarge(cause?: unknown): AppError {
  return new AppError('DISK_FULL', 'The file is larger than half of the free space on the vault’s disk.', {
    remedy: 'Free some space, or move the vault to a larger disk, and choose the file again.',
    cause,
  });
}

function vaultReadOnly(): AppError {
  return new AppError('VAULT_READ_ONLY', 'The vault is open for reading only, so no file can be taken in.', {
    remedy: 'Close the program that holds the vault, then open it here again.',
  });
}
