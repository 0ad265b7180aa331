import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { peersFolder } from './peers-folder.ts';
import type { SubjectName } from './subjects/subject.ts';

/**
 * The stores we compare ourselves with are no dependencies of ours: a fresh `npm ci` must not depend on their native
 * modules. They are installed here when the benchmark first runs; where that fails, it says so and goes on without.
 */
const listFolder = join(import.meta.dirname, 'peers');

const packageOf: Partial<Record<SubjectName, string>> = {
  'better-sqlite3 full': 'better-sqlite3',
  'classic-level sync': 'classic-level',
  nedb: '@seald-io/nedb',
  lowdb: 'lowdb',
};

/** Installs what is missing. Returns why some are not available here, by name. */
export function preparePeers(): Partial<Record<SubjectName, string>> {
  const failure = isInstalled() ? null : install();
  const missing: Partial<Record<SubjectName, string>> = {};
  for (const [subject, name] of Object.entries(packageOf)) {
    const why = failure ?? whyNotLoadable(name);
    if (why !== null) missing[subject as SubjectName] = why; // its keys are subject names
  }
  return missing;
}

function isInstalled(): boolean {
  return ['package.json', 'package-lock.json'].every((name) => {
    const copy = join(peersFolder, name);
    return existsSync(copy) && readFileSync(copy, 'utf8') === readFileSync(join(listFolder, name), 'utf8');
  });
}

function install(): string | null {
  mkdirSync(peersFolder, { recursive: true });
  copyFileSync(join(listFolder, 'package.json'), join(peersFolder, 'package.json'));
  copyFileSync(join(listFolder, 'package-lock.json'), join(peersFolder, 'package-lock.json'));
  // Their prebuilt modules are part of the packages; nothing is compiled.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
  const { status, stderr, error } = spawnSync('npm', args, {
    cwd: peersFolder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    timeout: 180_000,
  });
  return status === 0 ? null : `npm could not install it (${(error?.message ?? stderr.trim()).split('\n')[0] ?? ''})`;
}

/** Native modules are only loaded when something is made of them. */
function whyNotLoadable(name: string): string | null {
  try {
    const require = createRequire(join(peersFolder, 'package.json'));
    if (name === 'better-sqlite3') {
      const Database = require(name) as new (path: string) => { close(): void };
      new Database(':memory:').close();
    } else if (name !== 'lowdb') require(name);
    else if (!existsSync(join(peersFolder, 'node_modules', name))) return 'it is not installed'; // it has no CommonJS form
    return null;
  } catch (error) {
    return `it does not load (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)})`;
  }
}
