import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { useMethod } from '../lib/use-method.ts';
import { colorSchemeOf } from './color-scheme.ts';

/** Makes the page look as the settings say: theme and width of the reading column. */
export function useSettingsApplied(): void {
  const { data: settings } = useMethod('settings.get', {});
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    if (settings) setColorScheme(colorSchemeOf(settings.theme));
  }, [settings, setColorScheme]);
  useEffect(() => {
    if (settings) document.documentElement.style.setProperty('--reading-width', `${settings.reading_width}ch`);
  }, [settings]);
}
