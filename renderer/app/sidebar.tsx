import { Tooltip, UnstyledButton } from '@mantine/core';
import { useSearch } from '../features/search/search-context.tsx';
import { navigate, useRoute, type Route } from '../lib/route.ts';
import { strings } from '../lib/strings.ts';
import { sections } from './places.tsx';
import classes from './sidebar.module.css';

/** The sections of the window; icons alone where the window is narrow. */
export function Sidebar() {
  const route = useRoute();
  const search = useSearch();
  const go = (to: Route): void => {
    // The results of a search stand where the section would be.
    search.setText('');
    navigate(to);
  };
  return (
    <nav className={classes.sidebar} aria-label={strings.app.nav.label}>
      {sections.map((entry) => (
        <Tooltip key={entry.label} label={entry.label} position="right" classNames={{ tooltip: classes.tooltip ?? '' }}>
          <UnstyledButton
            className={classes.entry}
            aria-label={entry.label}
            aria-current={isCurrent(route, entry.route) ? 'page' : undefined}
            onClick={() => go(entry.route)}
          >
            {entry.icon}
            <span className={classes.label}>{entry.label}</span>
          </UnstyledButton>
        </Tooltip>
      ))}
    </nav>
  );
}

function isCurrent(current: Route, entry: Route): boolean {
  if (current.page !== entry.page) return false;
  return current.page !== 'conversations' || entry.page !== 'conversations' || current.view === entry.view;
}
