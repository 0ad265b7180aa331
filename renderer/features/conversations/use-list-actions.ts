import { useState } from 'react';
import type { ConversationRow } from '../../../shared/ipc/models.ts';
import type { MenuAction, MenuPlace } from './conversation-menu.tsx';
import { useConversationActions } from './use-conversation-actions.tsx';
import type { ListCursor } from './use-list-cursor.ts';

/** What the list is busy with besides being a list. */
export type ListMode =
  | { readonly kind: 'browsing' }
  | { readonly kind: 'menu'; readonly place: MenuPlace }
  | { readonly kind: 'renaming'; readonly id: string }
  | { readonly kind: 'tagging'; readonly row: ConversationRow };

export interface ListActions {
  readonly mode: ListMode;
  /** Does it to what is selected, else to the row under the cursor. */
  readonly act: (action: MenuAction) => void;
  readonly openMenu: (place: MenuPlace) => void;
  /** Ends a mode; does nothing where another has begun meanwhile, as when a menu's entry starts a renaming. */
  readonly leave: (kind: ListMode['kind']) => void;
  readonly rename: (row: ConversationRow, title: string) => void;
  readonly setTags: (row: ConversationRow, tags: readonly string[]) => void;
}

const browsing: ListMode = { kind: 'browsing' };

/** The actions of the list, the same for keys, menu and buttons. */
export function useListActions(cursor: ListCursor): ListActions {
  const actions = useConversationActions();
  const [mode, setMode] = useState<ListMode>(browsing);
  const act = (action: MenuAction): void => {
    const rows = cursor.targets();
    const first = rows[0];
    if (first === undefined) return;
    if (action === 'rename') return setMode({ kind: 'renaming', id: first.id });
    if (action === 'tags') return setMode({ kind: 'tagging', row: first });
    cursor.clearSelection();
    if (action === 'pin') void actions.setPinned(rows, !rows.every((row) => row.pinned));
    if (action === 'archive') void actions.setArchived(rows, !rows.every((row) => row.archived));
    if (action === 'remove') void actions.remove(rows);
  };
  return {
    mode,
    act,
    openMenu: (place) => setMode({ kind: 'menu', place }),
    leave: (kind) => setMode((now) => (now.kind === kind ? browsing : now)),
    rename: (row, title) => void actions.rename(row, title),
    setTags: (row, tags) => void actions.setTags(row, tags),
  };
}
