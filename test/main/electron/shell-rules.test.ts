import { expect, test, vi } from 'vitest';
import { createLinkOpener, externalAddress } from '../../../main/electron/external-links.ts';
import { bringBack, guardNavigation, type GuardedContents } from '../../../main/electron/navigation.ts';
import { mayLoad } from '../../../main/electron/network.ts';
import { isOwnPage } from '../../../main/electron/origin.ts';
import { denyPermissions, isPermitted, type GuardedSession } from '../../../main/electron/permissions.ts';
import { ownScheme, pageAnswer } from '../../../main/electron/protocol.ts';
import { showPage, type LoadingWindow } from '../../../main/electron/show-page.ts';
import type { PageFiles } from '../../../main/page/page-files.ts';

const foreign = [
  'https://example.org/',
  'http://localhost:5173/',
  'file:///etc/passwd',
  'about:blank',
  'data:text/html,x',
  'javascript:alert(1)',
  'app://other/',
  'app://ui.evil/',
  'app://evil@ui/',
  'app://ui:80/',
  'blob:app://ui/x',
  '',
  'ui',
];

test('only app://ui is the own page', () => {
  for (const address of ['app://ui/', 'app://ui/assets/a.js', 'app://ui/?q#x']) expect(isOwnPage(address)).toBe(true);
  for (const address of foreign) expect(isOwnPage(address), address).toBe(false);
});

test('the development server is own only where it is named', () => {
  const developmentUrl = 'http://localhost:5173';
  expect(isOwnPage('http://localhost:5173/x', developmentUrl)).toBe(true);
  expect(isOwnPage('http://localhost:5174/x', developmentUrl)).toBe(false);
  expect(isOwnPage('app://ui/', developmentUrl)).toBe(false);
});

test('web pages over TLS and mail may open outside, nothing else', () => {
  for (const address of ['https://example.org/a?b#c', 'mailto:ada@example.org'])
    expect(externalAddress(address)?.href).toBe(address);
  const refused =
    'http://example.org file:///etc/passwd smb://x/y ms-msdt:/id vscode://x javascript:1 data:text/html,x';
  for (const address of [
    ...refused.split(' '),
    'https://user:pw@example.org',
    'app://ui/',
    '//x',
    '',
    `https://${'x'.repeat(5000)}`,
  ])
    expect(externalAddress(address), address).toBeNull();
});

test('a link opens only after the person agreed, one question at a time', async () => {
  const open = vi.fn(async () => undefined);
  const answers: ((agreed: boolean) => void)[] = [];
  const confirm = vi.fn(() => new Promise<boolean>((resolve) => answers.push(resolve)));
  const openLink = createLinkOpener({ confirm, open });
  const first = openLink('https://example.org/');
  await Promise.all(Array.from({ length: 100 }, () => openLink('https://evil.example/')));
  expect(confirm).toHaveBeenCalledOnce();
  answers[0]?.(false);
  await first;
  expect(open).not.toHaveBeenCalled();
  const second = openLink('https://example.org/');
  answers[1]?.(true);
  await second;
  expect(open).toHaveBeenCalledExactlyOnceWith('https://example.org/');
  await openLink('file:///etc/passwd');
  expect(confirm).toHaveBeenCalledTimes(2);
});

test('no frame leaves the page, no window opens, no webview attaches', () => {
  const listeners = new Map<string, (event: object) => void>();
  let openWindow: ((details: { url: string }) => unknown) | undefined;
  const contents = {
    on: (name: string, listener: (event: object) => void) => listeners.set(name, listener),
    setWindowOpenHandler: (handler: typeof openWindow) => void (openWindow = handler),
  };
  const onExternalLink = vi.fn();
  // The two members that guardNavigation uses, without Electron's overloads.
  guardNavigation(contents as unknown as GuardedContents, { developmentUrl: undefined, onExternalLink });
  for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
    for (const url of foreign) {
      const preventDefault = vi.fn();
      listeners.get(name)?.({ url, preventDefault });
      expect(preventDefault, `${name} ${url}`).toHaveBeenCalledOnce();
    }
    const preventDefault = vi.fn();
    listeners.get(name)?.({ url: 'app://ui/', preventDefault });
    expect(preventDefault).not.toHaveBeenCalled();
  }
  const preventDefault = vi.fn();
  listeners.get('will-attach-webview')?.({ preventDefault });
  expect(preventDefault).toHaveBeenCalledOnce();
  expect(openWindow?.({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
  expect(onExternalLink).toHaveBeenCalledWith('https://example.org/');
});

test('every permission is denied but copying text on the own page', () => {
  const asked =
    'media geolocation notifications midi clipboard-read display-capture openExternal fullscreen hid usb serial unknown';
  for (const permission of asked.split(' ')) expect(isPermitted(permission, 'app://ui/')).toBe(false);
  expect(isPermitted('clipboard-sanitized-write', 'app://ui/')).toBe(true);
  expect(isPermitted('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
});

test('all four of the session’s permission handlers are set', () => {
  const session = {
    setPermissionRequestHandler: vi.fn<GuardedSession['setPermissionRequestHandler']>(),
    setPermissionCheckHandler: vi.fn<GuardedSession['setPermissionCheckHandler']>(),
    setDevicePermissionHandler: vi.fn<GuardedSession['setDevicePermissionHandler']>(),
    setDisplayMediaRequestHandler: vi.fn<GuardedSession['setDisplayMediaRequestHandler']>(),
  };
  denyPermissions(session);
  for (const setter of Object.values(session)) expect(setter).toHaveBeenCalledOnce();
  const device = session.setDevicePermissionHandler.mock.calls[0]?.[0];
  expect(device?.({ deviceType: 'usb', origin: 'app://ui', device: {} } as never)).toBe(false);
});

test('the page loads from itself alone', () => {
  for (const address of ['app://ui/a.js', 'blob:app://ui/1234']) expect(mayLoad(address)).toBe(true);
  for (const address of foreign.filter((one) => !one.startsWith('blob:')))
    expect(mayLoad(address), address).toBe(false);
  expect(mayLoad('ws://localhost:5173/', 'http://localhost:5173')).toBe(true);
  expect(mayLoad('ws://localhost:5173/')).toBe(false);
});

test('the page’s own scheme cannot step round the policy', () => {
  expect(ownScheme.privileges?.bypassCSP).not.toBe(true);
  expect(ownScheme.privileges?.corsEnabled).not.toBe(true);
  expect(ownScheme.privileges?.allowServiceWorkers).not.toBe(true);
});

test('app://ui answers GET for what the page has, and 404 for anything else', async () => {
  const body = new TextEncoder().encode('export {};');
  const file = { body, mediaType: 'text/javascript; charset=utf-8', immutable: true };
  const page: PageFiles = { index: '<html><head></head></html>', files: new Map([['/assets/a.js', file]]) };
  const status = (url: string, method = 'GET'): number => pageAnswer(page, { url, method }, 'system').status;
  expect(status('app://ui/')).toBe(200);
  expect(await pageAnswer(page, { url: 'app://ui/assets/a.js', method: 'GET' }, 'system').text()).toBe('export {};');
  for (const url of [
    'app://ui/assets/../../x',
    'app://ui/assets%2fa.js',
    'app://ui//assets/a.js',
    'app://other/',
    'app://ui/x',
  ])
    expect(status(url), url).toBe(404);
  expect(status('app://ui/', 'POST')).toBe(404);
});

test('a load that was given up, or whose window closed, is no failure; a page that cannot be shown is', async () => {
  const failing = (code: string, closes: boolean): LoadingWindow => {
    const listeners: (() => void)[] = [];
    const window = {
      on: (_: string, listener: () => void) => listeners.push(listener),
      off: () => undefined,
      loadURL: async () => {
        if (closes) for (const listener of listeners) listener();
        throw Object.assign(new Error(code), { code });
      },
    };
    // The three members that showPage uses, without Electron's overloads.
    return window as unknown as LoadingWindow;
  };
  await showPage(failing('ERR_ABORTED', false), 'app://ui/');
  await showPage(failing('ERR_FAILED', true), 'app://ui/');
  await expect(showPage(failing('ERR_FAILED', false), 'app://ui/')).rejects.toThrow('ERR_FAILED');
});

test('a window that left the page is brought back, and one that is there is left alone', () => {
  const listeners: ((event: object, address: string) => void)[] = [];
  const contents = { on: (_: string, listener: (event: object, address: string) => void) => listeners.push(listener) };
  const load = vi.fn();
  bringBack(contents as unknown as GuardedContents, undefined, load);
  listeners[0]?.({}, 'app://ui/');
  expect(load).not.toHaveBeenCalled();
  listeners[0]?.({}, 'about:blank');
  expect(load).toHaveBeenCalledOnce();
});
