import type { ServerResponse } from 'node:http';
import { AppError } from '../../shared/errors.ts';
import { errorData, type Reply } from '../../shared/ipc/reply.ts';
import { sealedPolicy } from '../page/content-security-policy.ts';
import { guardHeaders } from '../page/page-response.ts';

const sealed = { ...guardHeaders, 'content-security-policy': sealedPolicy, 'cache-control': 'no-store' };

export function sendReply(response: ServerResponse, status: number, reply: Reply): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...sealed, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(reply));
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...sealed, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

export function redirectHome(response: ServerResponse, cookie?: string): void {
  response.writeHead(303, { ...sealed, location: '/', ...(cookie === undefined ? {} : { 'set-cookie': cookie }) });
  response.end();
}

export function refused(why: string): Reply {
  const remedy = 'Open the address that Almanac printed when it started, in this browser.';
  return { ok: false, error: errorData(new AppError('FORBIDDEN', why, { remedy })) };
}
