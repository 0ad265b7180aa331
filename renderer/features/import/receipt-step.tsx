import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Receipt, UndoneImport } from '../../../shared/ipc/models.ts';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { navigate } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { appNameOf } from './app-name.ts';
import { FailureList } from './failure-list.tsx';
import { changesOf, isNothing } from './import-changes.ts';
import classes from './import.module.css';
import { leftOutOf } from './left-out.ts';
import { MemoriesLine } from './memories-line.tsx';
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
  const changes = changesOf(receipt);
  const isIdle = isNothing(changes);
  const isMemory = changes.conversations === 0 && changes.memories > 0;
  const show = (): void => {
    navigate(isMemory ? { page: 'memory', view: 'list' } : { page: 'conversations', view: 'active' });
    onClose();
  };
  return (
    <div className={classes.receipt}>
      <p className={classes.lead} role="status">
        <strong>{isIdle ? words.nothingNew : words.done(changes)}</strong>{' '}
        {words.from(appNameOf(receipt.app), receipt.file_name)} {words.took(receipt.duration_ms)}
      </p>
      {!isMemory && (
        <>
          <ReceiptCounts receipt={receipt} />
          <p className={classes.aside}>{words.messages(receipt.messages)}</p>
        </>
      )}
      <MemoriesLine memories={receipt.memories} />
      <FailureList title={words.failures(receipt.failed.length)} failures={receipt.failed} />
      <FailureList
        title={strings.imports.plan.leftOut(receipt.left_out?.length ?? 0)}
        failures={leftOutOf(receipt)}
        isQuiet
      />
      {isAsking ? (
        <UndoConfirm receipt={receipt} onUndo={onUndo} onKeep={() => setAsking(false)} />
      ) : (
        <div className={classes.actions}>
          {!isIdle && (
            <Button variant="default" onClick={() => setAsking(true)}>
              {words.undo}
            </Button>
          )}
          <span className={classes.spring} />
          <Button variant="default" onClick={onClose}>
            {strings.app.close}
          </Button>
          <Button ref={takeLostFocus} onClick={show}>
            {isMemory ? words.showMemories : words.show}
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
        <Button ref={takeLostFocus} onClick={onClose}>
          {strings.app.close}
        </Button>
      </div>
    </div>
  );
}
