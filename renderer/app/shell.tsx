import type { ReactNode } from 'react';
import { strings } from '../lib/strings.ts';
import classes from './shell.module.css';

interface ShellProps {
  /** Over everything else; empty while all is well. */
  readonly banner: ReactNode;
  readonly bar: ReactNode;
  readonly sidebar: ReactNode;
  readonly children: ReactNode;
}

/** The window: a bar across the top, the sections at the left, the page. */
export function Shell({ banner, bar, sidebar, children }: ShellProps) {
  return (
    <div className={classes.window}>
      <a className={classes.skip} href="#main" onClick={skipToMain}>
        {strings.app.skipToContent}
      </a>
      <div className={classes.banner}>{banner}</div>
      <header className={classes.bar}>{bar}</header>
      <div className={classes.sidebar}>{sidebar}</div>
      <main id="main" className={classes.main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** The hash holds the route, so the link must not change it. */
function skipToMain(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
