import type { KeyboardEvent, MouseEvent, RefObject } from 'react';
import type { GroupedVirtuosoHandle } from 'react-virtuoso';
import { assertNever } from '../../../shared/assert.ts';
import type { ConversationRow } from '../../../shared/ipc/models.ts';
import { rowElementId } from './conversation-row.tsx';
import { commandOf, type ListCommand } from './list-keys.ts';
import type { ListActions } from './use-list-actions.ts';
import type { ListCursor } from './use-list-cursor.ts';

interface HandlersInput {
  readonly total: number;
  readonly activeRow: ConversationRow | undefined;
  readonly cursor: ListCursor;
  readonly actions: ListActions;
  readonly virtuoso: RefObject<GroupedVirtuosoHandle | null>;
  readonly open: (row: ConversationRow) => void;
}

export interface ListHandlers {
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onRowClick: (event: MouseEvent, index: number, row: ConversationRow) => void;
  readonly onRowMenu: (event: MouseEvent, index: number, row: ConversationRow) => void;
  /** The menu key: there is no pointer, so that the menu opens at the active row. */
  readonly onGridMenu: (event: MouseEvent) => void;
}

/** What keys and pointer do in the list. */
export function useListHandlers(input: HandlersInput): ListHandlers {
  const { cursor, actions, activeRow } = input;
  return {
    onKeyDown: (event) => {
      const command = commandOf(event);
      // In a field within a row the keys belong to the field.
      if (!command || event.target !== event.currentTarget) return;
      // Escape without a selection is somebody else's.
      if (command.do === 'clear' && cursor.selection.size === 0) return;
      event.preventDefault();
      event.stopPropagation();
      run(command, input);
    },
    onRowClick: (event, index, row) => {
      if (event.shiftKey) return moveTo(index, true, input);
      if (event.ctrlKey || event.metaKey) return cursor.toggle(index);
      cursor.clearSelection();
      cursor.moveTo(index);
      input.open(row);
    },
    onRowMenu: (event, index, row) => {
      event.preventDefault();
      event.stopPropagation();
      if (!cursor.selection.has(row.id)) cursor.clearSelection();
      cursor.moveTo(index);
      actions.openMenu({ x: event.clientX, y: event.clientY });
    },
    onGridMenu: (event) => {
      const element = activeRow && document.getElementById(rowElementId(activeRow.id));
      if (!element) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      actions.openMenu({ x: box.left + box.width / 3, y: box.bottom });
    },
  };
}

function run(command: ListCommand, input: HandlersInput): void {
  const at = input.cursor.index ?? 0;
  switch (command.do) {
    case 'move':
      return moveTo(at + command.by, command.extend, input);
    case 'first':
      return moveTo(0, false, input);
    case 'last':
      return moveTo(input.total - 1, false, input);
    case 'open':
      return input.activeRow && input.open(input.activeRow);
    case 'select':
      return input.cursor.toggle(at);
    case 'clear':
      return input.cursor.clearSelection();
    case 'rename':
    case 'pin':
    case 'archive':
    case 'tags':
    case 'remove':
      return input.actions.act(command.do);
    default:
      return assertNever(command, 'list command');
  }
}

function moveTo(index: number, isExtending: boolean, { total, cursor, virtuoso }: HandlersInput): void {
  const to = Math.max(0, Math.min(total - 1, index));
  if (isExtending) void cursor.extendTo(to);
  else cursor.moveTo(to);
  virtuoso.current?.scrollIntoView({ index: to });
}
