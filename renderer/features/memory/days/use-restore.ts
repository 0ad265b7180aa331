import { useClient } from '../../../lib/client-context.ts';
import { strings } from '../../../lib/strings.ts';
import { useMemoryChange } from '../use-memory-change.ts';

/** Makes a memory again what it was at the end of a day. */
export function useRestore(): (id: string, day: string) => void {
  const client = useClient();
  const change = useMemoryChange();
  return (id, day) => change(() => client.call('memory.restore', { id, day }), strings.memoryDays.asOf.restored);
}
