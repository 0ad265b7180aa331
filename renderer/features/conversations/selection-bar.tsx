import { ActionIcon, CloseButton, Tooltip } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconPinned, IconPinnedOff, IconTrash } from '@tabler/icons-react';
import type { ConversationRow } from '../../../shared/ipc/models.ts';
import { strings } from '../../lib/strings.ts';
import type { MenuAction } from './conversation-menu.tsx';
import classes from './selection-bar.module.css';

interface SelectionBarProps {
  readonly rows: readonly ConversationRow[];
  readonly onAction: (action: MenuAction) => void;
  readonly onClear: () => void;
}

const texts = strings.conversations;
const iconSize = 18;

/** How many are selected, and what can be done with them together. */
export function SelectionBar({ rows, onAction, onClear }: SelectionBarProps) {
  const isPinned = rows.every((row) => row.pinned);
  const isArchived = rows.every((row) => row.archived);
  const buttons = [
    {
      action: 'pin',
      label: isPinned ? texts.menu.unpin : texts.menu.pin,
      icon: isPinned ? <IconPinnedOff size={iconSize} /> : <IconPinned size={iconSize} />,
    },
    {
      action: 'archive',
      label: isArchived ? texts.menu.unarchive : texts.menu.archive,
      icon: isArchived ? <IconArchiveOff size={iconSize} /> : <IconArchive size={iconSize} />,
    },
    { action: 'remove', label: texts.menu.remove, icon: <IconTrash size={iconSize} /> },
  ] as const;
  return (
    <div className={classes.bar} role="toolbar" aria-label={texts.selection.label}>
      <output className={classes.count}>{texts.selection.count(rows.length)}</output>
      {buttons.map(({ action, label, icon }) => (
        <Tooltip key={action} label={label}>
          <ActionIcon aria-label={label} onClick={() => onAction(action)}>
            {icon}
          </ActionIcon>
        </Tooltip>
      ))}
      <Tooltip label={texts.selection.clear}>
        <CloseButton size="sm" aria-label={texts.selection.clear} onClick={onClear} />
      </Tooltip>
    </div>
  );
}
