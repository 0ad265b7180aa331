import { useEffect, useRef, type KeyboardEvent } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { strings } from '../../lib/strings.ts';
import { targetOf } from './list-target.ts';
import { memoryElementId, MemoryRow } from './memory-row.tsx';
import classes from './memory.module.css';
import type { MemoryView } from './shown-memories.ts';

interface MemoryListProps {
  readonly memories: readonly MemoryView[];
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}

/** A list of any length of which only the visible rows are drawn: one stop for the keyboard, arrows within. */
export function MemoryList({ memories, openId, onOpen }: MemoryListProps) {
  const list = useRef<VirtuosoHandle>(null);
  const openAt = memories.findIndex(({ id }) => id === openId);
  useEffect(() => {
    if (openAt >= 0) list.current?.scrollIntoView({ index: openAt });
  }, [openAt]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = targetOf(event, openAt, memories.length);
    const memory = target === undefined ? undefined : memories[target];
    if (!memory) return;
    event.preventDefault();
    onOpen(memory.id);
  };
  return (
    <Virtuoso
      ref={list}
      role="listbox"
      tabIndex={0}
      className={classes.listbox ?? ''}
      aria-label={strings.memory.list.label}
      aria-activedescendant={openAt < 0 || openId === undefined ? undefined : memoryElementId(openId)}
      onKeyDown={onKeyDown}
      data={memories}
      computeItemKey={(_, { id }) => id}
      increaseViewportBy={300}
      itemContent={(index, memory) => (
        <MemoryRow
          memory={memory}
          place={index + 1}
          of={memories.length}
          isOpen={memory.id === openId}
          onOpen={onOpen}
        />
      )}
    />
  );
}
