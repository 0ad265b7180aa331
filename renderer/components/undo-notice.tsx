import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { strings } from '../lib/strings.ts';
import { showError } from './notify.tsx';

/** Long enough to look at what was done, and take it back. */
const undoMs = 12_000;

/** Says what was done, with a button that takes it back; what goes wrong then is shown too. */
export function offerUndo(message: ReactNode, undo: () => Promise<unknown>): void {
  const id = notifications.show({
    autoClose: undoMs,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span>{message}</span>
        <Button
          size="compact-sm"
          variant="light"
          flex="none"
          onClick={() => {
            notifications.hide(id);
            undo().catch(showError);
          }}
        >
          {strings.app.undo}
        </Button>
      </Group>
    ),
  });
}
