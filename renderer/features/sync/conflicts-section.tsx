import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { ErrorState } from '../../components/error-state.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { Section } from '../settings/section.tsx';
import { ConflictCard } from './conflict-card.tsx';
import classes from './sync.module.css';

const words = strings.sync.conflicts;
/** As many as a person looks at in one sitting; decided ones make room for the next. */
const mostShown = 50;

/** What a merge could not show, each with its three versions and the choice. */
export function ConflictsSection() {
  const [state, setState] = useState<'open' | 'resolved'>('open');
  const conflicts = useMethod('conflicts.list', { state, offset: 0, limit: mostShown }, { keepPrevious: true });
  return (
    <Section heading={words.heading}>
      <div className={classes.start}>
        <p className={classes.hint}>{words.hint}</p>
        <SegmentedControl
          aria-label={words.states}
          data={[
            { value: 'open', label: words.open },
            { value: 'resolved', label: words.resolved },
          ]}
          value={state}
          onChange={setState}
        />
      </div>
      {conflicts.error && (
        <ErrorState title={words.failed} error={conflicts.error} onRetry={() => void conflicts.refetch()} />
      )}
      {conflicts.isPending && <p className={classes.hint}>{strings.app.loading}</p>}
      {conflicts.data?.total === 0 && <p className={classes.hint}>{words.empty}</p>}
      {conflicts.data !== undefined && conflicts.data.rows.length > 0 && (
        <ul className={classes.list} aria-label={words.list}>
          {conflicts.data.rows.map((conflict) => (
            <ConflictCard key={conflict.id} conflict={conflict} />
          ))}
        </ul>
      )}
    </Section>
  );
}
