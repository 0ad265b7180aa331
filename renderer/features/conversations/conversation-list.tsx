import { useEffect, useRef } from 'react';
import { GroupedVirtuoso, type GroupedVirtuosoHandle } from 'react-virtuoso';
import { formatDay } from '../../lib/format.ts';
import { isFocusLost } from '../../lib/lost-focus.ts';
import { navigate } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { useToday } from '../../lib/use-today.ts';
import classes from './conversation-list.module.css';
import { ConversationMenu } from './conversation-menu.tsx';
import { ConversationRowView, rowElementId } from './conversation-row.tsx';
import { whenOf } from './conversation-text.ts';
import { SelectionBar } from './selection-bar.tsx';
import { SkeletonRow } from './skeleton-rows.tsx';
import { TagsEditor } from './tags-editor.tsx';
import type { ConversationWindow, ListScope } from './use-conversation-window.ts';
import { useListActions, type ListMode } from './use-list-actions.ts';
import { useListCursor } from './use-list-cursor.ts';
import { useListHandlers } from './use-list-handlers.ts';

interface ConversationListProps {
  readonly scope: ListScope;
  readonly list: Extract<ConversationWindow, { state: 'ready' }>;
  readonly openId: string | undefined;
}

/** Rows beyond the visible ones that are drawn ahead, in pixels. */
const overscanPx = 400;
const texts = strings.conversations;

/** The conversations by day: one grid that holds the focus for all its rows, of which only the visible ones exist. */
export function ConversationList({ scope, list, openId }: ConversationListProps) {
  const today = useToday();
  const virtuoso = useRef<GroupedVirtuosoHandle>(null);
  const grid = useRef<HTMLElement | null>(null);
  const cursor = useListCursor(list, openId);
  const actions = useListActions(cursor);
  const { mode } = actions;
  const activeRow = cursor.index === undefined ? undefined : list.rowAt(cursor.index);
  const handlers = useListHandlers({
    total: list.total,
    activeRow,
    cursor,
    actions,
    virtuoso,
    open: (row) => navigate({ page: 'conversations', view: scope.view, conversationId: row.id }),
  });
  /** Ends a mode and gives the keyboard back to the list. */
  const leave = (kind: ListMode['kind']): void => {
    actions.leave(kind);
    grid.current?.focus({ preventScroll: true });
  };

  // A conversation that was deleted takes its thread's buttons with it: the keyboard goes on in the list.
  useEffect(() => {
    if (isFocusLost()) grid.current?.focus({ preventScroll: true });
  }, [openId, list.total]);

  const drawRow = (index: number, group: number) => {
    const row = list.rowAt(index);
    if (!row) return <SkeletonRow index={index} />;
    return (
      <ConversationRowView
        row={row}
        index={index}
        when={whenOf(row, list.groups[group]?.day ?? '', today)}
        isActive={index === cursor.index}
        isOpen={row.id === openId}
        isSelected={cursor.selection.has(row.id)}
        isRenaming={mode.kind === 'renaming' && mode.id === row.id}
        onClick={(event) => handlers.onRowClick(event, index, row)}
        onMenu={(event) => handlers.onRowMenu(event, index, row)}
        onRenamed={(title) => {
          leave('renaming');
          if (title !== undefined) actions.rename(row, title);
        }}
      />
    );
  };

  return (
    <div className={classes.list}>
      <GroupedVirtuoso
        ref={virtuoso}
        scrollerRef={(element) => {
          grid.current = element instanceof HTMLElement ? element : null;
        }}
        className={classes.grid}
        role="grid"
        aria-label={texts.listLabel}
        aria-rowcount={list.total}
        aria-multiselectable
        aria-activedescendant={activeRow && rowElementId(activeRow.id)}
        tabIndex={0}
        onKeyDown={handlers.onKeyDown}
        onContextMenu={handlers.onGridMenu}
        groupCounts={list.groups.map((group) => group.count)}
        increaseViewportBy={overscanPx}
        rangeChanged={({ startIndex, endIndex }) => list.showRange(startIndex, endIndex)}
        groupContent={(group) => <DayHeading day={list.groups[group]?.day ?? ''} today={today} />}
        itemContent={drawRow}
      />
      {cursor.selection.size > 0 && (
        <SelectionBar rows={[...cursor.selection.values()]} onAction={actions.act} onClear={cursor.clearSelection} />
      )}
      {mode.kind === 'menu' && (
        <ConversationMenu
          place={mode.place}
          rows={cursor.targets()}
          onAction={actions.act}
          onClose={() => leave('menu')}
        />
      )}
      <TagsEditor
        row={mode.kind === 'tagging' ? mode.row : undefined}
        onSave={actions.setTags}
        onClose={() => leave('tagging')}
      />
    </div>
  );
}

/** Sticks to the top while its rows pass under it. */
function DayHeading({ day, today }: { readonly day: string; readonly today: Date }) {
  return (
    <div role="row" className={classes.day}>
      <span role="gridcell">{day === 'pinned' ? texts.pinnedGroup : formatDay(day, today, texts)}</span>
    </div>
  );
}
