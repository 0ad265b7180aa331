// In plain JavaScript, since the launcher of the command line asks it before it knows which Node it runs on.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What each product is made from, in the project's folder. */
const sourcesOf = {
  /** The last thing that a build of everything writes. */
  'out/renderer/index.html': [
    'main',
    'renderer',
    'shared',
    'electron.vite.config.ts',
    'package.json',
    'package-lock.json',
  ],
  'out/main/cli.js': ['main', 'shared', 'electron.vite.config.ts', 'package.json', 'package-lock.json'],
};

/**
 * True where this product of the build is missing or older than any of its sources.
 * @type {import('./build-state.d.ts').isBuildStale}
 */
export function isBuildStale(project, product) {
  const builtAt = modifiedAt(join(project, product));
  if (builtAt === 0 || modifiedAt(join(project, 'out/main/web.js')) === 0) return true;
  return sourcesOf[product].some((source) => newestIn(join(project, source)) > builtAt);
}

function newestIn(path) {
  const entries = list(path);
  return Math.max(modifiedAt(path), ...entries.map((entry) => modifiedAt(join(entry.parentPath, entry.name))));
}

function list(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}

/** Milliseconds since 1970; 0 where there is nothing. */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
