import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().min(400), height: z.int().min(300) });
export const WindowState = z.object({ bounds: Bounds, maximized: z.boolean() });
export type WindowState = z.infer<typeof WindowState>;
export type Rectangle = z.infer<typeof Bounds>;

/** How the window stood when it was last closed; null at first, or when the file cannot be read. */
export function readWindowState(file: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** A convenience, no record: when it cannot be written, the window simply opens in its usual place. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  } catch {
    return;
  }
}

/** True where a hand's breadth of the title bar can be grasped: a screen may have gone since. */
export function isReachable(bounds: Rectangle, screens: readonly Rectangle[]): boolean {
  return screens.some(
    (screen) =>
      bounds.x + bounds.width - 120 >= screen.x &&
      bounds.x + 120 <= screen.x + screen.width &&
      bounds.y >= screen.y &&
      bounds.y + 40 <= screen.y + screen.height,
  );
}
