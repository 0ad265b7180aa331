import { Button, Group, Modal } from '@mantine/core';
import type { Output } from '../../../shared/ipc/contract.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { showError } from '../../components/notify.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethodMutation } from '../../lib/use-method.ts';
import classes from './memory.module.css';
import type { MemoryView } from './shown-memories.ts';

interface ForgetConfirmProps {
  readonly memory: MemoryView;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onForgotten: (result: Output<'memory.forget'>) => void;
}

const words = strings.memory.forget;

/** The question before a memory is forgotten, with what that means. */
export function ForgetConfirm({ memory, opened, onClose, onForgotten }: ForgetConfirmProps) {
  const forget = useMethodMutation('memory.forget');
  const start = (): void => forget.mutate({ id: memory.id }, { onSuccess: onForgotten, onError: showError });
  return (
    <Modal opened={opened} onClose={onClose} title={words.title}>
      <blockquote className={classes.quote}>{withVisibleControls(memory.text)}</blockquote>
      <p className={classes.paragraph}>{words.meaning}</p>
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" data-autofocus onClick={onClose}>
          {words.keep}
        </Button>
        <Button variant="default" className={classes.danger} loading={forget.isPending} onClick={start}>
          {words.forget}
        </Button>
      </Group>
    </Modal>
  );
}
