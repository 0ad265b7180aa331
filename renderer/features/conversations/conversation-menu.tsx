import { Kbd, Menu } from '@mantine/core';
import {
  IconArchive,
  IconArchiveOff,
  IconPencil,
  IconPinned,
  IconPinnedOff,
  IconTag,
  IconTrash,
} from '@tabler/icons-react';
import type { ConversationRow } from '../../../shared/ipc/models.ts';
import { strings } from '../../lib/strings.ts';
import classes from './conversation-menu.module.css';

export type MenuAction = 'rename' | 'pin' | 'archive' | 'tags' | 'remove';

export interface MenuPlace {
  /** In pixels from the top left of the window. */
  readonly x: number;
  readonly y: number;
}

interface ConversationMenuProps {
  readonly place: MenuPlace;
  readonly rows: readonly ConversationRow[];
  readonly onAction: (action: MenuAction) => void;
  readonly onClose: () => void;
}

const texts = strings.conversations.menu;
const iconSize = 16;

/**
 * The actions for one or several conversations, where the pointer asked for them.
 * To be mounted when it opens: a target that is moved afterwards is not followed.
 */
export function ConversationMenu({ place, rows, onAction, onClose }: ConversationMenuProps) {
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={0}
      width={240}
      // The target has no size, which counts as out of sight.
      hideDetached={false}
      returnFocus={false}
    >
      <Menu.Target>
        <span className={classes.target} style={{ left: place.x, top: place.y }} aria-hidden />
      </Menu.Target>
      <Menu.Dropdown>
        <MenuItems rows={rows} onAction={onAction} />
      </Menu.Dropdown>
    </Menu>
  );
}

function MenuItems({ rows, onAction }: Pick<ConversationMenuProps, 'rows' | 'onAction'>) {
  const isPinned = rows.every((row) => row.pinned);
  const isArchived = rows.every((row) => row.archived);
  const isOne = rows.length === 1;
  return (
    <>
      {isOne && (
        <Menu.Item
          leftSection={<IconPencil size={iconSize} />}
          rightSection={<Kbd>F2</Kbd>}
          onClick={() => onAction('rename')}
        >
          {texts.rename}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={isPinned ? <IconPinnedOff size={iconSize} /> : <IconPinned size={iconSize} />}
        rightSection={<Kbd>P</Kbd>}
        onClick={() => onAction('pin')}
      >
        {isPinned ? texts.unpin : texts.pin}
      </Menu.Item>
      <Menu.Item
        leftSection={isArchived ? <IconArchiveOff size={iconSize} /> : <IconArchive size={iconSize} />}
        rightSection={<Kbd>E</Kbd>}
        onClick={() => onAction('archive')}
      >
        {isArchived ? texts.unarchive : texts.archive}
      </Menu.Item>
      {isOne && (
        <Menu.Item
          leftSection={<IconTag size={iconSize} />}
          rightSection={<Kbd>T</Kbd>}
          onClick={() => onAction('tags')}
        >
          {texts.tags}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconTrash size={iconSize} />}
        rightSection={<Kbd>Del</Kbd>}
        className={classes.remove}
        onClick={() => onAction('remove')}
      >
        {texts.remove}
      </Menu.Item>
    </>
  );
}
