import { useDebouncedValue } from '@mantine/hooks';
import { createContext, use, useRef, useState, type ReactNode, type RefObject } from 'react';
import { must } from '../../../shared/assert.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { Output } from '../../../shared/ipc/contract.ts';
import type { SearchHit } from '../../../shared/ipc/models.ts';
import { navigate, useRoute } from '../../lib/route.ts';
import { useMethod } from '../../lib/use-method.ts';

/** What is searched, what was found, and where the keyboard is in it. The field and the results share it. */
export interface Search {
  /** As typed; '' is no search. */
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly field: RefObject<HTMLInputElement | null>;
  /** The newest answer; it may still be the one to the text before. */
  readonly result: Output<'search.query'> | undefined;
  readonly error: AppError | null;
  readonly retry: () => void;
  readonly activeIndex: number;
  readonly setActiveIndex: (index: number) => void;
  readonly open: (hit: SearchHit) => void;
}

const SearchContext = createContext<Search | undefined>(undefined);

/** Short enough to feel like at once, long enough to spare a search for each key of a fast typist. */
const debounceMs = 60;
export const mostHits = 100;
export const searchedCollections = ['conversations', 'messages'];

export function SearchProvider({ children }: { readonly children: ReactNode }) {
  const route = useRoute();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [debounced] = useDebouncedValue(text.trim(), debounceMs);
  const [active, setActive] = useState({ of: '', index: 0 });
  const isSearching = text.trim() !== '';
  const query = useMethod(
    'search.query',
    { text: debounced, limit: mostHits, collections: searchedCollections },
    { enabled: isSearching && debounced !== '', keepPrevious: true },
  );
  const search: Search = {
    text,
    field,
    setText: (next) => {
      setText(next);
      // Results stand beside the reading pane, so that is where a search leads.
      if (next.trim() !== '' && route.page !== 'conversations') navigate({ page: 'conversations', view: 'active' });
    },
    result: isSearching ? query.data : undefined,
    error: isSearching ? query.error : null,
    retry: () => void query.refetch(),
    // Another text, another list: the keyboard starts at its top.
    activeIndex: active.of === text ? active.index : 0,
    setActiveIndex: (index) => setActive({ of: text, index }),
    open: (hit) => {
      if (hit.conversation_id === null) return;
      const view = route.page === 'conversations' ? route.view : 'active';
      const message = hit.collection === 'messages' ? { messageId: hit.id } : {};
      navigate({ page: 'conversations', view, conversationId: hit.conversation_id, ...message });
    },
  };
  return <SearchContext value={search}>{children}</SearchContext>;
}

export function useSearch(): Search {
  return must(use(SearchContext), 'a SearchProvider around this component');
}
