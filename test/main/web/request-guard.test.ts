import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { isFromElsewhere, refusal } from '../../../main/web/request-guard.ts';

const port = 8123;
const own: IncomingHttpHeaders = { host: '127.0.0.1:8123', origin: 'http://127.0.0.1:8123', 'x-almanac': '1' };

test('own requests pass, by number and by name', () => {
  expect(refusal({ method: 'GET', headers: { host: '127.0.0.1:8123' } }, port)).toBeNull();
  expect(refusal({ method: 'POST', headers: own }, port)).toBeNull();
  const byName = { ...own, host: 'localhost:8123', origin: 'http://localhost:8123' };
  expect(refusal({ method: 'POST', headers: byName }, port)).toBeNull();
});

test.each([
  'evil.example:8123',
  '127.0.0.1',
  '127.0.0.1:8124',
  'localhost.evil.example:8123',
  '[::1]:8123',
  '',
  undefined,
])('a request for host %s is refused', (host) => {
  for (const method of ['GET', 'POST']) {
    const headers: IncomingHttpHeaders = { ...own, origin: `http://${host}` };
    if (host === undefined) delete headers.host;
    else headers.host = host;
    expect(refusal({ method, headers }, port)).toContain('Host');
  }
});

test.each([
  'http://evil.example',
  'null',
  'https://127.0.0.1:8123',
  'http://127.0.0.1:8124',
  'http://localhost:8123',
  '',
])('a request from origin %s is refused', (origin) => {
  for (const method of ['GET', 'POST'])
    expect(refusal({ method, headers: { ...own, origin } }, port)).toContain('Origin');
});

test('a POST needs an origin and the header of our own', () => {
  const { origin: _, ...withoutOrigin } = own;
  expect(refusal({ method: 'POST', headers: withoutOrigin }, port)).toContain('Origin');
  expect(refusal({ method: 'POST', headers: { ...own, 'x-almanac': '0' } }, port)).toContain('X-Almanac');
});

test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'CONNECT', ''])('%s is not answered', (method) => {
  expect(refusal({ method, headers: own }, port)).toContain('Only GET');
});

test('what another site’s page caused is told apart, same-site neighbours included', () => {
  for (const site of ['cross-site', 'same-site']) expect(isFromElsewhere({ 'sec-fetch-site': site })).toBe(true);
  for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, {}])
    expect(isFromElsewhere(headers)).toBe(false);
});
