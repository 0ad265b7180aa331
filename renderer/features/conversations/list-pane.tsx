import { ActionIcon, Button, Pill, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconArchive, IconMessages, IconPlus, IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { useWindowActions } from '../../app/window-actions.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { formatNumber } from '../../lib/format.ts';
import type { View } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { ConversationList } from './conversation-list.tsx';
import classes from './list-pane.module.css';
import { SkeletonRows } from './skeleton-rows.tsx';
import { TagFilter } from './tag-filter.tsx';
import { useConversationWindow, type ListScope } from './use-conversation-window.ts';

interface ListPaneProps {
  readonly view: View;
  readonly openId: string | undefined;
}

const texts = strings.conversations;
const emptyIconSize = 28;

/** The list of conversations with its heading, its filter, and what stands there when there are none. */
export function ListPane({ view, openId }: ListPaneProps) {
  const [tag, setTag] = useState<string>();
  const scope: ListScope = tag === undefined ? { view } : { view, tag };
  const list = useConversationWindow(scope);
  const { createConversation } = useWindowActions();
  const heading = view === 'archived' ? texts.archiveHeading : texts.heading;
  return (
    <section className={classes.pane} aria-label={heading}>
      <div className={classes.header}>
        <h1 className={classes.heading}>{heading}</h1>
        <span className={classes.count}>
          {list.state === 'ready' && (
            <>
              <span aria-hidden>{formatNumber(list.total)}</span>
              <VisuallyHidden>{texts.count(list.total)}</VisuallyHidden>
            </>
          )}
        </span>
        <TagFilter tag={tag} onChange={setTag} />
        <Tooltip label={texts.create}>
          <ActionIcon aria-label={texts.create} onClick={createConversation}>
            <IconPlus size={18} />
          </ActionIcon>
        </Tooltip>
      </div>
      {tag !== undefined && (
        <div className={classes.filter}>
          <Pill
            withRemoveButton
            onRemove={() => setTag(undefined)}
            removeButtonProps={{ 'aria-label': texts.filter.clear, 'aria-hidden': false, tabIndex: 0 }}
          >
            {texts.filter.active(tag)}
          </Pill>
        </div>
      )}
      <div className={classes.body}>
        <ListBody list={list} scope={scope} openId={openId} onClearTag={() => setTag(undefined)} />
      </div>
    </section>
  );
}

interface ListBodyProps {
  readonly list: ReturnType<typeof useConversationWindow>;
  readonly scope: ListScope;
  readonly openId: string | undefined;
  readonly onClearTag: () => void;
}

function ListBody({ list, scope, openId, onClearTag }: ListBodyProps) {
  if (list.state === 'loading') return <SkeletonRows />;
  if (list.state === 'error') return <ErrorState title={texts.failed} error={list.error} onRetry={list.retry} />;
  if (list.total === 0) return <EmptyList scope={scope} onClearTag={onClearTag} />;
  return <ConversationList key={`${scope.view}/${scope.tag ?? ''}`} scope={scope} list={list} openId={openId} />;
}

function EmptyList({ scope, onClearTag }: Pick<ListBodyProps, 'scope' | 'onClearTag'>) {
  const { openImport, createConversation } = useWindowActions();
  if (scope.tag !== undefined) {
    return (
      <EmptyState
        icon={<IconTag size={emptyIconSize} />}
        title={texts.tagEmpty.title(scope.tag)}
        hint={texts.tagEmpty.hint}
      >
        <Button variant="default" onClick={onClearTag}>
          {texts.tagEmpty.clear}
        </Button>
      </EmptyState>
    );
  }
  if (scope.view === 'archived') {
    return (
      <EmptyState
        icon={<IconArchive size={emptyIconSize} />}
        title={texts.archiveEmpty.title}
        hint={texts.archiveEmpty.hint}
      />
    );
  }
  return (
    <EmptyState icon={<IconMessages size={emptyIconSize} />} title={texts.empty.title} hint={texts.empty.hint}>
      <Button onClick={() => openImport()}>{texts.empty.import}</Button>
      <Button variant="default" onClick={createConversation}>
        {texts.create}
      </Button>
    </EmptyState>
  );
}
