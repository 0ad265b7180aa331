import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Receipt, UndoneImport } from '../../../shared/ipc/models.ts';
import { navigate } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { appNameOf } from './app-name.ts';
import { FailureList } from './failure-list.tsx';
import classes from './import.module.css';
import { ReceiptCounts } from './receipt-counts.tsx';
import { UndoConfirm } from './undo-confirm.tsx';

interface ReceiptStepProps {
  readonly receipt: Receipt;
  readonly onUndo: () => void;
  readonly onClose: () => void;
}

const words = strings.imports.receipt;

/** What the import did, and the two ways on from it. */
export function ReceiptStep({ receipt, onUndo, onClose }: ReceiptStepProps) {
  const [isAsking, setAsking] = useState(false);
  const isNothing = receipt.created + receipt.updated === 0;
  const show = (): void => {
    navigate({ page: 'conversations', view: 'active' });
    onClose();
  };
  return (
    <div className={classes.receipt}>
      <p className={classes.lead} role="status">
        <strong>{isNothing ? words.nothingNew : words.done(receipt.created + receipt.updated)}</strong>{' '}
        {words.from(appNameOf(receipt.app), receipt.file_name)} {words.took(receipt.duration_ms)}
      </p>
      <ReceiptCounts receipt={receipt} />
      <p className={classes.aside}>{words.messages(receipt.messages)}</p>
      <FailureList title={words.failures(receipt.failed.length)} failures={receipt.failed} />
      {isAsking ? (
        <UndoConfirm receipt={receipt} onUndo={onUndo} onKeep={() => setAsking(false)} />
      ) : (
        <div className={classes.actions}>
          {!isNothing && (
            <Button variant="default" onClick={() => setAsking(true)}>
              {words.undo}
            </Button>
          )}
          <span className={classes.spring} />
          <Button variant="default" onClick={onClose}>
            {strings.app.close}
          </Button>
          <Button data-autofocus onClick={show}>
            {words.show}
          </Button>
        </div>
      )}
    </div>
  );
}

interface UndoneStepProps {
  readonly undone: UndoneImport;
  readonly onClose: () => void;
}

/** What the undo took back, and what it left because it was changed since. */
export function UndoneStep({ undone, onClose }: UndoneStepProps) {
  return (
    <div className={classes.receipt}>
      <p className={classes.lead} role="status">
        <strong>{strings.imports.undone.title}</strong> {strings.imports.undone.summary(undone)}
      </p>
      <FailureList title={strings.imports.undone.kept(undone.kept.length)} failures={undone.kept} />
      <div className={classes.actions}>
        <span className={classes.spring} />
        <Button data-autofocus onClick={onClose}>
          {strings.app.close}
        </Button>
      </div>
    </div>
  );
}
