import { UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronLeft } from '@tabler/icons-react';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { ErrorBoundary } from '../../../components/error-boundary.tsx';
import { strings } from '../../../lib/strings.ts';
import { targetOf } from '../list-target.ts';
import classes from '../memory.module.css';

interface RunRow {
  readonly id: string;
  readonly title: string;
  readonly facts: string;
}

interface RunPanesProps {
  readonly label: string;
  /** undefined: on their way. */
  readonly rows: readonly RunRow[] | undefined;
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
  readonly detailLabel: string;
  /** Where nothing is open. */
  readonly choose: ReactNode;
  readonly children: ReactNode;
}

/** Below this width the list and what is open take turns. */
const narrow = '(max-width: 46rem)';

/** A list of any length at the left, what is open at the right. */
export function RunPanes(props: RunPanesProps) {
  const { openId, onClose, detailLabel, choose, children } = props;
  const isNarrow = useMediaQuery(narrow, false, { getInitialValueInEffect: false }) === true;
  return (
    <div className={classes.panes} data-narrow={isNarrow || undefined}>
      {!(isNarrow && openId !== undefined) && <List {...props} />}
      {!(isNarrow && openId === undefined) && (
        <section className={classes.detail} aria-label={detailLabel}>
          {isNarrow && (
            <UnstyledButton className={classes.back} onClick={onClose}>
              <IconChevronLeft size={18} />
              {strings.app.back}
            </UnstyledButton>
          )}
          <ErrorBoundary key={openId}>{openId === undefined ? choose : children}</ErrorBoundary>
        </section>
      )}
    </div>
  );
}

function List({ label, rows, openId, onOpen }: RunPanesProps) {
  const list = useRef<VirtuosoHandle>(null);
  if (!rows) return <p className={classes.wait}>{strings.app.loading}</p>;
  const openAt = rows.findIndex(({ id }) => id === openId);
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = targetOf(event, openAt, rows.length);
    const row = target === undefined ? undefined : rows[target];
    if (!row || target === undefined) return;
    event.preventDefault();
    list.current?.scrollIntoView({ index: target });
    onOpen(row.id);
  };
  return (
    <div className={classes.list}>
      <Virtuoso
        ref={list}
        role="listbox"
        tabIndex={0}
        className={classes.listbox ?? ''}
        aria-label={label}
        aria-activedescendant={openAt < 0 || openId === undefined ? undefined : elementId(openId)}
        onKeyDown={onKeyDown}
        data={rows}
        computeItemKey={(_, { id }) => id}
        increaseViewportBy={300}
        itemContent={(index, { id, title, facts }) => (
          // The listbox around it handles the keys.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            id={elementId(id)}
            role="option"
            tabIndex={-1}
            aria-selected={id === openId}
            aria-posinset={index + 1}
            aria-setsize={rows.length}
            className={classes.row}
            onClick={() => onOpen(id)}
          >
            <p className={classes.rowText}>{title}</p>
            <span className={classes.rowHint}>{facts}</span>
          </div>
        )}
      />
    </div>
  );
}

function elementId(id: string): string {
  return `run-${id}`;
}
