import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { DoctorReport } from '../../../shared/ipc/upkeep.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import { invalidateMethods } from '../../lib/use-method.ts';
import { JobProgress } from '../import/job-progress.tsx';
import { Section } from '../settings/section.tsx';
import classes from './doctor.module.css';
import { FindingList } from './finding-list.tsx';
import { useDoctor } from './use-doctor.ts';

const words = strings.doctor.check;

/** The check and, where something is wrong, the repair. */
export function CheckSection() {
  const { state, run, cancel } = useDoctor();
  const queries = useQueryClient();
  const isDone = state.at === 'done';
  useEffect(() => {
    // A repair fills quarantine and trash, without any record changing.
    if (isDone) invalidateMethods(queries, ['quarantine.list', 'trash.list']);
  }, [isDone, queries]);
  return (
    <Section heading={words.heading}>
      {state.at === 'idle' && (
        <div className={classes.start}>
          <p className={classes.hint}>{words.hint}</p>
          <Button ref={takeLostFocus} onClick={() => run(false)}>
            {words.start}
          </Button>
        </div>
      )}
      {state.at === 'running' && (
        <>
          <JobProgress
            key={state.jobId}
            title={state.repair ? words.repairing : words.checking}
            jobId={state.jobId}
            onCancel={cancel}
          />
          <p className={classes.soFar}>{words.soFar(state.found)}</p>
        </>
      )}
      {state.at === 'failed' && <ErrorState title={words.failed} error={state.error} onRetry={() => run(false)} />}
      {isDone && <Outcome report={state.report} onRun={run} />}
    </Section>
  );
}

interface OutcomeProps {
  readonly report: DoctorReport;
  readonly onRun: (repair: boolean) => void;
}

function Outcome({ report, onRun }: OutcomeProps) {
  const verdict = report.ok ? words.well : words.wrong(report.open);
  return (
    <>
      <div className={classes.start}>
        <div role="status">
          <p className={classes.verdict} data-ok={report.ok}>
            {verdict}
            {words.repaired(report.repaired)}
          </p>
          <p className={classes.hint}>{words.checked(report)}</p>
        </div>
        <div className={classes.buttons}>
          <Button variant="default" ref={takeLostFocus} onClick={() => onRun(false)}>
            {words.again}
          </Button>
          {!report.ok && <Button onClick={() => onRun(true)}>{words.repair}</Button>}
        </div>
      </div>
      {!report.ok && <p className={classes.hint}>{words.repairHint}</p>}
      <FindingList findings={report.findings} more={report.more} />
    </>
  );
}
