import { Button, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconBulb, IconChevronLeft } from '@tabler/icons-react';
import { useState } from 'react';
import type { Output } from '../../../shared/ipc/contract.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorBoundary } from '../../components/error-boundary.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { useClient } from '../../lib/client-context.ts';
import { navigate } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { ForgottenNote } from './forgotten-note.tsx';
import { keepFilter, keptFilter } from './kept-filter.ts';
import { MemoryDetail } from './memory-detail.tsx';
import { MemoryFilters } from './memory-filters.tsx';
import { MemoryList } from './memory-list.tsx';
import { MemoryTable } from './memory-table.tsx';
import classes from './memory.module.css';
import { domainsOf, shownMemories, wholeList, type MemoryFilter } from './shown-memories.ts';

const words = strings.memory;
/** Below this width the list and the memory take turns. */
const narrow = '(max-width: 46rem)';

/** The list at the left, the memory at the right; one of them where there is no room for both. */
export function MemoriesView({ memoryId }: { readonly memoryId: string | undefined }) {
  const isNarrow = useMediaQuery(narrow, false, { getInitialValueInEffect: false });
  const client = useClient();
  const [filter, setShownFilter] = useState(() => keptFilter(client));
  const setFilter = (next: MemoryFilter): void => {
    keepFilter(client, next);
    setShownFilter(next);
  };
  const believed = useMethod('memory.list', {});
  const [forgotten, setForgotten] = useState<Output<'memory.forget'>>();
  const onForgotten = (result: Output<'memory.forget'>): void => {
    setForgotten(result);
    navigate({ page: 'memory', view: 'list' }, 'replace');
  };
  const isNoteShown = memoryId === undefined && forgotten !== undefined;
  const isDetailShown = memoryId !== undefined || isNoteShown;
  if (believed.data?.length === 0 && filter.state === 'believed' && !isDetailShown) {
    return <NothingYet onShowRejected={() => setFilter({ ...wholeList, state: 'rejected' })} />;
  }
  // A table needs the whole width: it and the memory take turns.
  const isAlone = isNarrow || filter.shape === 'table';
  const leave = (): void => {
    setForgotten(undefined);
    navigate({ page: 'memory', view: 'list' });
  };
  return (
    <div className={classes.panes} data-narrow={isAlone || undefined}>
      {!(isAlone && isDetailShown) && (
        <ListPane filter={filter} setFilter={setFilter} openId={memoryId} onOpen={() => setForgotten(undefined)} />
      )}
      {!(isAlone && !isDetailShown) && (
        <section className={classes.detail} aria-label={words.detail.label}>
          {isAlone && (
            <UnstyledButton className={classes.back} onClick={leave}>
              <IconChevronLeft size={18} />
              {strings.app.back}
            </UnstyledButton>
          )}
          {isNoteShown && <ForgottenNote result={forgotten} />}
          {!isDetailShown && <EmptyState title={words.choose.title} hint={words.choose.hint} />}
          {memoryId !== undefined && (
            <ErrorBoundary key={memoryId}>
              <MemoryDetail id={memoryId} onForgotten={onForgotten} />
            </ErrorBoundary>
          )}
        </section>
      )}
    </div>
  );
}

interface ListPaneProps {
  readonly filter: MemoryFilter;
  readonly setFilter: (filter: MemoryFilter) => void;
  readonly openId: string | undefined;
  readonly onOpen: () => void;
}

function ListPane({ filter, setFilter, openId, onOpen }: ListPaneProps) {
  const input = filter.state === 'believed' ? {} : { state: filter.state };
  const all = useMethod('memory.list', input, { keepPrevious: true });
  const open = (id: string): void => {
    onOpen();
    navigate({ page: 'memory', view: 'list', memoryId: id }, openId === undefined ? 'push' : 'replace');
  };
  if (all.error && !all.data) {
    return (
      <div className={classes.list}>
        <ErrorState title={words.list.failed} error={all.error} onRetry={() => void all.refetch()} />
      </div>
    );
  }
  const shown = all.data && shownMemories(all.data, filter);
  return (
    <div className={classes.list}>
      <MemoryFilters filter={filter} domains={domainsOf(all.data ?? [])} onChange={setFilter} />
      <p className={classes.count} role="status">
        {shown ? words.list.count(shown.length) : strings.app.loading}
      </p>
      <div className={classes.rows}>
        {shown?.length === 0 && (
          <EmptyState title={words.list.noMatch} hint={words.list.noMatchHint}>
            <Button variant="default" onClick={() => setFilter({ ...wholeList, shape: filter.shape })}>
              {words.list.clear}
            </Button>
          </EmptyState>
        )}
        {shown !== undefined && shown.length > 0 && filter.shape === 'list' && (
          <MemoryList memories={shown} openId={openId} onOpen={open} />
        )}
        {shown !== undefined && shown.length > 0 && filter.shape === 'table' && (
          <MemoryTable
            memories={shown}
            sort={filter.sort}
            onSort={(sort) => setFilter({ ...filter, sort })}
            onOpen={open}
          />
        )}
      </div>
    </div>
  );
}

function NothingYet({ onShowRejected }: { readonly onShowRejected: () => void }) {
  const rejected = useMethod('memory.list', { state: 'rejected' });
  const count = rejected.data?.length ?? 0;
  return (
    <EmptyState icon={<IconBulb size={32} />} title={words.list.emptyTitle} hint={words.list.emptyHint}>
      <Button onClick={() => navigate({ page: 'memory', view: 'inbox' })}>{words.list.toInbox}</Button>
      {count > 0 && (
        <Button variant="default" onClick={onShowRejected}>
          {words.list.toRejected(count)}
        </Button>
      )}
    </EmptyState>
  );
}
