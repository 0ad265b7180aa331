import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPageFiles } from '../../../main/page/page-files.ts';
import { pageResponse } from '../../../main/page/page-response.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta name="csp-nonce" content="" />
    <script type="module" src="./assets/index-abc.js"></script>
  </head>
</html>`;

function builtPage(): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), html);
  writeFileSync(join(folder, 'assets/index-abc.js'), 'export {};');
  writeFileSync(join(folder, 'assets/notes.map'), '{}');
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  return folder;
}

test('files go out with their type, never sniffed, kept for ever only under a hashed name', () => {
  const page = readPageFiles(builtPage());
  const script = pageResponse(page, '/assets/index-abc.js', 'system');
  expect(script).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' } });
  expect(script.headers['cache-control']).toContain('immutable');
  expect(script.headers['x-content-type-options']).toBe('nosniff');
  expect(pageResponse(page, '/icon.svg', 'system').headers['cache-control']).toBe('no-cache');
  expect(pageResponse(page, '/icon.svg', 'system').headers['content-security-policy']).toContain(`default-src 'none'`);
});

test('each load of the page has a nonce of its own, the same in policy and page', () => {
  const page = readPageFiles(builtPage());
  const nonces = [1, 2].map(() => {
    const { headers, body } = pageResponse(page, '/', 'system');
    const inPage = /<meta name="csp-nonce" content="([^"]{20,})"/.exec(String(body))?.[1];
    expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${inPage}'`);
    expect(String(body).match(/csp-nonce/g)).toHaveLength(1);
    expect(headers['cache-control']).toBe('no-store');
    return inPage;
  });
  expect(nonces[0]).not.toBe(nonces[1]);
});

test('the policy allows nothing inline, nothing evaluated and nothing from elsewhere', () => {
  const { headers } = pageResponse(readPageFiles(builtPage()), '/', 'system');
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
  const lines = [`default-src 'none'`, `script-src 'self'`, `base-uri 'none'`, `form-action 'none'`];
  for (const line of [...lines, `frame-ancestors 'none'`, `require-trusted-types-for 'script'`])
    expect(policy.split('; ')).toContain(line);
});

test('a chosen theme stands on the page before any style is read', () => {
  const page = readPageFiles(builtPage());
  expect(pageResponse(page, '/', 'dark').body).toContain('<html lang="en" data-mantine-color-scheme="dark">');
  expect(pageResponse(page, '/', 'system').body).toContain('<meta name="color-scheme" content="light dark" />');
});

test('what was not in the folder at the start is not there: links, other kinds, later files', () => {
  const folder = builtPage();
  const outside = join(tempFolder(), 'secret.js');
  writeFileSync(outside, 'secret');
  symlinkSync(outside, join(folder, 'assets/link.js'));
  const page = readPageFiles(folder);
  writeFileSync(join(folder, 'assets/late.js'), '');
  for (const path of ['/assets/link.js', '/assets/notes.map', '/assets/late.js', '/index.html', '/assets', '/assets/'])
    expect(pageResponse(page, path, 'system').status).toBe(404);
});

test('ten thousand hostile paths are 404', () => {
  const page = readPageFiles(builtPage());
  const hostile = '.. %2e%2e %2e . \\ / // \0 %00 C: \\\\server\\share assets ASSETS INDEX~1.JS index-abc.js __proto__';
  const part = fc.constantFrom(...hostile.split(' '), 'index-abc.js::$DATA', 'index-abc.js.', 'index-abc.js%20');
  const path = fc.array(part, { maxLength: 8 }).map((parts) => `/${parts.join('/')}`);
  fc.assert(
    fc.property(fc.oneof(path, fc.string()), (pathname) => {
      fc.pre(pathname !== '/' && !page.files.has(pathname));
      expect(pageResponse(page, pathname, 'system').status).toBe(404);
    }),
    { numRuns: 10_000 },
  );
});

test('a folder without a built page is NOT_FOUND and says how to build it', () => {
  expect(() => readPageFiles(tempFolder())).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  expect(() => readPageFiles('/nowhere/at/all')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});
