import { useMemo, useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { showError } from '../../components/notify.tsx';
import { strings } from '../../lib/strings.ts';
import { ThreadMemories } from '../memory/in-thread/thread-memories.tsx';
import { Composer } from './composer.tsx';
import { createDisclosures, DisclosuresContext } from './disclosures.ts';
import { ThreadHeader } from './thread-header.tsx';
import { ThreadList } from './thread-list.tsx';
import classes from './thread-pane.module.css';
import { ThreadSkeleton } from './thread-skeleton.tsx';
import { useThread, type LoadedThread } from './use-thread.ts';

interface ThreadPaneProps {
  readonly conversationId: string;
  /** The message to scroll to, from a search. */
  readonly focusMessageId?: string;
  /** The memory whose sentence in that message is to be seen. */
  readonly focusMarkId?: string;
}

/** One conversation, read and added to: its header, its messages, the field to write in. */
export function ThreadPane(props: ThreadPaneProps) {
  const { conversationId, focusMessageId, focusMarkId } = props;
  // Another conversation, or another message found in it, starts anew: place, open parts, branch.
  return <Pane key={[conversationId, focusMessageId, focusMarkId].join('\n')} {...props} />;
}

function Pane({ conversationId, focusMessageId, focusMarkId }: ThreadPaneProps) {
  const opened = useThread(conversationId, focusMessageId);
  switch (opened.state) {
    case 'loading':
      return <ThreadSkeleton />;
    case 'error':
      return <ErrorState title={strings.thread.failed} error={opened.error} onRetry={opened.retry} />;
    case 'ready':
      return <OpenThread thread={opened.thread} focusMarkId={focusMarkId} />;
  }
}

interface OpenThreadProps {
  readonly thread: LoadedThread;
  readonly focusMarkId: string | undefined;
}

function OpenThread({ thread, focusMarkId }: OpenThreadProps) {
  const { conversation, total, hidden, known } = thread;
  const [disclosures] = useState(createDisclosures);
  const [writes, setWrites] = useState(0);
  const [announced, setAnnounced] = useState('');
  const models = useMemo(
    () => [...new Set(known.map((message) => message.model).filter((model) => model !== null))],
    [known],
  );

  const chooseBranch = async (messageId: string): Promise<void> => {
    const siblings = known.find((message) => message.siblings.includes(messageId))?.siblings ?? [];
    try {
      await thread.chooseBranch(messageId);
      setAnnounced(strings.thread.branch.announced(siblings.indexOf(messageId) + 1, siblings.length));
    } catch (error) {
      showError(error);
    }
  };
  const send = async (text: string): Promise<void> => {
    await thread.append(text);
    setWrites((count) => count + 1);
  };
  return (
    <DisclosuresContext value={disclosures}>
      <div className={classes.pane}>
        <ThreadHeader conversation={conversation} total={total} hidden={hidden} models={models} />
        <div className={classes.messages}>
          {total === 0 ? (
            <EmptyState title={strings.thread.empty.title} hint={strings.thread.empty.hint} />
          ) : (
            <ThreadMemories conversationId={conversation.id}>
              <ThreadList
                thread={thread}
                focusMarkId={focusMarkId}
                writes={writes}
                onChooseBranch={(id) => void chooseBranch(id)}
              />
            </ThreadMemories>
          )}
        </div>
        <Composer conversationId={conversation.id} takesFocus={total === 0} onSend={send} />
        <output className={classes.announced}>{announced}</output>
      </div>
    </DisclosuresContext>
  );
}
