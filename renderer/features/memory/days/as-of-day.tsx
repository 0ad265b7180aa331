import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Virtuoso } from 'react-virtuoso';
import { MemoryState, MemoryType } from '../../../../shared/collections/memories.ts';
import { ErrorState } from '../../../components/error-state.tsx';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { formatConfidence } from '../../../lib/format.ts';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import classes from './days.module.css';
import { memoriesThen, type MemoryThen } from './states.ts';
import { useRestore } from './use-restore.ts';

const words = strings.memoryDays.asOf;

interface AsOfDayProps {
  readonly day: string;
  readonly today: string;
}

/** All memories at the end of a day, each with whether it is different now. */
export function AsOfDay({ day, today }: AsOfDayProps) {
  const states = useMethod('memory.as_of', { day }, { keepPrevious: true });
  const since = useMethod('memory.compare', { from: day, to: today }, { keepPrevious: true });
  const [text, setText] = useState('');
  const restore = useRestore();
  if (states.error && !states.data) {
    return <ErrorState title={strings.memoryDays.failed} error={states.error} onRetry={() => void states.refetch()} />;
  }
  if (!states.data) return <p className={classes.top}>{strings.app.loading}</p>;
  const all = memoriesThen(states.data);
  const others = states.data.length - all.length;
  const sought = text.trim().toLowerCase();
  const shown = sought === '' ? all : all.filter((memory) => memory.text?.toLowerCase().includes(sought) === true);
  const fates = new Map(since.data?.map(({ entity_key: key, kind }) => [key, kind]));
  return (
    <>
      <div className={classes.top}>
        <div className={classes.line}>
          <TextInput
            size="xs"
            type="search"
            className={classes.search ?? ''}
            aria-label={words.search}
            placeholder={words.search}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <span className={classes.hint} role="status">
            {words.count(shown.length)} {others > 0 && words.others(others)}
          </span>
        </div>
        {shown.length === 0 && <p className={classes.hint}>{all.length === 0 ? words.none : words.noMatch}</p>}
      </div>
      <div className={classes.list}>
        <Virtuoso
          style={{ height: '100%' }}
          role="list"
          tabIndex={0}
          aria-label={words.list}
          data={shown}
          computeItemKey={(_, { id }) => id}
          increaseViewportBy={300}
          itemContent={(_, memory) => (
            <Then memory={memory} fate={fates.get(`memories/${memory.id}`)} onRestore={() => restore(memory.id, day)} />
          )}
        />
      </div>
    </>
  );
}

interface ThenProps {
  readonly memory: MemoryThen;
  readonly fate: 'added' | 'removed' | 'changed' | undefined;
  readonly onRestore: () => void;
}

function Then({ memory, fate, onRestore }: ThenProps) {
  const text = memory.text === undefined ? words.emptied : withVisibleControls(memory.text);
  return (
    <div role="listitem" className={classes.item}>
      <div className={classes.itemHead}>
        <p className={classes.text}>{text}</p>
        {memory.text !== undefined && fate !== undefined && (
          <Button size="compact-xs" variant="default" aria-label={words.restoreTitle(text)} onClick={onRestore}>
            {words.restore}
          </Button>
        )}
      </div>
      {memory.text !== undefined && (
        <p className={classes.facts}>
          {factsOf(memory)} ·{' '}
          <span className={fate === undefined ? undefined : classes.differs}>
            {fate === undefined ? words.same : fate === 'removed' ? words.gone : words.differs}
          </span>
        </p>
      )}
    </div>
  );
}

function factsOf({ type, state, confidence }: MemoryThen): string {
  const kind = MemoryType.safeParse(type);
  const now = MemoryState.safeParse(state);
  return [
    kind.success ? strings.memory.types[kind.data] : type,
    now.success ? strings.memory.states[now.data] : state,
    confidence === undefined ? '' : formatConfidence(confidence),
  ]
    .filter(Boolean)
    .join(' · ');
}
