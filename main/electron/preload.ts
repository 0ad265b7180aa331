import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { Reply } from '../../shared/ipc/reply.ts';
import { channels } from './channels.ts';

/** Runs sandboxed, apart from the page's world. Channel names, paths and IPC events stay on this side. */
const bridge: Bridge<File> = {
  host: 'desktop',
  invoke: (method, input) => ask(channels.invoke, method, input),
  subscribe(event, listener) {
    const onEvent = (_: unknown, name: unknown, payload: unknown): void => {
      if (name === event) listener(payload);
    };
    ipcRenderer.on(channels.event, onEvent);
    return () => void ipcRenderer.off(channels.event, onEvent);
  },
  offerFile: (file) => ask(channels.offerFile, webUtils.getPathForFile(file)),
};

async function ask(channel: string, ...args: readonly unknown[]): Promise<Reply> {
  try {
    // Main answers every call with a Reply; the page's client checks it.
    return (await ipcRenderer.invoke(channel, ...args)) as Reply;
  } catch {
    return {
      ok: false,
      error: { code: 'INTERNAL', message: 'Almanac does not answer.', remedy: 'Close Almanac and open it again.' },
    };
  }
}

contextBridge.exposeInMainWorld('almanac', bridge);
