import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Output } from '../../../shared/ipc/contract.ts';
import { useClient } from '../../lib/client-context.ts';
import { strings } from '../../lib/strings.ts';
import { EditMemory } from './edit-memory.tsx';
import { ForgetConfirm } from './forget-confirm.tsx';
import classes from './memory.module.css';
import type { MemoryView } from './shown-memories.ts';
import { useUndoable } from './use-undoable.ts';

const words = strings.memory.actions;

interface MemoryActionsProps {
  readonly memory: MemoryView;
  readonly onForgotten: (result: Output<'memory.forget'>) => void;
}

/** What can be done with a memory, by its state. */
export function MemoryActions({ memory, onForgotten }: MemoryActionsProps) {
  const [dialog, setDialog] = useState<'edit' | 'forget'>();
  const close = (): void => setDialog(undefined);
  return (
    <div className={classes.buttons} role="group" aria-label={words.label}>
      <StateButtons memory={memory} />
      <Button size="compact-sm" variant="default" onClick={() => setDialog('edit')}>
        {words.edit}
      </Button>
      <Button size="compact-sm" variant="default" className={classes.danger} onClick={() => setDialog('forget')}>
        {words.forget}
      </Button>
      <EditMemory memory={memory} opened={dialog === 'edit'} onClose={close} />
      <ForgetConfirm memory={memory} opened={dialog === 'forget'} onClose={close} onForgotten={onForgotten} />
    </div>
  );
}

function StateButtons({ memory: { id, state, pinned } }: { readonly memory: MemoryView }) {
  const client = useClient();
  const change = useUndoable(id);
  if (state === 'dormant' || state === 'rejected') {
    const [label, said] = state === 'dormant' ? [words.wake, words.woken] : [words.reconsider, words.reconsidered];
    return (
      <Button size="compact-sm" onClick={() => change(() => client.call('memory.restore', { id }), said)}>
        {label}
      </Button>
    );
  }
  return (
    <>
      <Button size="compact-sm" onClick={() => change(() => client.call('memory.confirm', { id }), words.confirmed)}>
        {words.confirm}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => change(() => client.call('memory.contradict', { id }), words.contradicted)}
      >
        {words.contradict}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() =>
          change(
            () => client.call('memory.edit', { id, pinned: !pinned }),
            pinned ? words.unpinnedDone : words.pinnedDone,
          )
        }
      >
        {pinned ? words.unpin : words.pin}
      </Button>
    </>
  );
}
