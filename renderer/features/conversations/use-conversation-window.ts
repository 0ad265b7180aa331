import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toAppError, type AppError } from '../../../shared/errors.ts';
import type { Input, Output } from '../../../shared/ipc/contract.ts';
import type { ConversationRow } from '../../../shared/ipc/models.ts';
import { useClient } from '../../lib/client-context.ts';
import type { View } from '../../lib/route.ts';
import { methodKey, useMethod } from '../../lib/use-method.ts';

/** What the list shows: all of a view, or what carries one tag in it. */
export interface ListScope {
  readonly view: View;
  readonly tag?: string;
}

export interface DayGroup {
  /** `YYYY-MM-DD`, or `pinned`. */
  readonly day: string;
  readonly count: number;
}

/** A list of any length of which only the rows near the visible ones are in memory. */
export type ConversationWindow =
  | { readonly state: 'loading' }
  | { readonly state: 'error'; readonly error: AppError; readonly retry: () => void }
  | {
      readonly state: 'ready';
      readonly groups: readonly DayGroup[];
      readonly total: number;
      /** The row at a place in the list; undefined while it is on its way. */
      readonly rowAt: (index: number) => ConversationRow | undefined;
      /** Where a conversation stands, as far as the rows in memory tell. */
      readonly indexOf: (id: string) => number | undefined;
      readonly showRange: (first: number, last: number) => void;
      /** The rows of a range, fetched where they are not in memory. */
      readonly fetchRange: (first: number, last: number) => Promise<readonly ConversationRow[]>;
    };

export const pageSize = 100;

interface PageRange {
  readonly first: number;
  readonly last: number;
}

export function useConversationWindow(scope: ListScope): ConversationWindow {
  const client = useClient();
  const queries = useQueryClient();
  const [range, setRange] = useState<PageRange>({ first: 0, last: 0 });
  const days = useMethod('conversations.days', scope, { keepPrevious: true });
  const total = (days.data ?? []).reduce((sum, group) => sum + group.count, 0);

  // A list that became shorter, or another scope, must not ask for pages behind its end.
  const lastPage = Math.max(0, Math.ceil(total / pageSize) - 1);
  const shown = pagesBetween({ first: Math.min(range.first, lastPage), last: Math.min(range.last, lastPage) });
  const optionsOf = (page: number) => {
    const input = pageInput(scope, page);
    return {
      queryKey: methodKey('conversations.list', input),
      queryFn: (): Promise<Output<'conversations.list'>> => client.call('conversations.list', input),
    };
  };
  const pages = useQueries({ queries: shown.map(optionsOf) });

  const failed = [days, ...pages].find((query) => query.error !== null && query.data === undefined)?.error;
  // What was read before stays readable while main does not answer; the status chip says that it does not.
  if (failed) {
    const retry = (): void => {
      void days.refetch();
      for (const page of pages) if (page.error !== null) void page.refetch();
    };
    return { state: 'error', error: toAppError(failed), retry };
  }
  if (days.data === undefined) return { state: 'loading' };

  const rows = new Map<number, ConversationRow>();
  shown.forEach((page, n) => pages[n]?.data?.rows.forEach((row, at) => rows.set(page * pageSize + at, row)));
  return {
    state: 'ready',
    groups: days.data,
    total,
    rowAt: (index) => rows.get(index),
    indexOf: (id) => [...rows].find(([, row]) => row.id === id)?.[0],
    showRange: (first, last) => setRange((before) => sameOr(before, pagesOf(first, last))),
    fetchRange: async (first, last) => {
      const wanted = pagesBetween(pagesOf(first, last));
      const answers = await Promise.all(wanted.map((page) => queries.fetchQuery(optionsOf(page))));
      const from = (wanted[0] ?? 0) * pageSize;
      return answers.flatMap((answer) => answer.rows).slice(first - from, last - from + 1);
    },
  };
}

function pageInput(scope: ListScope, page: number): Input<'conversations.list'> {
  return { ...scope, offset: page * pageSize, limit: pageSize };
}

export function pagesOf(first: number, last: number): PageRange {
  return { first: Math.floor(first / pageSize), last: Math.floor(last / pageSize) };
}

function pagesBetween({ first, last }: PageRange): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}

function sameOr(before: PageRange, after: PageRange): PageRange {
  return before.first === after.first && before.last === after.last ? before : after;
}
