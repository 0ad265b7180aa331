import { IconFileImport } from '@tabler/icons-react';
import { strings } from '../lib/strings.ts';
import classes from './drop-veil.module.css';

/** Covers the window while a file is dragged over it, and says what dropping it does. */
export function DropVeil() {
  return (
    <div className={classes.veil}>
      <div className={classes.sheet}>
        <IconFileImport size={32} aria-hidden />
        <p className={classes.title}>{strings.app.dropTitle}</p>
        <p className={classes.hint}>{strings.app.dropHint}</p>
      </div>
    </div>
  );
}
