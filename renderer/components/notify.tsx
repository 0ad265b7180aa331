import { notifications } from '@mantine/notifications';
import { toAppError } from '../../shared/errors.ts';
import { strings } from '../lib/strings.ts';
import classes from './notify.module.css';

/** Long enough to read a message with its remedy. */
const errorMs = 12_000;

/** Tells what went wrong and what to do about it, for work that has no place of its own on the page. */
export function showError(thrown: unknown): void {
  const error = toAppError(thrown);
  if (error.code === 'CANCELLED') return;
  notifications.show({
    title: strings.app.errorTitle,
    message: (
      <>
        {error.message}
        <span className={classes.remedy}>{error.remedy}</span>
      </>
    ),
    color: 'var(--danger)',
    autoClose: errorMs,
  });
}
