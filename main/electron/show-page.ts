import type { BrowserWindow } from 'electron';

export type LoadingWindow = Pick<BrowserWindow, 'loadURL' | 'on' | 'off'>;

/**
 * @throws what Chromium says where the page cannot be shown. That something else was asked for before it was there, or
 * that the window closed meanwhile, is no failure.
 */
export async function showPage(window: LoadingWindow, address: string): Promise<void> {
  let isClosing = false;
  const onClose = (): void => void (isClosing = true);
  window.on('close', onClose);
  try {
    await window.loadURL(address);
  } catch (error) {
    const wasGivenUp = error instanceof Error && 'code' in error && error.code === 'ERR_ABORTED';
    if (!isClosing && !wasGivenUp) throw error;
  } finally {
    window.off('close', onClose);
  }
}
