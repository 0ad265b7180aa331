import { Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconArchive,
  IconBulb,
  IconFileImport,
  IconMessages,
  IconRefresh,
  IconSettings,
  IconStethoscope,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useSearch } from '../features/search/search-context.tsx';
import { navigate, useRoute, type Route } from '../lib/route.ts';
import { strings } from '../lib/strings.ts';
import classes from './sidebar.module.css';

interface Entry {
  readonly label: string;
  readonly icon: ReactNode;
  readonly route: Route;
}

const iconSize = 18;

const entries: readonly Entry[] = [
  {
    label: strings.app.nav.conversations,
    icon: <IconMessages size={iconSize} />,
    route: { page: 'conversations', view: 'active' },
  },
  {
    label: strings.app.nav.archive,
    icon: <IconArchive size={iconSize} />,
    route: { page: 'conversations', view: 'archived' },
  },
  { label: strings.app.nav.imports, icon: <IconFileImport size={iconSize} />, route: { page: 'imports' } },
  { label: strings.app.nav.memory, icon: <IconBulb size={iconSize} />, route: { page: 'memory', view: 'list' } },
  { label: strings.app.nav.doctor, icon: <IconStethoscope size={iconSize} />, route: { page: 'doctor' } },
  { label: strings.app.nav.sync, icon: <IconRefresh size={iconSize} />, route: { page: 'sync' } },
  { label: strings.app.nav.settings, icon: <IconSettings size={iconSize} />, route: { page: 'settings' } },
];

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
      {entries.map((entry) => (
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
