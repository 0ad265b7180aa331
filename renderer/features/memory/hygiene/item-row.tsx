import { IconSquare, IconSquareCheckFilled } from '@tabler/icons-react';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { formatShortDate } from '../../../lib/format.ts';
import { strings } from '../../../lib/strings.ts';
import { useToday } from '../../../lib/use-today.ts';
import { ConfidenceBar } from '../confidence-bar.tsx';
import type { MemoryView } from '../shown-memories.ts';
import classes from './hygiene.module.css';
import type { HygieneItem } from './report-items.ts';

const words = strings.hygiene;

interface ItemRowProps {
  readonly item: HygieneItem;
  readonly elementId: string;
  /** From 1. */
  readonly place: number;
  readonly of: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
}

/** One line of the report, with its mark of selection. */
export function ItemRow({ item, elementId, place, of, isActive, isSelected, onToggle }: ItemRowProps) {
  return (
    // The listbox around it handles the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={elementId}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-posinset={place}
      aria-setsize={of}
      className={classes.item}
      data-active={isActive || undefined}
      onClick={onToggle}
    >
      <span className={classes.check} data-on={isSelected || undefined} aria-hidden>
        {isSelected ? <IconSquareCheckFilled size={18} /> : <IconSquare size={18} stroke={1.5} />}
      </span>
      <div className={classes.texts}>
        {item.memories.map((memory) => (
          <MemoryLine key={memory.id} memory={memory} />
        ))}
        {item.similarity !== undefined && <span className={classes.facts}>{words.alike(item.similarity)}</span>}
      </div>
    </div>
  );
}

function MemoryLine({ memory }: { readonly memory: MemoryView }) {
  const today = useToday();
  const facts = [
    strings.memory.types[memory.type],
    memory.pinned ? strings.memory.list.pinned : '',
    memory.state === 'dormant' ? strings.memory.list.dormantMark : '',
    memory.state === 'active' && memory.fades_at !== null ? words.fades(formatShortDate(memory.fades_at, today)) : '',
  ];
  return (
    <div className={classes.line}>
      <p className={classes.lineText}>{withVisibleControls(memory.text)}</p>
      <span className={classes.facts}>
        <ConfidenceBar value={memory.current_confidence} isDormant={memory.state !== 'active'} />
        {facts.filter(Boolean).join(' · ')}
      </span>
    </div>
  );
}
