import { randomBytes } from 'node:crypto';
import { contentSecurityPolicy, sealedPolicy } from './content-security-policy.ts';
import type { PageFiles } from './page-files.ts';

export interface PageResponse {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

export type Theme = 'system' | 'light' | 'dark';

/** On every answer of both hosts, whatever it holds. */
export const guardHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), payment=()',
  'x-frame-options': 'DENY',
};

/** Answers a GET for a part of the page. The theme makes the first paint right before any of our styles is read. */
export function pageResponse(page: PageFiles, pathname: string, theme: Theme): PageResponse {
  if (pathname === '/') return indexResponse(page, theme);
  const file = page.files.get(pathname);
  if (file === undefined) return notFound();
  return {
    status: 200,
    headers: {
      ...guardHeaders,
      'content-type': file.mediaType,
      'content-security-policy': sealedPolicy,
      'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
    },
    body: file.body,
  };
}

function indexResponse(page: PageFiles, theme: Theme): PageResponse {
  const nonce = randomBytes(16).toString('base64');
  return {
    status: 200,
    headers: {
      ...guardHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy(nonce),
      'cache-control': 'no-store',
    },
    body: withHead(page.index, nonce, theme),
  };
}

/** The page reads the nonce from its meta element; the theme stands on the root before any style is read. */
function withHead(html: string, nonce: string, theme: Theme): string {
  const scheme = theme === 'system' ? 'light dark' : theme;
  const head = `<meta name="csp-nonce" content="${nonce}" />\n    <meta name="color-scheme" content="${scheme}" />`;
  const root = theme === 'system' ? '<html lang="en">' : `<html lang="en" data-mantine-color-scheme="${theme}">`;
  return html
    .replace(/<meta\s+name="(?:csp-nonce|color-scheme)"[^>]*>\s*/g, '')
    .replace(/<html[^>]*>/, root)
    .replace(/<head[^>]*>/, (tag) => `${tag}\n    ${head}`);
}

function notFound(): PageResponse {
  return {
    status: 404,
    headers: { ...guardHeaders, 'content-type': 'text/plain; charset=utf-8', 'content-security-policy': sealedPolicy },
    body: 'Not found\n',
  };
}
