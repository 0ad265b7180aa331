import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** What the build is made from, in the project's folder. */
const sources = ['main', 'renderer', 'shared', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
/** The last thing a build writes. */
const product = 'out/renderer/index.html';

/** True where out/ is missing or older than any source. */
export function isBuildStale(project: string): boolean {
  const builtAt = modifiedAt(join(project, product));
  if (builtAt === 0 || modifiedAt(join(project, 'out/main/web.js')) === 0) return true;
  return sources.some((source) => newestIn(join(project, source)) > builtAt);
}

function newestIn(path: string): number {
  const entries = list(path);
  return Math.max(modifiedAt(path), ...entries.map((entry) => modifiedAt(join(entry.parentPath, entry.name))));
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}

/** Milliseconds since 1970; 0 where there is nothing. */
function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
