import { notifications } from '@mantine/notifications';
import type { Input } from '../../../shared/ipc/contract.ts';
import type { ConversationRow } from '../../../shared/ipc/models.ts';
import { showError } from '../../components/notify.tsx';
import { offerUndo } from '../../components/undo-notice.tsx';
import { useClient } from '../../lib/client-context.ts';
import { navigate, parseHash } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';

const texts = strings.conversations;

export interface ConversationActions {
  readonly rename: (row: ConversationRow, title: string) => Promise<void>;
  readonly setTags: (row: ConversationRow, tags: readonly string[]) => Promise<void>;
  readonly setPinned: (rows: readonly ConversationRow[], pinned: boolean) => Promise<void>;
  /** Offers to undo. */
  readonly setArchived: (rows: readonly ConversationRow[], archived: boolean) => Promise<void>;
  /** Moves to the trash and offers to undo. */
  readonly remove: (rows: readonly ConversationRow[]) => Promise<void>;
}

/** What can be done to conversations. The list follows by the event that main sends; failures are shown as notifications. */
export function useConversationActions(): ConversationActions {
  const client = useClient();
  const update = async (input: Input<'conversations.update'>): Promise<void> => {
    await client.call('conversations.update', input);
  };
  const setArchived = async (rows: readonly ConversationRow[], archived: boolean): Promise<void> => {
    for (const row of rows) await update({ id: row.id, archived });
  };
  return {
    rename: (row, title) => shown(() => update({ id: row.id, title })),
    setTags: (row, tags) => shown(() => update({ id: row.id, tags: [...tags] })),
    setPinned: (rows, pinned) =>
      shown(async () => {
        for (const row of rows) await update({ id: row.id, pinned });
      }),
    setArchived: (rows, archived) =>
      shown(async () => {
        await setArchived(rows, archived);
        const message = archived ? texts.archivedDone(rows.length) : texts.unarchivedDone(rows.length);
        offerUndo(message, () => setArchived(rows, !archived));
      }),
    remove: (rows) =>
      shown(async () => {
        const { undo } = await client.call('conversations.delete', { ids: rows.map((row) => row.id) });
        leaveDeleted(rows);
        offerUndo(texts.deleted(rows.length), async () => {
          await client.call('conversations.undelete', { undo });
          notifications.show({ message: texts.restored(rows.length) });
        });
      }),
  };
}

/** Does it, and shows what went wrong where it did: none of these is awaited by a caller that could. */
async function shown(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    showError(error);
  }
}

/** A deleted conversation does not stay open. */
function leaveDeleted(rows: readonly ConversationRow[]): void {
  const route = parseHash(window.location.hash);
  if (route.page !== 'conversations' || !rows.some((row) => row.id === route.conversationId)) return;
  navigate({ page: 'conversations', view: route.view }, 'replace');
}
