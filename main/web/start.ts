import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../shared/errors.ts';
import { isBuildStale } from '../lib/build-state.js';
import { electronBinary } from './electron-binary.ts';
import { hasDisplay } from './open-browser.ts';
import { reportAndFail } from './run-web.ts';

const project = join(import.meta.dirname, '../..');

/** `npm start`: the desktop window where there can be one, else the web host, and one line that says why. */
async function start(args: readonly string[]): Promise<void> {
  if (isBuildStale(project, 'out/renderer/index.html')) build();
  const why = args.includes('--web') ? 'as asked' : await openDesktop();
  if (why === null) return;
  console.log(`Showing Almanac in the browser (${why}).`);
  process.argv.splice(2, Infinity, ...args.filter((arg) => arg !== '--web'));
  await import(pathToFileURL(join(project, 'out/main/web.js')).href);
}

function build(): void {
  console.log('Building…');
  const tool = join(project, 'node_modules/electron-vite/bin/electron-vite.js');
  const { status } = spawnSync(process.execPath, [tool, 'build', '--logLevel', 'warn'], {
    cwd: project,
    stdio: 'inherit',
  });
  if (status === 0) return;
  const remedy = 'Read the messages above; after `npm ci` a fresh checkout builds.';
  throw new AppError('INTERNAL', 'Almanac could not be built.', { remedy });
}

/** Null once the desktop app has run and ended; else the reason why it could not. */
async function openDesktop(): Promise<string | null> {
  if (!hasDisplay(process.platform, process.env)) return 'this terminal has no display';
  const binary = await electronBinary(project, process.env);
  if (binary.state === 'absent') return `no Electron: ${binary.reason}; \`npx install-electron\` tries again`;
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (asRoot) console.log('Started as root: Electron runs without its sandbox.');
  return runElectron(binary.path, asRoot ? ['--no-sandbox'] : []);
}

/** An end this early by a signal or by the loader means that Electron itself cannot run here. */
const earlyMs = 5000;
const loaderFailed = 127;

function runElectron(path: string, flags: readonly string[]): Promise<string | null> {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(path, [project, ...flags], { stdio: 'inherit', env });
    const end = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
    child.on('error', (error) => resolve(`Electron does not start: ${error.message}`));
    child.on('exit', (code, signal) => {
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
      const early = performance.now() - startedAt < earlyMs;
      const asked = signal === 'SIGINT' || signal === 'SIGTERM';
      if (code === loaderFailed || (early && signal !== null && !asked)) {
        resolve(`Electron cannot run on this machine: ${signal ?? 'a library is missing'}`);
        return;
      }
      process.exitCode = code ?? 1;
      resolve(null);
    });
  });
}

start(process.argv.slice(2)).catch(reportAndFail);
