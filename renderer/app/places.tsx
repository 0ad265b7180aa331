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
import type { Route } from '../lib/route.ts';
import { strings } from '../lib/strings.ts';

export interface Place {
  readonly label: string;
  readonly icon: ReactNode;
  readonly route: Route;
}

const size = 18;
const { nav } = strings.app;

/** The sections of the window, in their order. */
export const sections: readonly Place[] = [
  { label: nav.conversations, icon: <IconMessages size={size} />, route: { page: 'conversations', view: 'active' } },
  { label: nav.archive, icon: <IconArchive size={size} />, route: { page: 'conversations', view: 'archived' } },
  { label: nav.imports, icon: <IconFileImport size={size} />, route: { page: 'imports' } },
  { label: nav.memory, icon: <IconBulb size={size} />, route: { page: 'memory', view: 'list' } },
  { label: nav.doctor, icon: <IconStethoscope size={size} />, route: { page: 'doctor' } },
  { label: nav.sync, icon: <IconRefresh size={size} />, route: { page: 'sync' } },
  { label: nav.settings, icon: <IconSettings size={size} />, route: { page: 'settings' } },
];

const memoryViews = ['recall', 'overview', 'inbox', 'hygiene', 'log', 'profile', 'runs'] as const;

/** Parts of the memory that have a name of their own. */
export const memoryParts: readonly Place[] = memoryViews.map((view) => ({
  label: `${nav.memory}: ${strings.memory.views[view]}`,
  icon: <IconBulb size={size} />,
  route: { page: 'memory', view },
}));
