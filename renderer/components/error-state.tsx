import { Button } from '@mantine/core';
import type { AppError } from '../../shared/errors.ts';
import { strings } from '../lib/strings.ts';
import classes from './states.module.css';

interface ErrorStateProps {
  readonly title: string;
  readonly error: AppError;
  readonly onRetry?: () => void;
}

/** What went wrong, what to do about it, and a way to try again, where the content would have been. */
export function ErrorState({ title, error, onRetry }: ErrorStateProps) {
  return (
    <div className={classes.state} role="alert">
      <h2 className={classes.title}>{title}</h2>
      <p className={classes.hint}>{error.message}</p>
      <p className={classes.hint}>{error.remedy}</p>
      {onRetry && (
        <div className={classes.actions}>
          <Button variant="default" onClick={onRetry}>
            {strings.app.retry}
          </Button>
        </div>
      )}
    </div>
  );
}
