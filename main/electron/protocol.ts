import type { CustomScheme, Protocol } from 'electron';
import type { PageFiles } from '../page/page-files.ts';
import { pageResponse, type Theme } from '../page/page-response.ts';
import { isOwnPage, scheme } from './origin.ts';

/** To be registered before the app is ready. No `bypassCSP`, no `corsEnabled`: nobody else loads from here. */
export const ownScheme: CustomScheme = {
  scheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/** Serves the page under `app://ui/` from what was read at start; the disk is never asked. */
export function servePage(protocol: Pick<Protocol, 'handle'>, page: PageFiles, theme: () => Theme): void {
  protocol.handle(scheme, (request) => pageAnswer(page, request, theme()));
}

export function pageAnswer(page: PageFiles, request: Pick<Request, 'method' | 'url'>, theme: Theme): Response {
  if (request.method !== 'GET' || !isOwnPage(request.url)) return new Response(null, { status: 404 });
  const { pathname, search } = new URL(request.url);
  const { status, headers, body } = pageResponse(page, pathname + search, theme);
  return new Response(body, { status, headers });
}
