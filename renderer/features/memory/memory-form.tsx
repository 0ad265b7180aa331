import { Button, Group, NumberInput, SegmentedControl, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { MemoryType } from '../../../shared/collections/memories.ts';
import type { AppError } from '../../../shared/errors.ts';
import { strings } from '../../lib/strings.ts';
import classes from './memory.module.css';

export interface MemoryDraft {
  readonly text: string;
  readonly type: MemoryType;
  readonly confidence: number;
  /** For the log. */
  readonly why: string;
}

interface MemoryFormProps {
  readonly initial: MemoryDraft;
  readonly submitLabel: string;
  readonly leastOf: (type: MemoryType) => number;
  readonly isBusy: boolean;
  readonly error: AppError | null;
  /** A second way to submit, where there is one. */
  readonly otherwise?: (draft: MemoryDraft) => ReactNode;
  readonly onSubmit: (draft: MemoryDraft) => void;
  readonly onCancel: () => void;
}

const words = strings.memory.form;
/** The contract's limits. */
const longestText = 10_000;
const longestWhy = 1000;
const types = (['USER_FACT', 'USER_PATTERN', 'SHARED_NARRATIVE'] as const).map((value) => ({
  value,
  label: strings.memory.types[value],
}));

/** Text, type and confidence of a memory. */
export function MemoryForm(props: MemoryFormProps) {
  const [draft, setDraft] = useState(props.initial);
  const least = props.leastOf(draft.type);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    props.onSubmit(draft);
  };
  // A confidence that the new type does not allow is lifted to the least that it does.
  const setType = (type: MemoryType): void =>
    setDraft({ ...draft, type, confidence: Math.max(draft.confidence, props.leastOf(type)) });
  return (
    <form className={classes.form} onSubmit={submit}>
      <Textarea
        label={words.text}
        description={words.textHint}
        data-autofocus
        rows={3}
        resize="vertical"
        maxLength={longestText}
        value={draft.text}
        onChange={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
      />
      <div>
        <SegmentedControl fullWidth aria-label={words.type} data={types} value={draft.type} onChange={setType} />
        <Text className={classes.hint} mt={4}>
          {strings.memory.typeMeanings[draft.type]}
        </Text>
      </div>
      <NumberInput
        label={words.confidence}
        description={words.confidenceHint(least)}
        min={least}
        max={1}
        step={0.05}
        decimalScale={2}
        value={draft.confidence}
        onChange={(value) => setDraft({ ...draft, confidence: Number(value) })}
      />
      <TextInput
        label={words.why}
        description={words.whyHint}
        maxLength={longestWhy}
        value={draft.why}
        onChange={(event) => setDraft({ ...draft, why: event.currentTarget.value })}
      />
      {props.error && (
        <p className={classes.trouble} role="alert">
          {props.error.message} {props.error.remedy}
        </p>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={props.onCancel}>
          {strings.app.cancel}
        </Button>
        {props.otherwise?.(draft)}
        <Button type="submit" loading={props.isBusy} disabled={draft.text.trim() === ''}>
          {props.submitLabel}
        </Button>
      </Group>
    </form>
  );
}

/** Absent rather than empty, as the log has it. */
export function whyOf({ why }: MemoryDraft): { why?: string } {
  return why.trim() === '' ? {} : { why: why.trim() };
}
