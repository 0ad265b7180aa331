import { Button } from '@mantine/core';
import { ErrorState } from '../../components/error-state.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { LogEntry } from './log-entry.tsx';
import classes from './memory.module.css';

const words = strings.memory.log;

interface LogEntriesProps {
  /** Of this memory alone; else of all. */
  readonly id?: string;
  readonly limit: number;
  /** Shows more; undefined where that cannot be. */
  readonly more?: (() => void) | undefined;
}

/** Entries of the memory log, newest first. */
export function LogEntries({ id, limit, more }: LogEntriesProps) {
  const log = useMethod('memory.log', id === undefined ? { limit } : { id, limit }, { keepPrevious: true });
  if (log.error && !log.data) {
    return <ErrorState title={words.failed} error={log.error} onRetry={() => void log.refetch()} />;
  }
  if (!log.data) return <p className={classes.hint}>{strings.app.loading}</p>;
  if (log.data.length === 0) return <p className={classes.hint}>{words.empty}</p>;
  return (
    <>
      <ol className={classes.plain} aria-label={words.list}>
        {log.data.map((event) => (
          <LogEntry key={event.id} event={event} isTextShown={id === undefined} />
        ))}
      </ol>
      {more && log.data.length >= limit && (
        <Button variant="default" onClick={more}>
          {words.more}
        </Button>
      )}
    </>
  );
}
