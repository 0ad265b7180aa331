import { Button, Group, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { strings } from '../../../lib/strings.ts';
import { ConfidenceBar } from '../confidence-bar.tsx';
import classes from '../memory.module.css';
import type { MemoryView } from '../shown-memories.ts';

const words = strings.hygiene.merge;

interface MergeDialogProps {
  /** undefined: closed. */
  readonly memories: readonly MemoryView[] | undefined;
  readonly isContradiction?: boolean;
  /** With the one to keep first. */
  readonly onMerge: (ids: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Which words stay when several memories become one, and what comes of it. */
export function MergeDialog({ memories, onClose, ...rest }: MergeDialogProps) {
  const [last, setLast] = useState(memories);
  if (memories !== undefined && memories !== last) setLast(memories);
  return (
    <Modal opened={memories !== undefined} onClose={onClose} title={words.title}>
      {last && <MergeForm key={last.map(({ id }) => id).join(' ')} memories={last} onClose={onClose} {...rest} />}
    </Modal>
  );
}

type MergeFormProps = Omit<MergeDialogProps, 'memories'> & { readonly memories: readonly MemoryView[] };

function MergeForm({ memories, isContradiction = false, onMerge, onClose }: MergeFormProps) {
  const [kept, setKept] = useState(memories[0]?.id ?? '');
  const merge = (): void => onMerge([kept, ...memories.map(({ id }) => id).filter((id) => id !== kept)]);
  const confirmations = memories.reduce((sum, each) => sum + each.confirmation_count, 0);
  const evidence = new Set(memories.flatMap((each) => each.evidence.map((one) => JSON.stringify(one)))).size;
  return (
    <>
      {isContradiction && <p className={classes.trouble}>{words.contradicts}</p>}
      <Radio.Group label={words.keep} value={kept} onChange={setKept}>
        <Stack gap="sm" mt="xs">
          {memories.map(({ id, text, current_confidence: confidence, state }) => (
            <Radio
              key={id}
              value={id}
              label={withVisibleControls(text)}
              description={<ConfidenceBar value={confidence} isDormant={state !== 'active'} />}
            />
          ))}
        </Stack>
      </Radio.Group>
      <p className={classes.paragraph}>
        {words.result(confirmations, evidence, Math.max(...memories.map(({ confidence }) => confidence)))}
      </p>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {strings.app.cancel}
        </Button>
        <Button onClick={merge}>{words.merge}</Button>
      </Group>
    </>
  );
}
