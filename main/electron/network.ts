import type { Session } from 'electron';
import { isOwnPage } from './origin.ts';

/** Addresses the page's process may load from: its own, and what it made itself. Everything else stays on this machine. */
export function mayLoad(address: string, developmentUrl?: string): boolean {
  if (isOwnPage(address) || address.startsWith('blob:app://ui/') || address.startsWith('devtools:')) return true;
  if (developmentUrl === undefined) return false;
  const loaded = address.replace(/^blob:/, '').replace(/^ws/, 'http');
  return isOwnPage(loaded, developmentUrl);
}

export function closeNetwork(session: Pick<Session, 'webRequest'>, developmentUrl?: string): void {
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url, developmentUrl) }));
}
