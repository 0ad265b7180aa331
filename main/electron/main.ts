import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, ipcMain, powerMonitor, protocol, session, shell } from 'electron';
import { toAppError } from '../../shared/errors.ts';
import type { App } from '../app/assemble-app.ts';
import { createApp } from '../app/create-app.ts';
import { vaultLocation } from '../app/vault-location.ts';
import { systemClock } from '../lib/clock.ts';
import { stderrLog } from '../lib/log.ts';
import { readPageFiles, type PageFiles } from '../page/page-files.ts';
import { bindIpc } from './bind-ipc.ts';
import { confirmLink, desktopActions } from './dialogs.ts';
import { askWhereToSave } from './downloads.ts';
import { createLinkOpener } from './external-links.ts';
import { systemKeychain } from './keychain.ts';
import { setMenu } from './menu.ts';
import { bringBack, guardNavigation } from './navigation.ts';
import { closeNetwork } from './network.ts';
import { pageUrl } from './origin.ts';
import { denyPermissions } from './permissions.ts';
import { ownScheme, servePage } from './protocol.ts';
import { showPage } from './show-page.ts';
import { followPower, type PowerLike } from './sleep.ts';
import { openWindow } from './window.ts';

/** Set by the development build only; a packaged app serves its own page whatever the environment says. */
const developmentUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];

// Electron refuses the two together: --no-sandbox is how root, for whom Chromium has no sandbox, starts it.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
protocol.registerSchemesAsPrivileged([ownScheme]);
guardAllContents();

// A second start shows the first one's window: one vault, one owner, one window.
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showWindow);
  app.whenReady().then(start).catch(fail);
} else {
  app.quit();
}

async function start(): Promise<void> {
  const keychain = systemKeychain();
  const almanac = await createApp({
    vaultPath: vaultLocation(),
    log: stderrLog,
    host: { ...desktopActions, ...(keychain && { keychain }) },
  });
  closeAtQuit(almanac);
  followPower({
    power,
    vault: almanac.vault,
    onAwake: () => almanac.team.wake(),
    quit: () => app.quit(),
    log: stderrLog,
  });
  // The development server brings its own page, which may not have been built.
  if (developmentUrl === undefined) servePage(protocol, builtPage(), () => almanac.settings().theme);
  denyPermissions(session.defaultSession, developmentUrl);
  closeNetwork(session.defaultSession, developmentUrl);
  askWhereToSave(session.defaultSession, app.getPath('downloads'));
  setMenu();
  const binding = bindIpc({ ipcMain, app: almanac, clock: systemClock, developmentUrl });
  const window = openWindow(almanac.settings().theme);
  binding.admit(window.webContents);
  const load = (): Promise<void> => showPage(window, developmentUrl ?? pageUrl);
  bringBack(window.webContents, developmentUrl, () => void load().catch(fail));
  await load();
}

function builtPage(): PageFiles {
  return readPageFiles(fileURLToPath(new URL('../renderer/', import.meta.url)));
}

/** Before any contents exist, so that none can come without the rules. */
function guardAllContents(): void {
  const openLink = createLinkOpener({ confirm: confirmLink, open: (address) => shell.openExternal(address) });
  app.on('web-contents-created', (_, contents) => {
    guardNavigation(contents, {
      developmentUrl,
      onExternalLink: (address) => {
        openLink(address).catch(() => stderrLog.warn('a link could not be opened'));
      },
    });
  });
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

/** Electron's types have no event for `shutdown`, though its documentation does; and know each event by itself only. */
const power: PowerLike = {
  on: (event, listener) => powerMonitor.on(event as 'shutdown', listener as () => void),
};

/** Almanac has one window; without it, nothing is left to do. What is not written yet is written before the end. */
function closeAtQuit(almanac: App): void {
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    event.preventDefault();
    almanac.close().then(() => app.exit(0), fail);
  });
}

function fail(thrown: unknown): void {
  const error = toAppError(thrown);
  stderrLog.warn('Almanac cannot go on', { code: error.code });
  process.stderr.write(`${error.message}\n${error.remedy}\n`);
  if (process.env['ALMANAC_NO_DIALOGS'] === undefined) dialog.showErrorBox(error.message, error.remedy);
  app.exit(1);
}

process.on('uncaughtException', fail);
