import { basename } from 'node:path';
import { BrowserWindow, dialog, shell } from 'electron';
import type { HostActions } from '../app/ports.ts';

/** What the desktop can do for the app. */
export const desktopActions: HostActions = {
  async pickFile(kind) {
    const options: Electron.OpenDialogOptions = {
      title: kind === 'file' ? 'Choose an export to import' : 'Choose the folder of an export',
      properties: [kind === 'file' ? 'openFile' : 'openDirectory'],
      filters: kind === 'file' ? [{ name: 'Exports (ZIP, JSON)', extensions: ['zip', 'json'] }] : [],
    };
    const window = currentWindow();
    const { canceled, filePaths } = await (window === null
      ? dialog.showOpenDialog(options)
      : dialog.showOpenDialog(window, options));
    const [path] = filePaths;
    return canceled || path === undefined ? null : { path, name: basename(path) };
  },
  async revealFolder(path) {
    const complaint = await shell.openPath(path);
    if (complaint !== '') throw new Error(`The file manager said: ${complaint}`);
  },
};

export async function confirmLink(address: string): Promise<boolean> {
  const options: Electron.MessageBoxOptions = {
    type: 'question',
    message: 'Open this link in another program?',
    detail: address,
    buttons: ['Open', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  };
  const window = currentWindow();
  const { response } = await (window === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  return response === 0;
}

function currentWindow(): BrowserWindow | null {
  return BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0] ?? null;
}
