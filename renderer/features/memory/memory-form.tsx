import { Button, Group, NativeSelect, NumberInput, SegmentedControl, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { MemoryType } from '../../../shared/collections/memories.ts';
import type { RecordScope } from '../../../shared/collections/scope.ts';
import type { AppError } from '../../../shared/errors.ts';
import { strings } from '../../lib/strings.ts';
import classes from './memory.module.css';

export interface MemoryDraft {
  readonly text: string;
  readonly type: MemoryType;
  readonly confidence: number;
  /** What it is about; empty: nothing in particular. */
  readonly domain: string;
  readonly scope: RecordScope;
  /** For the log. */
  readonly why: string;
}

interface MemoryFormProps {
  readonly initial: MemoryDraft;
  readonly submitLabel: string;
  readonly leastOf: (type: MemoryType) => number;
  readonly isBusy: boolean;
  readonly error: AppError | null;
  /** Stands below the error: another way out. */
  readonly offer?: ReactNode;
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
const scopes = (['private', 'device', 'team'] as const).map((value) => ({ value, label: words.scopes[value] }));
const longestDomain = 200;

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
      <div className={classes.formRow}>
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
          label={words.domain}
          description={words.domainHint}
          maxLength={longestDomain}
          value={draft.domain}
          onChange={(event) => setDraft({ ...draft, domain: event.currentTarget.value })}
        />
        <NativeSelect
          label={words.scope}
          description={words.scopeHint}
          data={scopes}
          value={draft.scope}
          // The options are scopes.
          onChange={(event) => setDraft({ ...draft, scope: event.currentTarget.value as RecordScope })}
        />
      </div>
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
      {props.offer}
      <Group justify="flex-end" gap="xs" className={classes.formFoot}>
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
