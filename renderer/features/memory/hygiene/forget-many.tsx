import { Button, Group, Modal } from '@mantine/core';
import { strings } from '../../../lib/strings.ts';
import classes from '../memory.module.css';

const words = strings.hygiene.forget;

interface ForgetManyProps {
  readonly count: number;
  readonly opened: boolean;
  readonly onForget: () => void;
  readonly onClose: () => void;
}

/** The question before many memories are forgotten. */
export function ForgetMany({ count, opened, onForget, onClose }: ForgetManyProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.title(count)}>
      <p className={classes.paragraph}>{words.meaning}</p>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" data-autofocus onClick={onClose}>
          {strings.memory.forget.keep}
        </Button>
        <Button variant="default" className={classes.danger} onClick={onForget}>
          {words.forget(count)}
        </Button>
      </Group>
    </Modal>
  );
}
