import { useSyncExternalStore } from 'react';

/**
 * A heavy module that is loaded when the first component needs it.
 *
 * @returns a hook: undefined until the module is there; from then on the module at once, so that what a virtual list
 * mounts later has its final height from the start. A failed load leaves undefined and is tried again by the next
 * component that mounts.
 */
export function lazyModule<Module>(load: () => Promise<Module>): () => Module | undefined {
  let loaded: Module | undefined;
  let loading = false;
  const listeners = new Set<() => void>();

  async function start(): Promise<void> {
    loading = true;
    try {
      loaded = await load();
    } catch {
      loading = false;
    }
    for (const listener of listeners) listener();
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    if (!loading) void start();
    return () => listeners.delete(listener);
  }

  return () => useSyncExternalStore(subscribe, () => loaded);
}
