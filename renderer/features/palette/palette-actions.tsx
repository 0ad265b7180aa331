import {
  IconDeviceDesktop,
  IconFileImport,
  IconFolderOpen,
  IconKeyboard,
  IconMoon,
  IconPlus,
  IconRefresh,
  IconSun,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Client } from '../../lib/client.ts';
import type { Settings } from '../../../shared/ipc/models.ts';
import { memoryParts, sections } from '../../app/places.tsx';
import type { WindowActions } from '../../app/window-actions.ts';
import { navigate } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';

export interface PaletteAction {
  readonly label: string;
  readonly icon: ReactNode;
  /** The key that does the same without the palette. */
  readonly key?: string;
  readonly run: () => void;
}

export interface PaletteGroup {
  readonly heading: string;
  readonly actions: readonly PaletteAction[];
}

interface PaletteWays {
  readonly host: Client['host'];
  readonly window: WindowActions;
  readonly setTheme: (theme: Settings['theme']) => void;
  readonly rebuildSearch: () => void;
  readonly revealVault: () => void;
}

const iconSize = 18;
const texts = strings.palette;

/** Every command there is. What this host cannot do is left out. */
export function paletteGroups(ways: PaletteWays): readonly PaletteGroup[] {
  const { window } = ways;
  const reveal = { label: texts.actions.reveal, icon: <IconFolderOpen size={iconSize} />, run: ways.revealVault };
  return [
    {
      heading: texts.groups.actions,
      actions: [
        { label: texts.actions.create, icon: <IconPlus size={iconSize} />, key: 'N', run: window.createConversation },
        { label: texts.actions.import, icon: <IconFileImport size={iconSize} />, run: () => window.openImport() },
        { label: texts.actions.rebuild, icon: <IconRefresh size={iconSize} />, run: ways.rebuildSearch },
        ...(ways.host === 'desktop' ? [reveal] : []),
        { label: texts.actions.shortcuts, icon: <IconKeyboard size={iconSize} />, key: '?', run: window.openShortcuts },
      ],
    },
    { heading: texts.groups.go, actions: goActions() },
    {
      heading: texts.groups.theme,
      actions: [
        {
          label: texts.theme.system,
          icon: <IconDeviceDesktop size={iconSize} />,
          run: () => ways.setTheme('system'),
        },
        { label: texts.theme.light, icon: <IconSun size={iconSize} />, run: () => ways.setTheme('light') },
        { label: texts.theme.dark, icon: <IconMoon size={iconSize} />, run: () => ways.setTheme('dark') },
      ],
    },
  ];
}

function goActions(): readonly PaletteAction[] {
  return [...sections, ...memoryParts].map(({ label, icon, route }) => ({ label, icon, run: () => navigate(route) }));
}

/** The actions whose label or heading holds every word typed. */
export function matchingGroups(groups: readonly PaletteGroup[], typed: string): readonly PaletteGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map(({ heading, actions }) => ({
      heading,
      actions: actions.filter(({ label }) => {
        const text = `${heading} ${label}`.toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ actions }) => actions.length > 0);
}
