import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isReachable, readWindowState, writeWindowState } from '../../../main/electron/window-state.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const bounds = { x: 10, y: 20, width: 900, height: 600 };

test('a window state comes back as it was written', () => {
  const file = join(tempFolder(), 'window.json');
  writeWindowState(file, { bounds, maximized: true });
  expect(readWindowState(file)).toEqual({ bounds, maximized: true });
});

test('a missing, damaged or absurd file is as good as none, and an unwritable place does not fail', () => {
  const file = join(tempFolder(), 'window.json');
  expect(readWindowState(file)).toBeNull();
  for (const text of ['{', '{}', JSON.stringify({ bounds: { ...bounds, width: 1 }, maximized: false })]) {
    writeFileSync(file, text);
    expect(readWindowState(file)).toBeNull();
  }
  writeWindowState(join(file, 'not-a-folder/window.json'), { bounds, maximized: false });
});

test('a window on a screen that has gone is not put back there', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  expect(isReachable(bounds, screens)).toBe(true);
  expect(isReachable({ ...bounds, x: 2500 }, screens)).toBe(false);
  expect(isReachable({ ...bounds, y: -500 }, screens)).toBe(false);
  expect(isReachable({ ...bounds, x: -850 }, screens)).toBe(false);
});
