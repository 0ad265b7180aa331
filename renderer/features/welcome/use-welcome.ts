import { useEffect, useEffectEvent } from 'react';
import { useMethod } from '../../lib/use-method.ts';
import { useSettingsChange } from '../../lib/use-settings-change.ts';

export interface Welcome {
  readonly isShown: boolean;
  readonly vault: string;
  readonly dismiss: () => void;
}

/** The welcome is shown until something is in the vault or the person waves it away, and then never again. */
export function useWelcome(): Welcome {
  const { data: settings } = useMethod('settings.get', {});
  const { data: status } = useMethod('vault.status', {});
  const change = useSettingsChange();
  const isNew = settings?.welcome_done === false;
  const hasConversations = (status?.collections['conversations']?.count ?? 0) > 0;
  const remember = useEffectEvent(() => void change({ welcome_done: true }));
  useEffect(() => {
    if (isNew && hasConversations) remember();
  }, [isNew, hasConversations]);
  return {
    isShown: isNew && status !== undefined && !hasConversations,
    vault: status?.vault ?? '',
    dismiss: remember,
  };
}
