import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { Input, Output } from '../../../../shared/ipc/contract.ts';
import { offerUndo } from '../../../components/undo-notice.tsx';
import { useClient } from '../../../lib/client-context.ts';
import { strings } from '../../../lib/strings.ts';
import { invalidateMethods } from '../../../lib/use-method.ts';
import { useMemoryChange } from '../use-memory-change.ts';

const words = strings.hygiene;
export type BulkAction = Input<'memory.bulk'>['action'];
/** The contract's limit. */
const atOnce = 1000;

/** Does one thing to many memories, says what came of it, and offers to undo it. `then` runs when it is done. */
export function useBulk(): (action: BulkAction, groups: readonly (readonly string[])[], then?: () => void) => void {
  const client = useClient();
  const queries = useQueryClient();
  const change = useMemoryChange();
  const again = (): void => invalidateMethods(queries, ['memory.hygiene']);

  const undo = async (events: readonly string[]): Promise<void> => {
    await client.call('memory.undo', { events: [...events] });
    again();
    notifications.show({ message: words.undone });
  };

  return (action, groups, then) =>
    change(async () => {
      const results: Output<'memory.bulk'>[] = [];
      for (const ids of groups.flatMap((group) => slices(group, action === 'merge' ? Infinity : atOnce)))
        results.push(await client.call('memory.bulk', { action, ids: [...ids] }));
      tell(action, results, undo);
      again();
      then?.();
    });
}

function slices(ids: readonly string[], size: number): readonly (readonly string[])[] {
  if (ids.length <= size) return [ids];
  return [ids.slice(0, size), ...slices(ids.slice(size), size)];
}

function tell(
  action: BulkAction,
  results: readonly Output<'memory.bulk'>[],
  undo: (events: string[]) => Promise<void>,
): void {
  const done = results.flatMap((each) => each.done);
  const refused = results.flatMap((each) => each.refused);
  const events = results.flatMap((each) => each.undo);
  const said = [
    done.length > 0 ? words.done[action](done.length) : '',
    refused.length > 0 ? `${words.refused(refused.length)} ${refused[0]?.message ?? ''}` : '',
  ];
  const message = said.filter(Boolean).join(' ');
  if (events.length === 0) notifications.show({ message });
  else offerUndo(message, () => undo(events));
}
