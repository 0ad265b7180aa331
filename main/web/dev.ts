import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { electronBinary } from './electron-binary.ts';
import { reportAndFail } from './run-web.ts';

const project = join(import.meta.dirname, '../..');

/**
 * `npm run dev`: the desktop window on a development server, rebuilt and reloaded as sources change. It has a vault of its
 * own in ./vault, so that nobody's real one is tried things on.
 */
async function develop(args: readonly string[]): Promise<void> {
  const binary = await electronBinary(project, process.env);
  if (binary.state === 'absent') {
    console.log(`There is no Electron (${binary.reason}). \`npm start\` builds and shows the page in the browser.`);
    process.exitCode = 1;
    return;
  }
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? ['--noSandbox'] : [];
  const tool = join(project, 'node_modules/electron-vite/bin/electron-vite.js');
  const child = spawn(process.execPath, [tool, 'dev', '--watch', ...asRoot, ...args], {
    cwd: project,
    stdio: 'inherit',
    env: { ALMANAC_VAULT: join(project, 'vault'), ...process.env, ELECTRON_EXEC_PATH: binary.path },
  });
  // Ctrl+C reaches the child by itself; a signal to this process alone does not.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => (process.exitCode = code ?? 1));
}

develop(process.argv.slice(2)).catch(reportAndFail);
