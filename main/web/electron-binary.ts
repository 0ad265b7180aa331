import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Long enough for a slow line, short enough that a start without a network is not mistaken for a hang. */
const downloadLimitMs = 180_000;
/** After a failed download, starts are quick for a day. */
const retryAfterMs = 24 * 60 * 60 * 1000;

export type ElectronBinary =
  { readonly state: 'present'; readonly path: string } | { readonly state: 'absent'; readonly reason: string };

/** Electron's executable for this project; downloaded where it is missing and can be reached. Never throws. */
export async function electronBinary(project: string, env: NodeJS.ProcessEnv): Promise<ElectronBinary> {
  const path = installedElectron(project, env);
  if (path !== null) return { state: 'present', path };
  const failure = join(project, 'node_modules/.cache/almanac/electron-unavailable');
  if (isRecent(failure))
    return { state: 'absent', reason: `it could not be downloaded: ${readFileSync(failure, 'utf8')}` };
  const complaint = await download(project, env);
  const downloaded = installedElectron(project, env);
  if (downloaded !== null) {
    rmSync(failure, { force: true });
    return { state: 'present', path: downloaded };
  }
  remember(failure, complaint);
  return { state: 'absent', reason: `it could not be downloaded: ${complaint}` };
}

/** Where Electron's own package would start it from, without asking that package: it downloads when it is asked. */
export function installedElectron(project: string, env: NodeJS.ProcessEnv): string | null {
  const home = join(project, 'node_modules/electron');
  const given = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const name = readText(join(home, 'path.txt')) ?? defaultName(process.platform);
  const path = join(given ?? join(home, 'dist'), name);
  return existsSync(path) ? path : null;
}

function defaultName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/** Runs Electron's installer. Resolves to what it complained about last. */
function download(project: string, env: NodeJS.ProcessEnv): Promise<string> {
  const installer = join(project, 'node_modules/electron/install.js');
  if (!existsSync(installer)) return Promise.resolve('its package is not installed');
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [installer], { env, stdio: ['ignore', 'inherit', 'pipe'], cwd: project });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-4000)));
    const timer = setTimeout(() => {
      complaint = `not finished within ${downloadLimitMs / 1000} seconds`;
      child.kill();
    }, downloadLimitMs);
    child.on('error', (error) => (complaint = error.message));
    child.on('close', () => {
      clearTimeout(timer);
      resolve(firstLine(complaint));
    });
  });
}

function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim()
      .slice(0, 200) ?? 'no reason given'
  );
}

function isRecent(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) < retryAfterMs;
}

function remember(file: string, complaint: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, complaint);
}

function readText(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
