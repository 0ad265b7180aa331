import { Button, Modal, NativeSelect } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { navigate } from '../../../lib/route.ts';
import { strings } from '../../../lib/strings.ts';
import { AddForm } from '../add-form.tsx';
import classes from '../memory.module.css';
import { sentencesOf } from './sentences-of.ts';
import type { Remembered } from './thread-memories.tsx';

const words = strings.memory.inThread;

interface RememberDialogProps {
  /** undefined: closed. */
  readonly what: Remembered | undefined;
  readonly onClose: () => void;
}

/** What is to be remembered of a message: its words, type and confidence; the sentence stays as evidence. */
export function RememberDialog({ what, onClose }: RememberDialogProps) {
  // Its content stays while it fades away.
  const [last, setLast] = useState(what);
  if (what !== undefined && what !== last) setLast(what);
  return (
    <Modal opened={what !== undefined} onClose={onClose} title={words.title}>
      {last && <RememberForm key={`${last.messageId}/${last.quote ?? ''}`} what={last} onClose={onClose} />}
    </Modal>
  );
}

function RememberForm({ what, onClose }: { readonly what: Remembered; readonly onClose: () => void }) {
  const sentences = what.message ? sentencesOf(what.message) : [];
  const [chosen, setChosen] = useState(what.quote ?? sentences[0] ?? '');
  const onDone = (memoryId: string, said: string): void => {
    const id = notifications.show({
      message: (
        <>
          {said}{' '}
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => {
              notifications.hide(id);
              navigate({ page: 'memory', view: 'list', memoryId });
            }}
          >
            {words.show}
          </Button>
        </>
      ),
    });
    onClose();
  };
  return (
    <>
      {what.quote === undefined ? (
        <NativeSelect
          label={words.sentence}
          data={sentences.map((sentence) => ({ value: sentence, label: withVisibleControls(sentence) }))}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          mb="sm"
        />
      ) : (
        <blockquote className={classes.quote}>{withVisibleControls(what.quote)}</blockquote>
      )}
      <AddForm
        // Another sentence is another beginning.
        key={chosen}
        text={chosen}
        evidence={[{ message_id: what.messageId, quote: chosen }]}
        onDone={onDone}
        onClose={onClose}
      />
    </>
  );
}
