import { basename, isAbsolute } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { errorData, type Reply } from '../../shared/ipc/reply.ts';
import type { App } from '../app/assemble-app.ts';
import { withRateLimit } from '../ipc/rate-limit.ts';
import type { Dispatch } from '../ipc/router.ts';
import type { Clock } from '../lib/clock.ts';
import { channels } from './channels.ts';
import { isOwnPage } from './origin.ts';

/** The parts of an IPC event that the rules look at. */
export interface SenderEvent {
  readonly sender: { readonly id: number; readonly mainFrame: unknown };
  /** Null where the frame is gone. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** What `ipcMain` is here. */
export interface IpcMainLike {
  handle(channel: string, listener: (event: SenderEvent, ...args: readonly unknown[]) => Promise<Reply>): void;
}

/** What a window's contents are here. */
export interface ContentsLike {
  readonly id: number;
  send(channel: string, ...args: readonly unknown[]): void;
  isDestroyed(): boolean;
  once(event: 'destroyed', listener: () => void): unknown;
}

export interface IpcBinding {
  /** Lets a window in; it is let go of when it is destroyed. */
  admit(contents: ContentsLike): void;
  close(): void;
}

export interface IpcPorts {
  readonly ipcMain: IpcMainLike;
  readonly app: Pick<App, 'dispatch' | 'events' | 'files'>;
  readonly clock: Clock;
  readonly developmentUrl: string | undefined;
}

/** Binds the router and the events to the windows. Fails closed: what is not known to be our page gets FORBIDDEN. */
export function bindIpc({ ipcMain, app, clock, developmentUrl }: IpcPorts): IpcBinding {
  const admitted = new Map<number, { readonly contents: ContentsLike; readonly dispatch: Dispatch }>();

  const trusted = (event: SenderEvent): Dispatch | null => {
    const { sender, senderFrame } = event;
    if (senderFrame === null || senderFrame.parent !== null || senderFrame !== sender.mainFrame) return null;
    if (!isOwnPage(senderFrame.url, developmentUrl)) return null;
    return admitted.get(sender.id)?.dispatch ?? null;
  };

  ipcMain.handle(channels.invoke, async (event, method, input) => {
    const dispatch = trusted(event);
    return dispatch === null || typeof method !== 'string' ? forbidden() : dispatch(method, input);
  });
  ipcMain.handle(channels.offerFile, async (event, path) =>
    trusted(event) === null ? forbidden() : offer(app.files, path),
  );
  const unsubscribe = app.events.subscribe(({ event, payload }) => {
    for (const { contents } of admitted.values()) {
      if (!contents.isDestroyed()) contents.send(channels.event, event, payload);
    }
  });

  return {
    admit(contents) {
      admitted.set(contents.id, { contents, dispatch: withRateLimit(app.dispatch, clock) });
      contents.once('destroyed', () => admitted.delete(contents.id));
    },
    close() {
      unsubscribe();
      admitted.clear();
    },
  };
}

/** The preload script found out the path of a dropped file; a file the page made itself has none. */
function offer(files: App['files'], path: unknown): Reply {
  if (typeof path !== 'string' || path.includes('\0') || !isAbsolute(path)) {
    const remedy = 'Drop a file or folder from the file manager, or choose one with the button.';
    return { ok: false, error: errorData(new AppError('BAD_INPUT', 'What was dropped is not a file.', { remedy })) };
  }
  return { ok: true, value: files.offer({ path, name: basename(path) }) };
}

function forbidden(): Reply {
  const remedy = 'Close this window and open Almanac again.';
  return { ok: false, error: errorData(new AppError('FORBIDDEN', 'Only Almanac’s own page may ask.', { remedy })) };
}
