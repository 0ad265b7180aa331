import type { ThreadMessage } from '../../../shared/ipc/models.ts';
import { formatDate } from '../../lib/format.ts';
import classes from './thread-list.module.css';

interface DayLineProps {
  /** The message above; null where there is none, undefined where it is not known yet. */
  readonly before: Pick<ThreadMessage, 'created_at'> | null | undefined;
  readonly date: string;
}

/** The date, where a conversation goes on on another day. */
export function DayLine({ before, date }: DayLineProps) {
  const day = formatDate(date);
  if (before === undefined || (before !== null && formatDate(before.created_at) === day)) return null;
  return (
    <p className={classes.day}>
      <time dateTime={date}>{day}</time>
    </p>
  );
}
