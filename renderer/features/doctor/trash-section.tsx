import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { TrashBatch } from '../../../shared/ipc/upkeep.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { showError } from '../../components/notify.tsx';
import { formatDateTime, formatShortDate } from '../../lib/format.ts';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import { useToday } from '../../lib/use-today.ts';
import { invalidateMethods, useMethod, useMethodMutation } from '../../lib/use-method.ts';
import { Section } from '../settings/section.tsx';
import classes from './doctor.module.css';

const words = strings.doctor.trash;

/** What was deleted in the last 30 days, newest first. */
export function TrashSection() {
  const batches = useMethod('trash.list', {});
  return (
    <Section heading={words.heading}>
      {batches.error && (
        <ErrorState title={words.failed} error={batches.error} onRetry={() => void batches.refetch()} />
      )}
      {batches.isPending && <p className={classes.hint}>{strings.app.loading}</p>}
      {batches.data?.length === 0 && (
        <p className={classes.hint} ref={takeLostFocus} tabIndex={-1}>
          {words.empty}
        </p>
      )}
      {batches.data !== undefined && batches.data.length > 0 && (
        <>
          <p className={classes.hint}>{words.hint}</p>
          <ul
            className={classes.list}
            aria-label={words.list}
            key={batches.data.length}
            ref={takeLostFocus}
            tabIndex={-1}
          >
            {batches.data.map((batch) => (
              <BatchRow key={batch.id} batch={batch} />
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function BatchRow({ batch }: { readonly batch: TrashBatch }) {
  const queries = useQueryClient();
  const restore = useMethodMutation('trash.restore');
  const now = useToday();
  const counts = Object.entries(batch.collections).map(([name, count]) => words.counted(name, count));
  const what = batch.examples.length === 0 ? counts.join(', ') : batch.examples.join(' · ');
  const start = (): void =>
    restore.mutate(
      { id: batch.id },
      {
        onSuccess: ({ restored }) => {
          notifications.show({ message: words.restored(restored) });
          invalidateMethods(queries, ['trash.list', 'quarantine.list']);
        },
        onError: (error) => showError(error),
      },
    );
  return (
    <li className={classes.item}>
      <div className={classes.body}>
        <p className={classes.text}>{withVisibleControls(what)}</p>
        <p className={classes.hint}>
          {words.reasons[batch.reason]} · <time dateTime={batch.at}>{formatDateTime(batch.at)}</time> ·{' '}
          {counts.join(', ')} · {words.expires(formatShortDate(batch.expires_at, now))}
        </p>
      </div>
      {isRestorable(batch) && (
        <div className={classes.buttons}>
          <Button
            variant="default"
            size="compact-sm"
            loading={restore.isPending}
            aria-label={words.restoreLabel(what)}
            onClick={start}
          >
            {words.restore}
          </Button>
        </div>
      )}
    </li>
  );
}

/** Former versions of files that are in the vault are taken out by hand. */
function isRestorable({ reason }: TrashBatch): boolean {
  return reason !== 'adopted' && reason !== 'repair';
}
