import { Button } from '@mantine/core';
import { useState } from 'react';
import { ErrorState } from '../../components/error-state.tsx';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import { appNameOf } from './app-name.ts';
import { FailureList } from './failure-list.tsx';
import { changesOf, isNothing } from './import-changes.ts';
import type { ImportStep } from './import-step.ts';
import classes from './import.module.css';
import { leftOutOf } from './left-out.ts';
import { MemoriesLine } from './memories-line.tsx';
import { PlanTable } from './plan-table.tsx';
import { usePlanRows, type PlanRow } from './use-plan-rows.ts';

interface PlanStepProps {
  readonly step: Extract<ImportStep, { at: 'planned' }>;
  readonly onRun: () => void;
  readonly onAnother: () => void;
  readonly onClose: () => void;
}

type Filter = 'all' | PlanRow['action'];

const words = strings.imports.plan;
const filters: readonly Filter[] = ['all', 'create', 'update', 'skip', 'fail'];

/** What the import would do, before it does anything. */
export function PlanStep({ step, onRun, onAnother, onClose }: PlanStepProps) {
  const { plan, chosen } = step;
  const [filter, setFilter] = useState<Filter>('all');
  const { rows, error } = usePlanRows(chosen.handle, step.rows);
  const changes = changesOf(plan);
  const isIdle = isNothing(changes);
  const counts: Readonly<Record<Filter, number>> = {
    all: step.rows,
    create: plan.created,
    update: plan.updated,
    skip: plan.skipped,
    fail: plan.failed.length,
  };
  const shown = filter === 'all' ? rows : rows.filter((row) => row.action === filter);
  return (
    <div className={classes.plan}>
      <p className={classes.lead}>
        <strong>{words.source(appNameOf(plan.app), chosen.name)}</strong>{' '}
        {isIdle && words.nothingNew(plan.seen, plan.failed.length)}
        {!isIdle && plan.seen > 0 && words.summary(plan.seen, plan.messages)}
        {!isIdle && plan.seen === 0 && words.nothingYet}
      </p>
      <MemoriesLine memories={plan.memories} />
      {plan.attachments > 0 && <p className={classes.aside}>{words.attachments(plan.attachments)}</p>}
      {step.rows > 0 && (
        <>
          <fieldset className={classes.filters} aria-label={words.filterLabel}>
            {filters.map((one) => (
              <button
                key={one}
                type="button"
                className={classes.filter}
                aria-pressed={filter === one}
                disabled={one !== 'all' && counts[one] === 0}
                onClick={() => setFilter(one)}
              >
                {words.filters[one]} <span className={classes.filterCount}>{words.count(counts[one])}</span>
              </button>
            ))}
          </fieldset>
          <div className={classes.tableBox}>
            {error ? <ErrorState title={words.tableFailed} error={error} /> : <PlanTable key={filter} rows={shown} />}
          </div>
        </>
      )}
      <FailureList title={words.leftOut(plan.left_out?.length ?? 0)} failures={leftOutOf(plan)} isQuiet />
      <div className={classes.actions}>
        <Button variant="default" onClick={onAnother}>
          {words.another}
        </Button>
        <span className={classes.spring} />
        <Button variant="default" {...(isIdle && { ref: takeLostFocus })} onClick={onClose}>
          {isIdle ? strings.app.close : strings.app.cancel}
        </Button>
        {!isIdle && (
          <Button ref={takeLostFocus} onClick={onRun}>
            {words.run(changes)}
          </Button>
        )}
      </div>
    </div>
  );
}
