import { Button, Progress } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { Progress as JobProgressEvent } from '../../../shared/ipc/models.ts';
import { formatBytes, formatNumber } from '../../lib/format.ts';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import { useEvent } from '../../lib/use-event.ts';
import classes from './import.module.css';

type ProgressEvent = z.infer<typeof JobProgressEvent>;

interface JobProgressProps {
  /** What is being worked on. */
  readonly title: string;
  /** Follows this job's events… */
  readonly jobId?: string;
  /** …or shows this, where the page itself knows. */
  readonly progress?: Omit<ProgressEvent, 'job_id'>;
  readonly onCancel?: () => void;
}

const words = strings.imports.progress;

/** How far a job has come, and the way to stop it. */
export function JobProgress({ title, jobId, progress, onCancel }: JobProgressProps) {
  const [event, setEvent] = useState<ProgressEvent>();
  const [isStopping, setStopping] = useState(false);
  useEvent('job.progress', (payload) => {
    if (payload.job_id === jobId) setEvent(payload);
  });
  const shown = progress ?? (event?.job_id === jobId ? event : undefined);
  const isKnown = shown !== undefined && shown.total > 0;
  const percent = isKnown ? Math.min(100, (shown.done / shown.total) * 100) : 100;
  return (
    // Not its button: a second press of Enter would stop what the first began.
    <div className={classes.working} ref={takeLostFocus} tabIndex={-1}>
      <p className={classes.workingTitle}>{title}</p>
      <Progress.Root size="md" aria-busy>
        <Progress.Section
          value={percent}
          animated={!isKnown}
          aria-label={title}
          // Without a value a progress bar is announced as busy, which is what it is.
          {...(isKnown ? {} : { 'aria-valuenow': undefined })}
        />
      </Progress.Root>
      <p className={classes.workingFacts}>
        <span>{shown === undefined ? words.starting : words.phases[shown.phase]}</span>
        <span>{shown === undefined ? '' : amountOf(shown)}</span>
      </p>
      {onCancel && (
        <Button
          variant="default"
          loading={isStopping}
          onClick={() => {
            setStopping(true);
            onCancel();
          }}
        >
          {strings.app.cancel}
        </Button>
      )}
    </div>
  );
}

function amountOf({ done, total, unit }: Omit<ProgressEvent, 'job_id'>): string {
  const show = unit === 'bytes' ? formatBytes : formatNumber;
  if (total === 0) return done === 0 ? '' : words.amount(show(done), unit);
  return words.amountOf(show(Math.min(done, total)), show(total), unit);
}
