import { expect, test } from 'vitest';
import { hidePaths } from '../../../main/ipc/hide-paths.ts';

test('absolute paths shrink to the name of the file', () => {
  expect(hidePaths("ENOENT: no such file or directory, open '/home/ada/vault/data/x.json'")).toBe(
    "ENOENT: no such file or directory, open '…/x.json'",
  );
  expect(hidePaths('rename /tmp/a/b.tmp -> /tmp/a/b.')).toBe('rename …/b.tmp -> …/b.');
  expect(hidePaths('at C:\\Users\\Ada Byron\\vault')).not.toContain('Users');
  expect(hidePaths('at "\\\\server\\share\\x"')).toBe('at "…/x"');
  expect(hidePaths('(/var/lib/almanac/log)')).toBe('(…/log)');
});

test('text that only looks a little like a path stays', () => {
  for (const text of ['and/or', '3/4 of 5/6', 'https://example.org/a/b', 'TCP/IP', 'a / b', '12/2026'])
    expect(hidePaths(text)).toBe(text);
});
