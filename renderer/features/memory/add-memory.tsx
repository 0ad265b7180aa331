import { Button, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { navigate } from '../../lib/route.ts';
import { strings } from '../../lib/strings.ts';
import { AddForm } from './add-form.tsx';

const words = strings.memory.form;

/** The button and the dialog by which a memory is typed in. */
export function AddMemory() {
  const [isOpen, setOpen] = useState(false);
  const onDone = (memoryId: string, said: string): void => {
    notifications.show({ message: said });
    setOpen(false);
    navigate({ page: 'memory', view: 'list', memoryId });
  };
  return (
    <>
      <Button size="compact-sm" leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>
        {words.addMemory}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={words.addTitle}>
        <AddForm onDone={onDone} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}
