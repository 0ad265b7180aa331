import type { WebContents } from 'electron';
import { isOwnPage } from './origin.ts';

export type GuardedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>;

export interface NavigationRules {
  readonly developmentUrl: string | undefined;
  /** A link that leads elsewhere was followed; it decides whether the person is asked. */
  readonly onExternalLink: (address: string) => void;
}

/** No frame leaves the page, no window opens, no <webview> attaches. */
export function guardNavigation(contents: GuardedContents, rules: NavigationRules): void {
  const stay = (event: { preventDefault(): void }, address: string): boolean => {
    if (isOwnPage(address, rules.developmentUrl)) return true;
    event.preventDefault();
    return false;
  };
  contents.on('will-navigate', (details) => {
    if (!stay(details, details.url)) rules.onExternalLink(details.url);
  });
  contents.on('will-redirect', (details) => void stay(details, details.url));
  contents.on('will-frame-navigate', (details) => void stay(details, details.url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    rules.onExternalLink(url);
    return { action: 'deny' };
  });
}

/**
 * Brings the window back to the page. Chromium lets a page go to about:blank without asking (measured on Electron 33);
 * nothing is answered from there, but the person would look at nothing.
 */
export function bringBack(
  contents: Pick<WebContents, 'on'>,
  developmentUrl: string | undefined,
  load: () => void,
): void {
  contents.on('did-navigate', (_, address) => {
    if (!isOwnPage(address, developmentUrl)) load();
  });
}
