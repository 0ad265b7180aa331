import { IconBulb } from '@tabler/icons-react';
import type { ThreadMessage } from '../../../../shared/ipc/models.ts';
import { strings } from '../../../lib/strings.ts';
import classes from './in-thread.module.css';
import { selectedSentence } from './selected-sentence.ts';
import { sentencesOf } from './sentences-of.ts';
import { useThreadMemories } from './thread-memories.tsx';

/** Among a message's own buttons: remembers what is selected in it, or a sentence that is chosen then. */
export function RememberButton({ message }: { readonly message: ThreadMessage }) {
  const { remember } = useThreadMemories();
  if (message.role === 'tool' || sentencesOf(message).length === 0) return null;
  const start = (): void => {
    const selected = selectedSentence();
    remember(
      selected?.messageId === message.id
        ? { messageId: message.id, quote: selected.quote }
        : { messageId: message.id, message },
    );
  };
  const label = strings.memory.inThread.rememberMessage;
  return (
    <button
      type="button"
      className={classes.remember}
      data-remember
      title={label}
      aria-label={label}
      // A press would end the selection that is meant.
      onMouseDown={(event) => event.preventDefault()}
      onClick={start}
    >
      <IconBulb size={14} stroke={1.75} aria-hidden />
    </button>
  );
}
