import { Button } from '@mantine/core';
import { Virtuoso } from 'react-virtuoso';
import { ErrorState } from '../../../components/error-state.tsx';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import { FieldDiff } from '../field-diff.tsx';
import { changesBetween } from '../log-changes.ts';
import classes from './days.module.css';
import { contentOf, nameOf, type Difference } from './states.ts';
import { useRestore } from './use-restore.ts';

const words = strings.memoryDays.between;

interface BetweenDaysProps {
  readonly from: string;
  readonly to: string;
}

/** What became different between the ends of two days, field by field. */
export function BetweenDays({ from, to }: BetweenDaysProps) {
  const compared = useMethod('memory.compare', { from, to }, { keepPrevious: true });
  const restore = useRestore();
  if (compared.error && !compared.data) {
    return (
      <ErrorState title={strings.memoryDays.failed} error={compared.error} onRetry={() => void compared.refetch()} />
    );
  }
  if (!compared.data) return <p className={classes.top}>{strings.app.loading}</p>;
  const count = (kind: Difference['kind']): number => compared.data.filter((each) => each.kind === kind).length;
  return (
    <>
      <div className={classes.top} role="status">
        <p className={classes.hint}>
          {compared.data.length === 0 ? words.none : words.count(count('added'), count('changed'), count('removed'))}
        </p>
      </div>
      <div className={classes.list}>
        <Virtuoso
          style={{ height: '100%' }}
          role="list"
          tabIndex={0}
          aria-label={words.list}
          data={compared.data}
          computeItemKey={(_, { entity_key }) => entity_key}
          increaseViewportBy={300}
          itemContent={(_, difference) => (
            <DifferenceItem difference={difference} onRestore={(id) => restore(id, from)} />
          )}
        />
      </div>
    </>
  );
}

interface DifferenceItemProps {
  readonly difference: Difference;
  readonly onRestore: (memoryId: string) => void;
}

function DifferenceItem({ difference, onRestore }: DifferenceItemProps) {
  const { kind, before, after, entity_key: key } = difference;
  const isEmptied = before === 'redacted' || after === 'redacted';
  const changes = isEmptied ? [] : changesBetween(contentOf(before), contentOf(after));
  const isMemory = key.startsWith('memories/') && kind !== 'added' && !isEmptied;
  return (
    <div role="listitem" className={classes.item}>
      <div className={classes.itemHead}>
        <p className={classes.text}>
          <strong>{words.kinds[kind]}</strong> {withVisibleControls(nameOf(difference))}
        </p>
        {isMemory && (
          <Button size="compact-xs" variant="default" onClick={() => onRestore(key.slice('memories/'.length))}>
            {words.restore}
          </Button>
        )}
      </div>
      {isEmptied && <p className={classes.facts}>{strings.memory.log.emptied}</p>}
      {kind === 'changed' && changes.length > 0 && <FieldDiff changes={changes} />}
    </div>
  );
}
