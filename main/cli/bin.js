#!/usr/bin/env node
// Starts the command line on whatever Node runs this: the sources where it can read them (22.18 and later, and not
// below node_modules, where types are not stripped), else the built file, else the Node 24 that came as a dependency.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('./cli.ts', import.meta.url);
const built = new URL('../../out/main/cli.js', import.meta.url);
const ownNode = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const readsTypes = major > 22 || (major === 22 && minor >= 18);
const isInstalled = fileURLToPath(source).includes('node_modules');

if (readsTypes && !isInstalled && existsSync(source)) {
  await import(source.href);
} else if (existsSync(built)) {
  await import(built.href);
} else if (existsSync(ownNode)) {
  const { status } = spawnSync(ownNode, [fileURLToPath(source), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  console.error(
    'almanac: this copy is not built, and Node is too old to run its sources. Run: npm ci && npm run build',
  );
  process.exitCode = 1;
}
