import { notifications } from '@mantine/notifications';
import { useRef } from 'react';
import { showError } from '../../components/notify.tsx';

/**
 * Runs a change and says what came of it, where there is something to say. A second one while the first is under way is
 * dropped: confirming twice by a double click would count twice. The lists follow by `records.changed`.
 */
export function useMemoryChange(): <T>(work: () => Promise<T>, said?: string | ((result: T) => string)) => void {
  const isBusy = useRef(false);
  return (work, said) => {
    if (isBusy.current) return;
    isBusy.current = true;
    work()
      .then((result) => {
        const message = typeof said === 'function' ? said(result) : said;
        if (message !== undefined) notifications.show({ message });
      })
      .catch(showError)
      .finally(() => {
        isBusy.current = false;
      });
  };
}
