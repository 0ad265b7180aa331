import { Button } from '@mantine/core';
import type { Receipt } from '../../../shared/ipc/models.ts';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import classes from './import.module.css';

interface UndoConfirmProps {
  readonly receipt: Receipt;
  readonly onUndo: () => void;
  readonly onKeep: () => void;
}

const words = strings.imports.undo;

/** The question before an import is taken back, with what it would mean. */
export function UndoConfirm({ receipt, onUndo, onKeep }: UndoConfirmProps) {
  return (
    <div className={classes.confirm} role="alertdialog" aria-label={words.title} aria-describedby="undo-meaning">
      <p id="undo-meaning" className={classes.confirmText}>
        {words.meaning(receipt)}
      </p>
      <div className={classes.actions}>
        <span className={classes.spring} />
        <Button variant="default" ref={takeLostFocus} onClick={onKeep}>
          {words.keep}
        </Button>
        <Button variant="default" className={classes.danger} onClick={onUndo}>
          {words.undo}
        </Button>
      </div>
    </div>
  );
}
