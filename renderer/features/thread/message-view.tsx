import { useEffect, useRef, type KeyboardEvent } from 'react';
import { partsOf } from '../../../shared/collections/content.ts';
import type { ThreadMessage } from '../../../shared/ipc/models.ts';
import { CopyButton } from '../../components/markdown/copy-button.tsx';
import { TextMarksContext } from '../../components/markdown/text-marks.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatDate, formatDateTime, formatTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { MessageMemories } from '../memory/in-thread/message-memories.tsx';
import { RememberButton } from '../memory/in-thread/remember-button.tsx';
import { useMarks } from '../memory/in-thread/thread-memories.tsx';
import { BranchSwitcher, siblingBeside } from './branch-switcher.tsx';
import { CitationList } from './citation-list.tsx';
import { MessagePart } from './message-part.tsx';
import { markdownOf } from './message-text.ts';
import classes from './message-view.module.css';

interface MessageViewProps {
  readonly message: ThreadMessage;
  /** Place in the thread, from 0. */
  readonly index: number;
  readonly total: number;
  /** Another message by the same author stands right above: the name need not be said again. */
  readonly continues: boolean;
  /** The keyboard is on this message. */
  readonly isActive: boolean;
  /** It is what a search led to. */
  readonly isFound: boolean;
  readonly onChooseBranch: (messageId: string) => void;
}

/** One message: who, what, and the quiet things around it (time, model, copy, versions). */
export function MessageView(props: MessageViewProps) {
  const { message, index, total, continues, isActive, isFound, onChooseBranch } = props;
  const article = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isActive) article.current?.focus({ preventScroll: true });
  }, [isActive]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.altKey && !event.ctrlKey && !event.metaKey ? branchSteps[event.key] : undefined;
    if (step === undefined || message.siblings.length < 2) return;
    // In a browser these keys would leave the page.
    event.preventDefault();
    const sibling = siblingBeside(message.id, message.siblings, step);
    if (sibling !== undefined) onChooseBranch(sibling);
  };
  const name = nameOf(message);
  return (
    // The keys act on the message as a whole, besides the buttons that do the same.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <article
      ref={article}
      className={classes.message}
      data-role={message.role}
      data-index={index}
      data-message={message.id}
      data-found={isFound}
      data-continues={continues}
      aria-label={`${name}, ${formatDateTime(message.created_at)}`}
      aria-posinset={index + 1}
      aria-setsize={total}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <header className={classes.head}>
        {!continues && <span className={classes.author}>{withVisibleControls(name)}</span>}
        <span className={classes.facts}>
          {message.model !== null && <span className={classes.model}>{withVisibleControls(message.model)}</span>}
          <time dateTime={message.created_at} title={formatDateTime(message.created_at)}>
            {formatTime(message.created_at)}
          </time>
          <CopyButton compact text={() => markdownOf(message)} label={strings.thread.copyMessage} />
          <RememberButton message={message} />
        </span>
      </header>
      <MessageBody key={message.id} message={message} />
      <MessageMemories messageId={message.id} />
      {message.siblings.length > 1 && (
        <footer className={classes.foot}>
          <BranchSwitcher messageId={message.id} siblings={message.siblings} onChoose={onChooseBranch} />
        </footer>
      )}
    </article>
  );
}

const branchSteps: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowRight: 1 };

function MessageBody({ message }: { readonly message: ThreadMessage }) {
  const marks = useMarks(message.id);
  return (
    <div className={classes.body} data-body>
      <TextMarksContext value={marks}>
        {partsOf(message.content).map((part, at) => (
          <MessagePart
            // The parts of a message never change places.
            key={at}
            part={part}
            role={message.role}
            author={message.author_name}
            memoryKey={`${message.id}/${at}`}
          />
        ))}
      </TextMarksContext>
      <CitationList citations={message.citations} memoryKey={`${message.id}/sources`} />
    </div>
  );
}

function nameOf({ role, author_name: author }: ThreadMessage): string {
  if (author === null || author === '') return strings.thread.roles[role];
  return role === 'tool' ? `${strings.thread.roles.tool}: ${author}` : author;
}

/** Whether two neighbours read as one turn: one side, one day. */
export function isSameTurn(before: ThreadMessage, message: ThreadMessage): boolean {
  if (formatDate(before.created_at) !== formatDate(message.created_at)) return false;
  // An assistant's tools work within its turn, and it goes on after them.
  if (message.role === 'tool') return before.role === 'tool' || before.role === 'assistant';
  if (before.role === 'tool') return message.role === 'assistant';
  return before.role === message.role && nameOf(before) === nameOf(message);
}
