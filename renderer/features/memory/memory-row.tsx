import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatShortDate } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useToday } from '../../lib/use-today.ts';
import { ConfidenceBar } from './confidence-bar.tsx';
import classes from './memory.module.css';
import { lastConfirmed, subjectOf, type MemoryView } from './shown-memories.ts';

const words = strings.memory;

interface MemoryRowProps {
  readonly memory: MemoryView;
  /** From 1. */
  readonly place: number;
  readonly of: number;
  readonly isOpen: boolean;
  readonly onOpen: (id: string) => void;
}

export function memoryElementId(id: string): string {
  return `memory-${id}`;
}

/** One memory of the list: what it says, how sure, of which kind, since when. */
export function MemoryRow({ memory, place, of, isOpen, onOpen }: MemoryRowProps) {
  return (
    // The listbox around it handles the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={memoryElementId(memory.id)}
      role="option"
      tabIndex={-1}
      aria-selected={isOpen}
      aria-posinset={place}
      aria-setsize={of}
      className={classes.row}
      data-state={memory.state}
      onClick={() => onOpen(memory.id)}
    >
      <p className={classes.rowText}>{withVisibleControls(memory.text)}</p>
      <div className={classes.rowFacts}>
        <ConfidenceBar value={memory.current_confidence} isDormant={memory.state !== 'active'} />
        <RowFacts memory={memory} />
      </div>
    </div>
  );
}

function RowFacts({ memory }: { readonly memory: MemoryView }) {
  const when = formatShortDate(lastConfirmed(memory), useToday());
  const facts = [
    words.types[memory.type],
    withVisibleControls(subjectOf(memory)),
    withVisibleControls(memory.domain ?? ''),
    memory.last_confirmed_at === null ? words.list.added(when) : words.list.confirmed(when),
    memory.pinned ? words.list.pinned : '',
    memory.state === 'dormant' ? words.list.dormantMark : '',
  ];
  return <span className={classes.rowHint}>{facts.filter(Boolean).join(' · ')}</span>;
}
