import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import type { Settings } from '../../shared/ipc/models.ts';

/**
 * The theme lives in the vault's settings, never in the browser's storage: nothing is stored here. Until the settings
 * arrive the page shows what the host wrote into the document, so that no other theme flashes up.
 */
export const colorSchemeManager: MantineColorSchemeManager = {
  get: (fallback) => {
    const given = document.documentElement.dataset['mantineColorScheme'];
    return given === 'light' || given === 'dark' || given === 'auto' ? given : fallback;
  },
  set: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => undefined,
};

export function colorSchemeOf(theme: Settings['theme']): MantineColorScheme {
  return theme === 'system' ? 'auto' : theme;
}
