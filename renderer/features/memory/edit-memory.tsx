import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { strings } from '../../lib/strings.ts';
import { useMethodMutation } from '../../lib/use-method.ts';
import { leastKept } from './least-confidence.ts';
import { MemoryForm, whyOf, type MemoryDraft } from './memory-form.tsx';
import type { MemoryView } from './shown-memories.ts';

interface EditMemoryProps {
  readonly memory: MemoryView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** The dialog in which a memory is put right. */
export function EditMemory({ memory, opened, onClose }: EditMemoryProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={strings.memory.form.editTitle}>
      <EditForm memory={memory} onClose={onClose} />
    </Modal>
  );
}

function EditForm({ memory, onClose }: Omit<EditMemoryProps, 'opened'>) {
  const edit = useMethodMutation('memory.edit');
  const { id, text, type, confidence, scope } = memory;
  const domain = memory.domain ?? '';
  const submit = (draft: MemoryDraft): void => {
    const changes = {
      ...(draft.text.trim() !== text && { text: draft.text.trim() }),
      ...(draft.type !== type && { type: draft.type }),
      ...(draft.confidence !== confidence && { confidence: draft.confidence }),
      ...(draft.domain.trim() !== domain && { domain: draft.domain.trim() === '' ? null : draft.domain.trim() }),
      ...(draft.scope !== scope && { scope: draft.scope }),
    };
    if (Object.keys(changes).length === 0) return onClose();
    edit.mutate(
      { id, ...changes, ...whyOf(draft) },
      {
        onSuccess: () => {
          notifications.show({ message: strings.memory.actions.edited });
          onClose();
        },
      },
    );
  };
  return (
    <MemoryForm
      initial={{ text, type, confidence, domain, scope, why: '' }}
      submitLabel={strings.app.save}
      leastOf={() => leastKept}
      isBusy={edit.isPending}
      error={edit.error}
      onSubmit={submit}
      onCancel={onClose}
    />
  );
}
