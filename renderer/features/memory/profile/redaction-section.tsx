import { ActionIcon, MultiSelect } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { Input, Output } from '../../../../shared/ipc/contract.ts';
import { ErrorState } from '../../../components/error-state.tsx';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { showError } from '../../../components/notify.tsx';
import { strings } from '../../../lib/strings.ts';
import { methodKey, useMethod, useMethodMutation } from '../../../lib/use-method.ts';
import { Row } from '../../settings/row.tsx';
import { Section } from '../../settings/section.tsx';
import classes from '../memory.module.css';
import { PairForm } from './pair-form.tsx';

const words = strings.redaction;
const places = ['exports', 'sync', 'logs'] as const;

type Choice = Output<'memory.redaction'>;

/** Which personal data is taken out of what leaves the vault, by place, and the person's own rules for it. */
export function RedactionSection() {
  const choice = useMethod('memory.redaction', {});
  const queries = useQueryClient();
  const changing = useMethodMutation('memory.redaction');
  const change = (next: Input<'memory.redaction'>, onKept?: () => void): void =>
    changing.mutate(next, {
      onError: showError,
      onSuccess(kept) {
        queries.setQueryData(methodKey('memory.redaction', {}), kept);
        onKept?.();
      },
    });
  if (choice.error && !choice.data) {
    return <ErrorState title={words.failed} error={choice.error} onRetry={() => void choice.refetch()} />;
  }
  if (!choice.data) return null;
  const { own } = choice.data;
  const rules = [...words.rules, ...own.map(({ name }) => ({ value: name, label: name }))];
  return (
    <Section heading={words.heading}>
      <p className={classes.hint}>{words.hint}</p>
      {places.map((place) => (
        <Row key={place} label={words[place]} hint={words[`${place}Hint`]}>
          <MultiSelect
            size="xs"
            aria-label={words[place]}
            placeholder={choice.data[place].length === 0 ? words.none : ''}
            data={rules}
            value={(changing.isPending ? changing.variables[place] : undefined) ?? choice.data[place]}
            onChange={(names) => change({ [place]: names })}
          />
        </Row>
      ))}
      {own.map(({ name, pattern }) => (
        <Row key={name} label={withVisibleControls(name)}>
          <span className={classes.field}>
            <code>{withVisibleControls(pattern)}</code>
            <ActionIcon
              aria-label={words.remove(name)}
              title={words.remove(name)}
              onClick={() => change(without(choice.data, name))}
            >
              <IconX size={16} />
            </ActionIcon>
          </span>
        </Row>
      ))}
      <PairForm
        name={{ label: words.newName, placeholder: words.newNameHint, maxLength: 32 }}
        value={{ label: words.newPattern, placeholder: words.newPatternHint, maxLength: 200 }}
        add={words.add}
        onAdd={(name, pattern, onKept) => change({ own: [...own, { name, pattern }] }, onKept)}
      />
    </Section>
  );
}

/** The rule goes, and no place names it any more. */
function without(choice: Choice, gone: string): Choice {
  const others = (names: readonly string[]): string[] => names.filter((name) => name !== gone);
  return {
    logs: others(choice.logs),
    sync: others(choice.sync),
    exports: others(choice.exports),
    own: choice.own.filter(({ name }) => name !== gone),
  };
}
