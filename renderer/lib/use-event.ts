import { useEffect, useEffectEvent } from 'react';
import type { EventName, Payload } from '../../shared/ipc/contract.ts';
import { useClient } from './client-context.ts';

/** Calls the listener for each event of this name while the component is shown. */
export function useEvent<E extends EventName>(event: E, listener: (payload: Payload<E>) => void): void {
  const client = useClient();
  const onEvent = useEffectEvent(listener);
  useEffect(() => client.on(event, (payload) => onEvent(payload)), [client, event]);
}
