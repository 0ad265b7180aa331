import type { IncomingHttpHeaders } from 'node:http';

/** What the rules look at. */
export interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Why a request is refused, or null. Against DNS rebinding, `Host` must be ours by number or `localhost`; against
 * other sites, `Origin` must match it, and is required where something can change. Browsers do not let a page choose
 * either. `X-Almanac` makes a POST one that no other site can send without a preflight, which is never granted.
 */
export function refusal(request: GuardedRequest, port: number): string | null {
  const { host, origin } = request.headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return 'The Host header is not this server’s.';
  if (origin !== undefined && origin !== `http://${host}`) return 'The Origin header is not this page’s.';
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  if (request.method !== 'POST') return 'Only GET, HEAD and POST are answered.';
  if (origin === undefined) return 'A POST without an Origin header is not answered.';
  if (request.headers['x-almanac'] !== '1') return 'A POST without the header X-Almanac is not answered.';
  return null;
}

/** True for requests that another site's page caused; navigations to the page itself may come from anywhere. */
export function isFromElsewhere(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
