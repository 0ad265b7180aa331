import type { ConversationRow } from '../../../shared/ipc/models.ts';
import { formatShortDate, formatTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { dayOf } from '../../lib/use-today.ts';

/** The title as it is shown: a conversation without one is called Untitled. */
export function titleOf(row: Pick<ConversationRow, 'title'>): string {
  return row.title === '' ? strings.conversations.untitled : row.title;
}

/** Who it was with, by the name that the program gives itself. */
export function providerOf(row: Pick<ConversationRow, 'provider'>): string | undefined {
  if (row.provider === null || row.provider === '') return undefined;
  return strings.conversations.providers[row.provider] ?? row.provider;
}

/** Under its day's heading the time is enough; among the pinned, which have no day, older ones show their date. */
export function whenOf(row: ConversationRow, group: string, today: Date): string {
  const isOlder = group === 'pinned' && row.day !== dayOf(today);
  return isOlder ? formatShortDate(row.updated_at, today) : formatTime(row.updated_at);
}
