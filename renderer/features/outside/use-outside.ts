import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { Output } from '../../../shared/ipc/contract.ts';
import { strings } from '../../lib/strings.ts';
import { useEvent } from '../../lib/use-event.ts';
import { invalidateMethods, methodKey } from '../../lib/use-method.ts';

const key = methodKey('outside.status', {});
const words = strings.outside.notices;
/** One notification for all that comes together. */
const notificationId = 'set-aside';

/** Keeps what is known of other programs' doings true, and tells quietly of files that were set aside. Mounted once. */
export function useOutsideFollowed(): void {
  const queries = useQueryClient();
  useEvent('outside.changed', (status) => {
    const before = queries.getQueryData<Output<'outside.status'>>(key);
    const seen = before?.notices[0]?.id ?? 0;
    queries.setQueryData(key, status);
    const fresh = status.notices.filter(({ id }) => id > seen);
    if (fresh.length === 0) return;
    invalidateMethods(queries, ['quarantine.list', 'trash.list', 'vault.status']);
    const aside = fresh.filter(({ kind }) => kind === 'set-aside').length;
    if (aside === 0) return;
    notifications.hide(notificationId);
    notifications.show({ id: notificationId, title: words.aside(aside), message: words.see });
  });
}
