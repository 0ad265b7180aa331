import type { ReactNode } from 'react';
import { strings } from '../lib/strings.ts';
import classes from './top-bar.module.css';

interface TopBarProps {
  readonly search: ReactNode;
  readonly status: ReactNode;
}

/** Name, search and status: what stays in reach on every page. */
export function TopBar({ search, status }: TopBarProps) {
  return (
    <div className={classes.bar}>
      <span className={classes.name}>{strings.app.name}</span>
      <div className={classes.search}>{search}</div>
      <div className={classes.status}>{status}</div>
    </div>
  );
}
