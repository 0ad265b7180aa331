import type { ReactNode } from 'react';
import classes from './column-page.module.css';

interface Props {
  readonly heading: string;
  /** Beside the heading: the one thing that is done here most. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A page that scrolls as one column under its heading. */
export function ColumnPage({ heading, action, children }: Props) {
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <div className={classes.head}>
          <h1 className={classes.heading}>{heading}</h1>
          {action}
        </div>
        {children}
      </div>
    </div>
  );
}
