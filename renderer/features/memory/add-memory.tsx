import { Button, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { navigate } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { useMethodMutation } from '../../lib/use-method.ts';
import { leastConfidence } from './least-confidence.ts';
import { MemoryForm, whyOf, type MemoryDraft } from './memory-form.tsx';

const words = strings.memory.form;
const blank: MemoryDraft = { text: '', type: 'USER_FACT', confidence: 0.9, why: '' };

/** The button and the dialog by which a memory is typed in. */
export function AddMemory() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>
        {words.addMemory}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={words.addTitle}>
        <AddForm onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function AddForm({ onClose }: { readonly onClose: () => void }) {
  const add = useMethodMutation('memory.add');
  const submit = (draft: MemoryDraft, anyway: boolean): void => {
    const { text, type, confidence } = draft;
    add.mutate(
      { text: text.trim(), type, confidence, ...whyOf(draft), ...(anyway && { anyway }) },
      {
        onSuccess: ({ memory, contradicts }) => {
          const count = contradicts.length;
          notifications.show({ message: count === 0 ? words.added : words.contradicts(count) });
          onClose();
          navigate({ page: 'memory', view: 'list', memoryId: memory.id });
        },
      },
    );
  };
  // What is known or was forgotten may be meant all the same.
  const isRefused = add.error?.code === 'MEMORY_KNOWN' || add.error?.code === 'MEMORY_FORGOTTEN';
  return (
    <MemoryForm
      initial={blank}
      submitLabel={words.add}
      leastOf={(type) => leastConfidence[type]}
      isBusy={add.isPending}
      error={add.error}
      otherwise={(draft) =>
        isRefused && (
          <Button variant="default" onClick={() => submit(draft, true)}>
            {words.anyway}
          </Button>
        )
      }
      onSubmit={(draft) => submit(draft, false)}
      onCancel={onClose}
    />
  );
}
