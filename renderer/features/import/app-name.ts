import { strings } from '../../lib/strings.ts';

/** The other program, by the name it gives itself. */
export function appNameOf(app: string): string {
  return strings.conversations.providers[app] ?? app;
}
