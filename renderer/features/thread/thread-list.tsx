import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { strings } from '../../lib/strings.ts';
import { titleOf } from '../conversations/conversation-text.ts';
import { AnchoredList, type AnchoredListHandle } from './anchored-list.tsx';
import { DayLine } from './day-line.tsx';
import { estimateHeight } from './estimate-height.ts';
import { isSameTurn, MessageView } from './message-view.tsx';
import type { Target } from './row-elements.ts';
import classes from './thread-list.module.css';
import type { LoadedThread } from './use-thread.ts';

interface ThreadListProps {
  readonly thread: LoadedThread;
  /** The memory whose sentence is to be seen in the message that is shown first. */
  readonly focusMarkId: string | undefined;
  /** Grows when something was written here: the end is shown then. */
  readonly writes: number;
  readonly onChooseBranch: (messageId: string) => void;
}

const foundMs = 2_500;

/** The messages, of which only those near the window exist as elements. j and k go from question to question. */
export function ThreadList({ thread, focusMarkId, writes, onChooseBranch }: ThreadListProps) {
  const list = useRef<AnchoredListHandle>(null);
  const [activeIndex, setActiveIndex] = useState<number>();
  const [found] = useState(thread.focusIndex);
  const foundIndex = useForAMoment(found);

  useEffect(() => {
    if (writes > 0) list.current?.show({ at: 'end' });
  }, [writes, thread.total]);

  const goToQuestion = async (step: 1 | -1): Promise<void> => {
    const top = list.current?.topRow() ?? 0;
    const from = activeRow() ?? (step === 1 ? top - 1 : top);
    const next = await thread.find(from + step, step, (message) => message.role === 'user');
    if (next === undefined) return;
    setActiveIndex(next);
    list.current?.show({ at: 'row', index: next });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = questionSteps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    void goToQuestion(step);
  };
  const renderRow = (index: number) => {
    const message = thread.rowAt(index);
    if (message === undefined) return <WaitingMessage />;
    const before = index === 0 ? null : thread.rowAt(index - 1);
    return (
      <>
        <DayLine before={before} date={message.created_at} />
        <MessageView
          message={message}
          index={index}
          total={thread.total}
          continues={before != null && isSameTurn(before, message)}
          isActive={index === activeIndex}
          isFound={index === foundIndex}
          onChooseBranch={onChooseBranch}
        />
      </>
    );
  };
  return (
    <AnchoredList
      handle={list}
      count={thread.total}
      start={startOf(found, focusMarkId)}
      label={strings.thread.messagesLabel(titleOf(thread.conversation))}
      estimate={(index) => estimateHeight(thread.rowAt(index))}
      renderRow={renderRow}
      onRange={thread.showRange}
      onKeyDown={onKeyDown}
    />
  );
}

const questionSteps: Readonly<Record<string, 1 | -1>> = { j: 1, k: -1 };

/** At the message asked for, or the sentence in it; else at the end. */
function startOf(found: number | undefined, markId: string | undefined): Target {
  if (found === undefined) return { at: 'end' };
  const within = markId === undefined ? {} : { within: `[data-mark~="${CSS.escape(markId)}"]` };
  return { at: 'row', index: found, ...within };
}

/** The message that was searched for, and soon nothing. */
function useForAMoment(found: number | undefined): number | undefined {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), foundMs);
    return () => clearTimeout(timer);
  }, []);
  return isOver ? undefined : found;
}

/** The message that the keyboard is on, or in. */
function activeRow(): number | undefined {
  const article = document.activeElement?.closest<HTMLElement>('article[data-index]');
  return article ? Number(article.dataset['index']) : undefined;
}

function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable="true"]');
}

function WaitingMessage() {
  return <div className={classes.waiting} aria-busy="true" aria-label={strings.thread.waiting} role="article" />;
}
