import { Button } from '@mantine/core';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatDateTime } from '../../lib/format.ts';
import { navigate } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { FieldDiff, fieldName } from './field-diff.tsx';
import { changesOf, memoryIdOf, nameOf, textOf, whoOf, type Change, type MemoryEvent } from './log-changes.ts';
import classes from './memory.module.css';

const words = strings.memory.log;

interface LogEntryProps {
  readonly event: MemoryEvent;
  /** Whether the entry has to say which memory it is about. */
  readonly isTextShown: boolean;
}

/** One change: when, what, by whom, why; before and after when unfolded. */
export function LogEntry({ event, isTextShown }: LogEntryProps) {
  const { created_at: at, why, redacted } = event;
  const changes = changesOf(event);
  const memoryId = memoryIdOf(event);
  return (
    <li className={classes.entry}>
      <p className={classes.entryHead}>
        <time dateTime={at}>{formatDateTime(at)}</time>
        <span>
          <strong>{nameOf(event)}</strong> {words.by(withVisibleControls(whoOf(event)))}
          {redacted === true && ` · ${words.emptied}`}
          {why && ` · ${withVisibleControls(why)}`}
        </span>
      </p>
      {isTextShown && (
        <p className={classes.entryText}>
          {withVisibleControls(textOf(event))}
          {memoryId !== undefined && (
            <Button
              variant="subtle"
              size="compact-xs"
              aria-label={`${words.open}: ${textOf(event)}`}
              onClick={() => navigate({ page: 'memory', view: 'list', memoryId })}
            >
              {words.open}
            </Button>
          )}
        </p>
      )}
      {changes.length > 0 && <Changes changes={changes} />}
    </li>
  );
}

function Changes({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <details className={classes.changes}>
      <summary>{`${words.changes}: ${changes.map(({ field }) => fieldName(field)).join(', ')}`}</summary>
      <FieldDiff changes={changes} />
    </details>
  );
}
