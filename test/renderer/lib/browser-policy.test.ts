// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { z } from 'zod';
import { plainTextOnly } from '../../../renderer/lib/browser-policy.ts';

test('style sheets pass the policy, anything with a tag does not', () => {
  const css = ':root{--a:1} @media (min-width: 48em) {.x > .y{color:"&lt;"}}';
  expect(plainTextOnly(css)).toBe(css);
  for (const html of ['<b>', '<img src=x onerror=x>', 'x<!--', '</style><script>']) {
    expect(() => plainTextOnly(html)).toThrow(TypeError);
  }
});

test('zod does not try to make functions out of strings', () => {
  expect(z.config().jitless).toBe(true);
});
