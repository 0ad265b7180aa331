import { ActionIcon } from '@mantine/core';
import { IconDots, IconPinned } from '@tabler/icons-react';
import type { MouseEvent } from 'react';
import type { ConversationRow } from '../../../shared/ipc/models.ts';
import { strings } from '../../lib/strings.ts';
import classes from './conversation-row.module.css';
import { providerOf, titleOf } from './conversation-text.ts';
import { RenameField } from './rename-field.tsx';

interface ConversationRowViewProps {
  readonly row: ConversationRow;
  /** Place in the whole list, from 0. */
  readonly index: number;
  readonly when: string;
  /** The keyboard is on this row. */
  readonly isActive: boolean;
  /** It is shown in the reading pane. */
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  readonly isRenaming: boolean;
  readonly onClick: (event: MouseEvent) => void;
  readonly onMenu: (event: MouseEvent) => void;
  /** undefined: the renaming was given up. */
  readonly onRenamed: (title: string | undefined) => void;
}

/** One conversation in the list: title and time, then who it was with and its tags. */
export function ConversationRowView(props: ConversationRowViewProps) {
  const { row, isRenaming } = props;
  return (
    // The keys are handled by the grid, which holds the focus for all of its rows.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={rowElementId(row.id)}
      role="row"
      aria-rowindex={props.index + 1}
      aria-selected={props.isSelected || props.isOpen}
      aria-current={props.isOpen ? 'true' : undefined}
      className={classes.row}
      data-active={props.isActive || undefined}
      onClick={props.onClick}
      onContextMenu={props.onMenu}
    >
      <div role="gridcell" className={classes.cell}>
        <div className={classes.first}>
          {row.pinned && <IconPinned size={14} className={classes.pin} aria-label={strings.conversations.pinned} />}
          {isRenaming ? (
            <RenameField title={row.title} onDone={props.onRenamed} />
          ) : (
            <span className={classes.title} data-untitled={row.title === '' || undefined}>
              {titleOf(row)}
            </span>
          )}
          <time className={classes.when} dateTime={row.updated_at}>
            {props.when}
          </time>
        </div>
        <SecondLine row={row} />
      </div>
      <div role="gridcell" className={classes.menu}>
        <ActionIcon
          size="sm"
          tabIndex={-1}
          aria-label={strings.conversations.menu.label(titleOf(row))}
          onClick={(event) => {
            event.stopPropagation();
            props.onMenu(event);
          }}
        >
          <IconDots size={16} />
        </ActionIcon>
      </div>
    </div>
  );
}

function SecondLine({ row }: { readonly row: ConversationRow }) {
  const provider = providerOf(row);
  if (provider === undefined && row.tags.length === 0) return null;
  return (
    <div className={classes.second}>
      {provider !== undefined && <span className={classes.provider}>{provider}</span>}
      {row.tags.map((tag) => (
        <span key={tag} className={classes.tag}>
          {tag}
        </span>
      ))}
    </div>
  );
}

/** For `aria-activedescendant`. */
export function rowElementId(id: string): string {
  return `conversation-${id}`;
}
