import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, nativeTheme, screen, type WebPreferences } from 'electron';
import type { Theme } from '../page/page-response.ts';
import { isReachable, readWindowState, writeWindowState } from './window-state.ts';

/** reliability.md §5.1: a page that is taken over finds nothing to take hold of. */
export const guardedPreferences: WebPreferences = {
  preload: fileURLToPath(new URL('../preload/preload.cjs', import.meta.url)),
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  // The spelling checker fetches dictionaries from the network.
  spellcheck: false,
};

/** The page's own paper, so that the window never flashes in the other colour (renderer/styles/tokens.css). */
const paper = { light: '#fdfcf9', dark: '#1b1a18' };

/** The one window, as it stood last time; shown as soon as it has something to show. */
export function openWindow(theme: Theme): BrowserWindow {
  nativeTheme.themeSource = theme;
  const stateFile = join(app.getPath('userData'), 'window.json');
  const state = readWindowState(stateFile);
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...(state !== null && isReachable(state.bounds, screens) ? state.bounds : {}),
    minWidth: 720,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? paper.dark : paper.light,
    webPreferences: { ...guardedPreferences, devTools: !app.isPackaged },
  });
  if (state?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  });
  return window;
}
