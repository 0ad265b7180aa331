import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { Input, Output } from '../../../shared/ipc/contract.ts';
import type { Thread, ThreadMessage } from '../../../shared/ipc/models.ts';
import { useClient } from '../../lib/client-context.ts';
import { invalidateMethods, methodKey, useMethod } from '../../lib/use-method.ts';
import { missingPages, pageOf, pageSize, wantPages } from './thread-pages.ts';

/** A thread of any length of which only the messages near the visible ones were fetched. */
export interface LoadedThread {
  readonly conversation: Thread['conversation'];
  readonly total: number;
  /** Hidden and system messages that are not among the `total`. */
  readonly hidden: number;
  /** The message at a place, from 0; undefined while it is on its way. */
  readonly rowAt: (index: number) => ThreadMessage | undefined;
  /** All messages fetched so far, in no promised order. */
  readonly known: readonly ThreadMessage[];
  /** Where the asked-for message stands, or would stand if it were shown; undefined where none was asked for. */
  readonly focusIndex: number | undefined;
  /** Tells which messages are drawn, so that those around them are fetched. */
  readonly showRange: (first: number, last: number) => void;
  /** The next place from `from` on in this direction whose message matches; undefined where there is none. */
  readonly find: (
    from: number,
    step: 1 | -1,
    matches: (message: ThreadMessage) => boolean,
  ) => Promise<number | undefined>;
  /** Shows the branch through this message, now and from now on. */
  readonly chooseBranch: (messageId: string) => Promise<void>;
  /** Adds a message at the end of the branch that is shown. */
  readonly append: (text: string) => Promise<void>;
}

export type ThreadState =
  | { readonly state: 'loading' }
  | { readonly state: 'error'; readonly error: AppError; readonly retry: () => void }
  | { readonly state: 'ready'; readonly thread: LoadedThread };

/** Opens a conversation at its end, or around a message. Use one instance per conversation (`key`). */
export function useThread(id: string, focusMessageId: string | undefined): ThreadState {
  const client = useClient();
  const queries = useQueryClient();
  const [anchor, setAnchor] = useState(focusMessageId);
  const [wanted, setWanted] = useState<readonly number[]>([]);
  // The last message seen at each place: while a change is fetched again the old text stays, and nothing flickers.
  const [seen] = useState(() => new Map<number, ThreadMessage>());

  const base = useMethod('conversations.thread', windowInput(id, anchor), { keepPrevious: true });
  const leaf = base.data?.conversation.current_leaf ?? undefined;
  const pageOptions = (page: number) => {
    const input = { id, offset: page * pageSize, limit: pageSize, ...(leaf === undefined ? {} : { leaf }) };
    return {
      queryKey: methodKey('conversations.thread', input),
      queryFn: (): Promise<Output<'conversations.thread'>> => client.call('conversations.thread', input),
    };
  };
  const shown = base.data === undefined ? [] : missingPages(wanted, base.data);
  const pages = useQueries({ queries: shown.map(pageOptions) });

  // useQueries types errors as Error; the client throws nothing but AppError.
  const failed = base.error ?? (pages.find((page) => page.error !== null)?.error as AppError | undefined);
  if (failed) {
    const retry = (): void => {
      // The message asked for may be what is gone.
      if (base.error !== null && anchor !== undefined) setAnchor(undefined);
      else invalidateMethods(queries, ['conversations.thread']);
    };
    return { state: 'error', error: failed, retry };
  }

  const { data } = base;
  if (data === undefined) return { state: 'loading' };
  const answers = [base, ...pages].sort((a, b) => ageOf(a) - ageOf(b));
  for (const answer of answers) remember(seen, answer.data);

  const refresh = (): void => invalidateMethods(queries, ['conversations.thread']);
  const chooseBranch = async (messageId: string): Promise<void> => {
    await client.call('conversations.choose_branch', { id, message_id: messageId });
    setAnchor(messageId);
    refresh();
  };
  return {
    state: 'ready',
    thread: {
      conversation: data.conversation,
      total: data.total,
      hidden: data.hidden,
      rowAt: (index) => (index < data.total ? seen.get(index) : undefined),
      known: [...seen.values()],
      focusIndex: anchor === undefined ? undefined : placeOf(anchor, data),
      showRange: (first, last) => setWanted((before) => wantPages(before, first, last)),
      find: async (from, step, matches) => {
        for (let index = from; index >= 0 && index < data.total; index += step) {
          if (!seen.has(index)) remember(seen, await queries.fetchQuery(pageOptions(pageOf(index))));
          const message = seen.get(index);
          if (message && matches(message)) return index;
        }
        return undefined;
      },
      chooseBranch,
      append: async (text) => {
        // A search may show another branch than the chosen one, which is where main would write.
        if (anchor !== undefined && leaf !== undefined) {
          await client.call('conversations.choose_branch', { id, message_id: leaf });
        }
        await client.call('messages.append', { conversation_id: id, text });
        setAnchor(undefined);
        refresh();
      },
    },
  };
}

function windowInput(id: string, anchor: string | undefined): Input<'conversations.thread'> {
  return { id, limit: pageSize, ...(anchor === undefined ? {} : { around: anchor }) };
}

function ageOf(answer: { readonly isPlaceholderData: boolean; readonly dataUpdatedAt: number }): number {
  return answer.isPlaceholderData ? 0 : answer.dataUpdatedAt;
}

function remember(seen: Map<number, ThreadMessage>, answer: Thread | undefined): void {
  answer?.messages.forEach((message, at) => seen.set(answer.offset + at, message));
}

/** A hidden message is not in the answer, which is then centred on where it would be. */
function placeOf(messageId: string, { offset, messages, total }: Thread): number {
  const at = messages.findIndex((message) => message.id === messageId);
  return at >= 0 ? offset + at : Math.min(Math.max(0, total - 1), offset + Math.floor(messages.length / 2));
}
