import { join } from 'node:path';
import type { Session } from 'electron';

/** Saves what the page made itself (an export) where the person says; downloads from anywhere else do not start. */
export function askWhereToSave(session: Pick<Session, 'on'>, downloadsFolder: string): void {
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith('blob:')) {
      event.preventDefault();
      return;
    }
    item.setSaveDialogOptions({ defaultPath: join(downloadsFolder, item.getFilename()) });
  });
}
