import { expect, test } from 'vitest';
import { hasDisplay, openBrowser } from '../../../main/web/open-browser.ts';

test('a Linux machine has a display when X or Wayland says so', () => {
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
});

test('opening a browser where there is none does not fail', async () => {
  // The opener of another platform is missing here; an error nobody listens to would fail this run.
  expect(() => openBrowser('http://127.0.0.1:1/', process.platform === 'win32' ? 'linux' : 'win32')).not.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 100));
});
