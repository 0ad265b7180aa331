import type { Session } from 'electron';
import { isOwnPage } from './origin.ts';

/** The one thing the page may: put text that the person copies on the clipboard. Reading it stays denied. */
const granted = 'clipboard-sanitized-write';

export function isPermitted(permission: string, address: string, developmentUrl?: string): boolean {
  return permission === granted && isOwnPage(address, developmentUrl);
}

export type GuardedSession = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
>;

/** Camera, microphone, location, notifications, devices, screen capture and whatever comes next: denied. */
export function denyPermissions(session: GuardedSession, developmentUrl?: string): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(isPermitted(permission, contents.getURL(), developmentUrl));
  });
  session.setPermissionCheckHandler((_, permission, origin) => isPermitted(permission, origin, developmentUrl));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_, answer) => answer({}));
}
