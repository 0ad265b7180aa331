import { Badge, Button } from '@mantine/core';
import { useState } from 'react';
import { toAppError, type AppError } from '../../../shared/errors.ts';
import type { Receipt, UndoneImport } from '../../../shared/ipc/models.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { useClient } from '../../lib/client-context.ts';
import { formatDateTime } from '../../lib/format.ts';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import { appNameOf } from './app-name.ts';
import { FailureList } from './failure-list.tsx';
import classes from './imports-page.module.css';
import { JobProgress } from './job-progress.tsx';
import { changesOf, isNothing } from './import-changes.ts';
import { MemoriesLine } from './memories-line.tsx';
import { ReceiptCounts } from './receipt-counts.tsx';
import { UndoConfirm } from './undo-confirm.tsx';

interface ReceiptCardProps {
  readonly receipt: Receipt;
}

type UndoState =
  | { readonly at: 'idle' | 'asking' }
  | { readonly at: 'undoing'; readonly jobId: string }
  | { readonly at: 'undone'; readonly undone: UndoneImport }
  | { readonly at: 'failed'; readonly error: AppError };

const words = strings.imports.receipt;

/** One import: from what, when, what it brought, and its undo. */
export function ReceiptCard({ receipt }: ReceiptCardProps) {
  const client = useClient();
  const [state, setState] = useState<UndoState>({ at: 'idle' });
  const undo = async (): Promise<void> => {
    const jobId = crypto.randomUUID();
    setState({ at: 'undoing', jobId });
    try {
      setState({ at: 'undone', undone: await client.call('import.undo', { id: receipt.id, job_id: jobId }) });
    } catch (error) {
      const failed = toAppError(error);
      setState(failed.code === 'CANCELLED' ? { at: 'idle' } : { at: 'failed', error: failed });
    }
  };
  const isUndone = receipt.undone_at !== null;
  const isResting = state.at === 'idle' || state.at === 'failed';
  const canUndo = isResting && !isUndone && !isNothing(changesOf(receipt));
  return (
    <article className={classes.card} data-undone={isUndone}>
      <div className={classes.cardHead}>
        <div>
          <h2 className={classes.file}>{withVisibleControls(receipt.file_name)}</h2>
          <p className={classes.facts}>
            {appNameOf(receipt.app)} · <time dateTime={receipt.created_at}>{formatDateTime(receipt.created_at)}</time> ·{' '}
            {words.took(receipt.duration_ms)}
          </p>
        </div>
        {isUndone && (
          <Badge variant="default" tt="none" title={formatDateTime(receipt.undone_at ?? '')}>
            {words.undone}
          </Badge>
        )}
        {canUndo && (
          <Button variant="default" size="compact-sm" ref={takeLostFocus} onClick={() => setState({ at: 'asking' })}>
            {words.undo}
          </Button>
        )}
      </div>
      {(receipt.seen > 0 || !receipt.memories) && <ReceiptCounts receipt={receipt} />}
      <MemoriesLine memories={receipt.memories} />
      <FailureList title={words.failures(receipt.failed.length)} failures={receipt.failed} />
      {state.at === 'asking' && (
        <UndoConfirm receipt={receipt} onUndo={() => void undo()} onKeep={() => setState({ at: 'idle' })} />
      )}
      {state.at === 'undoing' && (
        <JobProgress
          title={strings.imports.progress.undoing}
          jobId={state.jobId}
          onCancel={() => {
            client.call('jobs.cancel', { job_id: state.jobId }).catch(() => undefined);
          }}
        />
      )}
      {state.at === 'undone' && (
        <>
          <p className={classes.result} role="status" ref={takeLostFocus} tabIndex={-1}>
            {strings.imports.undone.summary(state.undone)}
          </p>
          <FailureList title={strings.imports.undone.kept(state.undone.kept.length)} failures={state.undone.kept} />
        </>
      )}
      {state.at === 'failed' && (
        <p className={classes.problem} role="alert">
          {state.error.message} {state.error.remedy}
        </p>
      )}
    </article>
  );
}
