import { Splitter, UnstyledButton } from '@mantine/core';
import { useMediaQuery, type SplitterPaneSize } from '@mantine/hooks';
import { IconChevronLeft } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { ErrorBoundary } from '../../components/error-boundary.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { navigate, type Route } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { ThreadPane } from '../thread/thread-pane.tsx';
import classes from './conversations-page.module.css';
import { ListPane } from './list-pane.tsx';

type ConversationsRoute = Extract<Route, { page: 'conversations' }>;

interface ConversationsPageProps {
  readonly route: ConversationsRoute;
  /** Stands in the list's place while something is searched. */
  readonly results: ReactNode | undefined;
}

/** Below this width the list and the reading pane take turns. */
const narrow = '(max-width: 46rem)';
const listWidth = { normal: '320px', least: '240px', most: '560px' } as const;
const readingLeast = 40;

/** The list at the left, the conversation at the right; one of them where there is no room for both. */
export function ConversationsPage({ route, results }: ConversationsPageProps) {
  const isNarrow = useMediaQuery(narrow, false, { getInitialValueInEffect: false });
  const [sizes, setSizes] = useState<SplitterPaneSize[]>([listWidth.normal, 100]);
  const list = results ?? <ListPane key={route.view} view={route.view} openId={route.conversationId} />;
  const detail = <Detail route={route} isNarrow={isNarrow === true} />;
  if (isNarrow === true) return route.conversationId === undefined ? list : detail;
  return (
    <Splitter
      className={classes.panes}
      sizes={sizes}
      onSizeChange={setSizes}
      lineSize={1}
      withHandle={false}
      handleColor="var(--line)"
      attributes={{ handle: { 'aria-label': strings.app.resizeList } }}
    >
      <Splitter.Pane className={classes.pane} defaultSize={listWidth.normal} min={listWidth.least} max={listWidth.most}>
        {list}
      </Splitter.Pane>
      <Splitter.Pane className={classes.pane} defaultSize={100} min={readingLeast}>
        {detail}
      </Splitter.Pane>
    </Splitter>
  );
}

function Detail({ route, isNarrow }: { readonly route: ConversationsRoute; readonly isNarrow: boolean }) {
  const { conversationId, messageId, markId } = route;
  const days = useMethod('conversations.days', { view: route.view });
  if (conversationId === undefined) {
    // Where there is nothing to choose from, the list says why and what to do.
    if (days.data === undefined || days.data.length === 0) return null;
    return <EmptyState title={strings.conversations.choose.title} hint={strings.conversations.choose.hint} />;
  }
  return (
    <section className={classes.detail} aria-label={strings.app.detail}>
      {isNarrow && (
        <UnstyledButton className={classes.back} onClick={() => navigate({ page: 'conversations', view: route.view })}>
          <IconChevronLeft size={18} />
          {strings.app.back}
        </UnstyledButton>
      )}
      <div className={classes.thread}>
        {/* A conversation that cannot be drawn takes neither the list nor the next conversation with it. */}
        <ErrorBoundary key={conversationId}>
          <ThreadPane
            conversationId={conversationId}
            {...(messageId === undefined ? {} : { focusMessageId: messageId })}
            {...(markId === undefined ? {} : { focusMarkId: markId })}
          />
        </ErrorBoundary>
      </div>
    </section>
  );
}
