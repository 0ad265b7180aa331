import { useState } from 'react';
import type { ConversationRow } from '../../../shared/ipc/models.ts';
import type { ConversationWindow } from './use-conversation-window.ts';

type ReadyWindow = Extract<ConversationWindow, { state: 'ready' }>;
type Selection = ReadonlyMap<string, ConversationRow>;

interface Place {
  readonly id: string | undefined;
  readonly index: number;
}

export interface ListCursor {
  /** Where the keyboard is; undefined in an empty list. */
  readonly index: number | undefined;
  readonly selection: Selection;
  readonly moveTo: (index: number) => void;
  readonly toggle: (index: number) => void;
  /** Selects everything from the cursor to this place, and moves there. */
  readonly extendTo: (index: number) => Promise<void>;
  readonly clearSelection: () => void;
  /** What an action is for: the selected, else the row under the cursor. */
  readonly targets: () => readonly ConversationRow[];
}

const nothing: Selection = new Map();

/** The place of the keyboard in the list, and what is selected. It follows its conversation when the order changes. */
export function useListCursor(list: ReadyWindow, openId: string | undefined): ListCursor {
  const [place, setPlace] = useState<Place | undefined>();
  const [selection, setSelection] = useState<Selection>(nothing);
  const [seenOpenId, setSeenOpenId] = useState(openId);
  if (openId !== seenOpenId) {
    // Another conversation was opened from elsewhere (search, back, a new one): the cursor goes there.
    setSeenOpenId(openId);
    if (openId !== place?.id) setPlace(undefined);
  }

  const index = currentIndex(list, place ?? { id: openId, index: 0 });
  const moveTo = (to: number): void => setPlace({ id: list.rowAt(to)?.id, index: to });
  const add = (rows: readonly ConversationRow[]): void =>
    setSelection((before) => new Map([...before, ...rows.map((row) => [row.id, row] as const)]));
  return {
    index,
    selection,
    moveTo,
    toggle: (at) => {
      const row = list.rowAt(at);
      if (row) setSelection((before) => toggled(before, row));
      moveTo(at);
    },
    extendTo: async (to) => {
      const from = index ?? to;
      moveTo(to);
      add(await list.fetchRange(Math.min(from, to), Math.max(from, to)));
    },
    clearSelection: () => setSelection(nothing),
    targets: () => {
      if (selection.size > 0) return [...selection.values()];
      const row = index === undefined ? undefined : list.rowAt(index);
      return row ? [row] : [];
    },
  };
}

function currentIndex(list: ReadyWindow, place: Place): number | undefined {
  if (list.total === 0) return undefined;
  const found = place.id === undefined ? undefined : list.indexOf(place.id);
  return found ?? Math.min(place.index, list.total - 1);
}

function toggled(before: Selection, row: ConversationRow): Selection {
  const after = new Map(before);
  if (!after.delete(row.id)) after.set(row.id, row);
  return after;
}
