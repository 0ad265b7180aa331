import { useRef, useState, type KeyboardEvent } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { targetOf } from '../list-target.ts';
import classes from './hygiene.module.css';
import { ItemRow } from './item-row.tsx';
import type { HygieneItem } from './report-items.ts';

interface ItemListProps {
  readonly label: string;
  readonly items: readonly HygieneItem[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (keys: ReadonlySet<string>) => void;
  readonly onOpen: (item: HygieneItem) => void;
}

/** Lines to choose from, of any number; one stop for the keyboard: arrows move, Space chooses, Enter opens. */
export function ItemList({ label, items, selected, onSelect, onOpen }: ItemListProps) {
  const list = useRef<VirtuosoHandle>(null);
  const [active, setActive] = useState(0);
  const at = Math.min(active, items.length - 1);
  const item = items[at];

  const toggle = (key: string): void => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    onSelect(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      event.preventDefault();
      onSelect(new Set(items.map(({ key }) => key)));
      return;
    }
    const target = targetOf(event, at, items.length);
    if (target !== undefined) {
      setActive(target);
      list.current?.scrollIntoView({ index: target });
    } else if (event.key === ' ' && item) toggle(item.key);
    else if (event.key === 'Enter' && item) onOpen(item);
    else return;
    event.preventDefault();
  };
  return (
    <Virtuoso
      ref={list}
      role="listbox"
      aria-multiselectable
      tabIndex={0}
      className={classes.items ?? ''}
      aria-label={label}
      aria-activedescendant={item && elementId(item.key)}
      onKeyDown={onKeyDown}
      data={items}
      computeItemKey={(_, { key }) => key}
      increaseViewportBy={300}
      itemContent={(index, each) => (
        <ItemRow
          item={each}
          elementId={elementId(each.key)}
          place={index + 1}
          of={items.length}
          isActive={index === at}
          isSelected={selected.has(each.key)}
          onToggle={() => {
            setActive(index);
            toggle(each.key);
          }}
        />
      )}
    />
  );
}

function elementId(key: string): string {
  return `hygiene-${key.replaceAll(' ', '-')}`;
}
