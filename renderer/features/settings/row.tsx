import type { ReactNode } from 'react';
import classes from './section.module.css';

interface RowProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
}

/** One setting or fact: what it is at the left, its value at the right; below each other where it is narrow. */
export function Row({ label, hint, children }: RowProps) {
  return (
    <div className={classes.row}>
      <div>
        <div className={classes.label}>{label}</div>
        {hint !== undefined && <div className={classes.hint}>{hint}</div>}
      </div>
      <div className={classes.value}>{children}</div>
    </div>
  );
}
