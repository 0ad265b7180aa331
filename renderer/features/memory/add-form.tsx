import { Button } from '@mantine/core';
import type { Input } from '../../../shared/ipc/contract.ts';
import { strings } from '../../lib/strings.ts';
import { useMethodMutation } from '../../lib/use-method.ts';
import { DuplicateOffer, duplicatesIn } from './duplicate-offer.tsx';
import { leastConfidence } from './least-confidence.ts';
import { MemoryForm, whyOf, type MemoryDraft } from './memory-form.tsx';

const words = strings.memory.form;
const blank: MemoryDraft = { text: '', type: 'USER_FACT', confidence: 0.9, domain: '', scope: 'team', why: '' };

export type CitedEvidence = NonNullable<Input<'memory.add'>['evidence']>;

interface AddFormProps {
  /** What the form begins with. */
  readonly text?: string;
  readonly evidence?: CitedEvidence;
  /** It is remembered: as which memory, and what to say. */
  readonly onDone: (memoryId: string, said: string) => void;
  readonly onClose: () => void;
}

/** Adds a memory; what is known already is offered for merging. */
export function AddForm({ text: initial = '', evidence, onDone, onClose }: AddFormProps) {
  const add = useMethodMutation('memory.add');
  const cited = evidence === undefined ? {} : { evidence };
  const submit = (draft: MemoryDraft, anyway: boolean): void => {
    const { text, type, confidence, domain, scope } = draft;
    const further = {
      ...(domain.trim() !== '' && { domain: domain.trim() }),
      ...(scope !== blank.scope && { scope }),
      ...whyOf(draft),
      ...(anyway && { anyway }),
    };
    add.mutate(
      { text: text.trim(), type, confidence, ...cited, ...further },
      {
        onSuccess: ({ memory, contradicts }) =>
          onDone(memory.id, contradicts.length === 0 ? words.added : words.contradicts(contradicts.length)),
      },
    );
  };
  // What is known or was forgotten may be meant all the same.
  const isRefused = add.error?.code === 'MEMORY_KNOWN' || add.error?.code === 'MEMORY_FORGOTTEN';
  const duplicates = duplicatesIn(add.error);
  return (
    <MemoryForm
      initial={{ ...blank, text: initial }}
      submitLabel={words.add}
      leastOf={(type) => leastConfidence[type]}
      isBusy={add.isPending}
      error={add.error}
      offer={
        duplicates.length > 0 && (
          <DuplicateOffer ids={duplicates} {...cited} onMerged={(id) => onDone(id, words.merged)} />
        )
      }
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
