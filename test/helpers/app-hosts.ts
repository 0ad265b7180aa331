import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type Browser, type BrowserContext, type ElectronApplication, type Page } from 'playwright-core';
import { installedElectron } from '../../main/web/electron-binary.ts';
import { launchBrowser } from './browser.ts';
import { openDisplay, type Display } from './app-display.ts';

const project = join(import.meta.dirname, '../..');

/** The built app, running on one of its hosts over a vault of its own. */
export interface Running {
  readonly page: Page;
  readonly vault: string;
  /** Errors of the page and breaches of its policy so far: tests expect none. */
  readonly problems: readonly string[];
  /** The program itself. */
  readonly process: ChildProcess;
  /** desktop: for what only its main process can do. */
  readonly electron?: ElectronApplication;
  /** web: the address it serves, without a token. */
  readonly origin?: string;
  /** Ends the app as a person would, and waits for it. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly vault: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
}

export interface TestHost {
  readonly name: 'web' | 'desktop';
  /** Why it cannot run here; null where it can. */
  readonly missing: string | null;
  open(options: OpenOptions): Promise<Running>;
  /** Ends what all openings share. */
  stop(): Promise<void>;
}

export function webHost(): TestHost {
  let browser: Promise<Browser> | undefined;
  return {
    name: 'web',
    missing: builtMissing(),
    async open(options) {
      browser ??= launchBrowser();
      return openWeb(await browser, options);
    },
    async stop() {
      await (await browser)?.close();
    },
  };
}

export async function desktopHost(): Promise<TestHost> {
  const binary = installedElectron(project, process.env);
  const display = binary === null ? null : await openDisplay();
  const missing = binary === null ? 'no Electron binary here' : display === null ? 'no display here' : builtMissing();
  return {
    name: 'desktop',
    missing,
    open: (options) => {
      if (binary === null || display === null) throw new Error(missing ?? 'no Electron');
      return openDesktop(binary, display, options);
    },
    stop: async () => display?.stop(),
  };
}

function builtMissing(): string | null {
  return existsSync(join(project, 'out/main/web.js')) ? null : 'not built: run `npm run build`';
}

async function openWeb(browser: Browser, options: OpenOptions): Promise<Running> {
  const server = spawn(process.execPath, [join(project, 'out/main/web.js'), '--no-open', '--vault', options.vault], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressOf(server);
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const problems = watchProblems(page);
  await page.goto(url);
  const origin = new URL(url).origin;
  return { page, vault: options.vault, problems, origin, process: server, close: () => closeWeb(context, server) };
}

/** The pipe stays open afterwards: a server must not lose its output while it runs. */
function addressOf(server: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    server.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\S+/.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    });
    server.once('exit', () => reject(new Error(`The web host ended without an address: ${text}`)));
  });
}

async function closeWeb(context: BrowserContext, server: ChildProcess): Promise<void> {
  await context.close();
  if (server.exitCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}

async function openDesktop(binary: string, display: Display, options: OpenOptions): Promise<Running> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const electron = await _electron.launch({
    executablePath: binary,
    args: [project, ...asRoot, `--user-data-dir=${options.vault}-user-data`],
    env: { ...definedEnv(), ...display.env, ALMANAC_VAULT: options.vault, ALMANAC_NO_DIALOGS: '1' },
    colorScheme: options.colorScheme ?? 'light',
    timeout: 30_000,
  });
  const page = await electron.firstWindow();
  const problems = watchProblems(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { width, height } = options.viewport ?? { width: 1280, height: 800 };
  await electron.evaluate(
    ({ BrowserWindow }, size) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
    },
    { width, height },
  );
  const child = electron.process();
  const ended = once(child, 'exit');
  // An app that is ending already does not answer the wish to end it.
  const close = async (): Promise<void> => {
    await Promise.race([electron.close().catch(() => undefined), ended]);
    await ended;
  };
  return { page, vault: options.vault, problems, electron, process: child, close };
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** Chromium reports breaches of the policy as errors on the console. */
function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  return problems;
}
