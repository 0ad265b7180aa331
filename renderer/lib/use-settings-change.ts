import { useQueryClient } from '@tanstack/react-query';
import type { Settings } from '../../shared/ipc/models.ts';
import { showError } from '../components/notify.tsx';
import { useClient } from './client-context.ts';
import { methodKey } from './use-method.ts';

/** Changes settings: on the page at once, in the vault right after; taken back on the page where the vault refuses. */
export function useSettingsChange(): (change: Partial<Settings>) => Promise<void> {
  const client = useClient();
  const queries = useQueryClient();
  const key = methodKey('settings.get', {});
  return async (change) => {
    const before = queries.getQueryData<Settings>(key);
    if (before) queries.setQueryData(key, { ...before, ...change });
    try {
      queries.setQueryData(key, await client.call('settings.set', change));
    } catch (error) {
      if (before) queries.setQueryData(key, before);
      showError(error);
    }
  };
}
