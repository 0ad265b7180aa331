import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import type { Output } from '../../../../shared/ipc/contract.ts';
import type { ThreadMessage } from '../../../../shared/ipc/models.ts';
import type { TextMark } from '../../../components/markdown/text-marks.ts';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { hashOf } from '../../../lib/route.ts';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import { RememberDialog } from './remember-dialog.tsx';
import { SelectionButton } from './selection-button.tsx';

export type MemoryLink = Output<'memory.of_conversation'>[number];

/** What is to be remembered: a sentence of a message, or the message, of which the person chooses one. */
export interface Remembered {
  readonly messageId: string;
  readonly quote?: string;
  readonly message?: ThreadMessage;
}

interface ThreadMemoriesValue {
  readonly linksOf: (messageId: string) => readonly MemoryLink[];
  readonly marksOf: (messageId: string) => readonly TextMark[];
  readonly remember: (what: Remembered) => void;
}

const noLinks: readonly MemoryLink[] = [];
const noMarks: readonly TextMark[] = [];
const ThreadMemoriesContext = createContext<ThreadMemoriesValue>({
  linksOf: () => noLinks,
  marksOf: () => noMarks,
  remember: () => undefined,
});

interface ThreadMemoriesProps {
  readonly conversationId: string;
  readonly children: ReactNode;
}

/** Links the messages below it with what is remembered of them, both ways. */
export function ThreadMemories({ conversationId, children }: ThreadMemoriesProps) {
  // The thread is readable without: a failure shows nothing, and is asked again with the next change.
  const { data } = useMethod('memory.of_conversation', { id: conversationId });
  const [remembered, remember] = useState<Remembered>();
  const value = useMemo(() => {
    const links = new Map<string, MemoryLink[]>();
    for (const link of data ?? []) links.set(link.message_id, [...(links.get(link.message_id) ?? []), link]);
    const marks = new Map([...links].map(([id, each]) => [id, each.flatMap(markOf)]));
    return {
      linksOf: (id: string) => links.get(id) ?? noLinks,
      marksOf: (id: string) => marks.get(id) ?? noMarks,
      remember,
    };
  }, [data]);
  return (
    <ThreadMemoriesContext value={value}>
      {children}
      <SelectionButton onRemember={remember} />
      <RememberDialog what={remembered} onClose={() => remember(undefined)} />
    </ThreadMemoriesContext>
  );
}

export function useThreadMemories(): ThreadMemoriesValue {
  return use(ThreadMemoriesContext);
}

/** The sentences of a message that are marked. */
export function useMarks(messageId: string): readonly TextMark[] {
  return useThreadMemories().marksOf(messageId);
}

/** Where a memory, or a proposal, is looked at. */
export function hashOfMemory({ memory: { id, state } }: MemoryLink): string {
  return hashOf(
    state === 'proposed' ? { page: 'memory', view: 'inbox' } : { page: 'memory', view: 'list', memoryId: id },
  );
}

/** What a link says of itself. */
export function titleOf({ memory, stance }: MemoryLink): string {
  const text = withVisibleControls(memory.text);
  if (memory.state === 'proposed') return strings.memory.inThread.proposed(text);
  return stance === 'contradicts' ? strings.memory.inThread.against(text) : strings.memory.inThread.remembered(text);
}

/** Evidence that cites a whole message, by its beginning, marks no sentence. */
const longestSentence = 400;

function markOf(link: MemoryLink): readonly TextMark[] {
  const { quote, memory } = link;
  if (quote === null || quote.length > longestSentence) return [];
  const isFaint = memory.state === 'proposed';
  return [{ id: memory.id, quote, title: titleOf(link), href: hashOfMemory(link), isFaint }];
}
