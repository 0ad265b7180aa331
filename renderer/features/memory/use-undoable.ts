import { notifications } from '@mantine/notifications';
import { offerUndo } from '../../components/undo-notice.tsx';
import { useClient } from '../../lib/client-context.ts';
import { strings } from '../../lib/strings.ts';
import { useMemoryChange } from './use-memory-change.ts';

/** Changes one memory, says so, and offers to take it back: by its entry in the log, so only while nothing came after it. */
export function useUndoable(id: string): (work: () => Promise<unknown>, said: string) => void {
  const client = useClient();
  const change = useMemoryChange();
  const undo = async (event: string): Promise<void> => {
    await client.call('memory.undo', { events: [event] });
    notifications.show({ message: strings.hygiene.undone });
  };
  return (work, said) =>
    change(async () => {
      await work();
      const [newest] = await client.call('memory.log', { id, limit: 1 });
      if (newest) offerUndo(said, () => undo(newest.id));
      else notifications.show({ message: said });
    });
}
