#!/usr/bin/env node
// Starts the command line on whatever Node runs this: the built file where it is as new as the sources (it starts in a
// fifth of the time), else the sources where this Node can read them (22.18 and later, and not below node_modules, where
// types are not stripped), else the built file as it is, else the Node 24 that came as a dependency.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isBuildStale } from '../lib/build-state.js';

const source = new URL('./cli.ts', import.meta.url);
const built = new URL('../../out/main/cli.js', import.meta.url);
const project = fileURLToPath(new URL('../..', import.meta.url));
const ownNode = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const readsTypes = major > 22 || (major === 22 && minor >= 18);
const isInstalled = project.includes('node_modules');
const canReadSource = readsTypes && !isInstalled && existsSync(source);

if (existsSync(built) && (!canReadSource || !isBuildStale(project, 'out/main/cli.js'))) {
  await import(built.href);
} else if (canReadSource) {
  await import(source.href);
} else if (existsSync(ownNode)) {
  const { status } = spawnSync(ownNode, [fileURLToPath(source), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  console.error(
    'almanac: this copy is not built, and Node is too old to run its sources. Run: npm ci && npm run build',
  );
  process.exitCode = 1;
}
