import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconFileUnknown } from '@tabler/icons-react';
import { Banner } from '../../components/banner.tsx';
import { showError } from '../../components/notify.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethod, useMethodMutation } from '../../lib/use-method.ts';
import { useOutsideFollowed } from './use-outside.ts';

const words = strings.outside.missing;

/** Asks what is to become of files that vanished together; goes by itself when they come back. */
export function MissingBanner() {
  useOutsideFollowed();
  const { data: status } = useMethod('outside.status', {});
  const { restore, remove, isBusy } = useDecision();
  if (!status || status.missing === 0) return null;
  return (
    <Banner
      label={words.label}
      icon={IconFileUnknown}
      tone="calm"
      title={words.title(status.missing)}
      detail={words.examples(status.examples, status.missing - status.examples.length)}
      buttons={
        <>
          <Button variant="default" size="compact-sm" disabled={isBusy} onClick={remove}>
            {words.remove}
          </Button>
          <Button size="compact-sm" disabled={isBusy} onClick={restore}>
            {words.restore}
          </Button>
        </>
      }
    >
      {words.hint}
    </Banner>
  );
}

function useDecision() {
  const restoring = useMethodMutation('outside.restore_missing');
  const removing = useMethodMutation('outside.delete_missing');
  return {
    isBusy: restoring.isPending || removing.isPending,
    restore: () =>
      restoring.mutate(
        {},
        {
          onSuccess: ({ restored, lost }) => {
            if (restored > 0) notifications.show({ message: words.restored(restored) });
            if (lost > 0) notifications.show({ message: words.lost(lost) });
          },
          onError: showError,
        },
      ),
    remove: () =>
      removing.mutate(
        {},
        {
          onSuccess: ({ deleted }) => notifications.show({ message: words.removed(deleted) }),
          onError: showError,
        },
      ),
  };
}
