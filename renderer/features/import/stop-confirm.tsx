import { Button } from '@mantine/core';
import { strings } from '../../lib/strings.ts';
import classes from './import.module.css';

interface StopConfirmProps {
  readonly onStop: () => void;
  readonly onContinue: () => void;
}

const words = strings.imports.stop;

/** Asked when the dialog is closed while work is under way. */
export function StopConfirm({ onStop, onContinue }: StopConfirmProps) {
  return (
    <div className={classes.confirm} role="alertdialog" aria-label={words.title} aria-describedby="stop-meaning">
      <p id="stop-meaning" className={classes.confirmText}>
        {words.meaning}
      </p>
      <div className={classes.actions}>
        <span className={classes.spring} />
        <Button variant="default" ref={takeFocus} onClick={onContinue}>
          {words.continue}
        </Button>
        <Button variant="default" className={classes.danger} onClick={onStop}>
          {words.stop}
        </Button>
      </div>
    </div>
  );
}

function takeFocus(button: HTMLButtonElement | null): void {
  button?.focus();
}
