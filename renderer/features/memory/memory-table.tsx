import { IconChevronDown, IconPinned } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { TableVirtuoso, type TableComponents } from 'react-virtuoso';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatNumber, formatShortDate } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useToday } from '../../lib/use-today.ts';
import { ConfidenceBar } from './confidence-bar.tsx';
import classes from './memory-table.module.css';
import { lastConfirmed, scopeOf, subjectOf, type MemoryFilter, type MemoryView } from './shown-memories.ts';

const words = strings.memory.table;

type Sort = MemoryFilter['sort'];
/** The columns, and the order that a click on their heads asks for. */
const columns: readonly { readonly name: keyof typeof words.columns; readonly sort?: Sort }[] = [
  { name: 'text', sort: 'text' },
  { name: 'type' },
  { name: 'confidence', sort: 'confidence' },
  { name: 'domain' },
  { name: 'evidence' },
  { name: 'confirmed', sort: 'confirmed' },
  { name: 'fades', sort: 'fading' },
  { name: 'scope' },
];

/** One object for all drawings: a new one would make a new table each time. */
const tableComponents: TableComponents<MemoryView> = {
  Table: ({ style, children }) => (
    <table className={classes.table} style={style} aria-label={words.label}>
      {children}
    </table>
  ),
};

interface MemoryTableProps {
  readonly memories: readonly MemoryView[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly onOpen: (id: string) => void;
}

/** All memories with their numbers, of which only the visible rows are drawn. */
export function MemoryTable({ memories, sort, onSort, onOpen }: MemoryTableProps) {
  return (
    <TableVirtuoso
      className={classes.box ?? ''}
      aria-label={words.label}
      role="region"
      tabIndex={0}
      data={memories}
      computeItemKey={(_, { id }) => id}
      increaseViewportBy={300}
      components={tableComponents}
      fixedHeaderContent={() => (
        <tr>
          {columns.map((column) => (
            <Head key={column.name} column={column} isSorted={column.sort === sort} onSort={onSort} />
          ))}
        </tr>
      )}
      itemContent={(_, memory) => <Cells memory={memory} onOpen={onOpen} />}
    />
  );
}

interface HeadProps {
  readonly column: (typeof columns)[number];
  readonly isSorted: boolean;
  readonly onSort: (sort: Sort) => void;
}

function Head({ column: { name, sort }, isSorted, onSort }: HeadProps) {
  const label = words.columns[name];
  if (sort === undefined) {
    return (
      <th scope="col" data-column={name}>
        {label}
      </th>
    );
  }
  // Each column has one direction that says something: the best, the latest, the soonest, A to Z first.
  const direction = sort === 'text' || sort === 'fading' ? 'ascending' : 'descending';
  return (
    <th scope="col" data-column={name} aria-sort={isSorted ? direction : 'none'}>
      <button type="button" className={classes.head} onClick={() => onSort(sort)}>
        {label}
        <IconChevronDown size={14} aria-hidden data-on={isSorted || undefined} />
      </button>
    </th>
  );
}

function Cells({ memory, onOpen }: { readonly memory: MemoryView; readonly onOpen: (id: string) => void }) {
  const today = useToday();
  const text = withVisibleControls(memory.text);
  const subject = subjectOf(memory);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' } as const;
    const way = event.key === 'ArrowDown' || event.key === 'ArrowUp' ? step[event.key] : undefined;
    const row = way && event.currentTarget.closest('tr')?.[way];
    const next = row?.querySelector('button');
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <>
      <td data-column="text">
        <button type="button" className={classes.open} onClick={() => onOpen(memory.id)} onKeyDown={onKeyDown}>
          {memory.pinned && <IconPinned size={14} aria-label={strings.memory.list.pinned} />} {text}
        </button>
        {subject !== '' && <span className={classes.subject}>{withVisibleControls(subject)}</span>}
      </td>
      <td>{strings.memory.types[memory.type]}</td>
      <td>
        <ConfidenceBar value={memory.current_confidence} isDormant={memory.state !== 'active'} />
      </td>
      <td>{withVisibleControls(memory.domain ?? '')}</td>
      <td className={classes.number}>{formatNumber(memory.evidence.length)}</td>
      <td>{formatShortDate(lastConfirmed(memory), today)}</td>
      <td>
        {memory.state === 'dormant'
          ? strings.memory.list.dormantMark
          : memory.fades_at === null
            ? words.never
            : formatShortDate(memory.fades_at, today)}
      </td>
      <td>{scopeOf(memory)}</td>
    </>
  );
}
