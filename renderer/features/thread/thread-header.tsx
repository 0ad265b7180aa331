import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import {
  IconArchive,
  IconArchiveOff,
  IconDownload,
  IconPencil,
  IconPinned,
  IconPinnedOff,
  IconTag,
  IconTrash,
} from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { ConversationRow, Thread } from '../../../shared/ipc/models.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { showError } from '../../components/notify.tsx';
import { useClient } from '../../lib/client-context.ts';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import { titleOf } from '../conversations/conversation-text.ts';
import { RenameField } from '../conversations/rename-field.tsx';
import { TagsEditor } from '../conversations/tags-editor.tsx';
import { useConversationActions } from '../conversations/use-conversation-actions.tsx';
import { saveFile } from './save-file.ts';
import { ThreadFacts } from './thread-facts.tsx';
import classes from './thread-header.module.css';

interface ThreadHeaderProps {
  readonly conversation: Thread['conversation'];
  readonly total: number;
  readonly hidden: number;
  /** Of the messages seen so far. */
  readonly models: readonly string[];
}

const words = strings.thread.header;
const icon = { size: 18, stroke: 1.6 } as const;

/** What the conversation is, and what can be done with it. */
export function ThreadHeader({ conversation, total, hidden, models }: ThreadHeaderProps) {
  const [isRenaming, setRenaming] = useState(false);
  const [tagged, setTagged] = useState<ConversationRow>();
  const actions = useConversationActions();
  const { pinned, archived } = conversation;

  const onRenamed = (title: string | undefined): void => {
    setRenaming(false);
    if (title !== undefined) void actions.rename(conversation, title);
  };
  return (
    <header className={classes.header}>
      <div className={classes.line}>
        {isRenaming ? (
          <RenameField title={conversation.title} onDone={onRenamed} />
        ) : (
          <h2 className={classes.title} data-untitled={conversation.title === ''}>
            <button type="button" title={words.rename} ref={takeLostFocus} onClick={() => setRenaming(true)}>
              {withVisibleControls(titleOf(conversation))}
            </button>
          </h2>
        )}
        <div className={classes.actions}>
          <Action label={words.rename} onClick={() => setRenaming(true)}>
            <IconPencil {...icon} />
          </Action>
          <Action label={words.tags} onClick={() => setTagged(conversation)}>
            <IconTag {...icon} />
          </Action>
          <Action
            label={pinned ? words.unpin : words.pin}
            isOn={pinned}
            onClick={() => void actions.setPinned([conversation], !pinned)}
          >
            {pinned ? <IconPinnedOff {...icon} /> : <IconPinned {...icon} />}
          </Action>
          <Action
            label={archived ? words.unarchive : words.archive}
            onClick={() => void actions.setArchived([conversation], !archived)}
          >
            {archived ? <IconArchiveOff {...icon} /> : <IconArchive {...icon} />}
          </Action>
          <ExportMenu conversationId={conversation.id} />
          <Action label={words.remove} onClick={() => void actions.remove([conversation])}>
            <IconTrash {...icon} />
          </Action>
        </div>
      </div>
      <ThreadFacts conversation={conversation} total={total} hidden={hidden} models={models} />
      <TagsEditor
        row={tagged}
        onSave={(row, tags) => void actions.setTags(row, tags)}
        onClose={() => setTagged(undefined)}
      />
    </header>
  );
}

interface ActionProps {
  readonly label: string;
  readonly isOn?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Action({ label, isOn = false, onClick, children }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} color={isOn ? 'accent' : 'gray'} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function ExportMenu({ conversationId }: { readonly conversationId: string }) {
  const client = useClient();
  const save = async (format: 'markdown' | 'json'): Promise<void> => {
    try {
      const file = await client.call('conversations.export', { id: conversationId, format });
      saveFile(file.file_name, file.media_type, file.text);
    } catch (error) {
      showError(error);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={words.export}>
          <ActionIcon aria-label={words.export}>
            <IconDownload {...icon} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save('markdown')}>{words.exportMarkdown}</Menu.Item>
        <Menu.Item onClick={() => void save('json')}>{words.exportJson}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
