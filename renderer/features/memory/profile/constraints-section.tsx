import { NumberInput, Switch, TagsInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Constraints } from '../../../../shared/collections/profiles.ts';
import type { Input } from '../../../../shared/ipc/contract.ts';
import { showError } from '../../../components/notify.tsx';
import { strings } from '../../../lib/strings.ts';
import { useMethodMutation } from '../../../lib/use-method.ts';
import { Row } from '../../settings/row.tsx';
import { Section } from '../../settings/section.tsx';
import classes from '../memory.module.css';

const words = strings.profile.constraints;
const switches = ['memory_enabled', 'learn_patterns', 'anonymize_dates'] as const;

/** What the person allows, as switches; each takes effect at once. */
export function ConstraintsSection({ constraints }: { readonly constraints: Constraints }) {
  const constrain = useMethodMutation('memory.constrain');
  const change = (next: Input<'memory.constrain'>): void => constrain.mutate(next, { onError: showError });
  return (
    <Section heading={words.heading}>
      <p className={classes.hint}>{words.hint}</p>
      {switches.map((name) => (
        <Row key={name} label={words[name]} hint={words[`${name}Hint`]}>
          <Switch
            aria-label={words[name]}
            // While it is on its way it shows what was asked for.
            checked={(constrain.isPending ? constrain.variables[name] : undefined) ?? constraints[name]}
            onChange={(event) => change({ [name]: event.currentTarget.checked })}
          />
        </Row>
      ))}
      <Row label={words.share_with} hint={words.share_withHint}>
        <TagsInput
          size="xs"
          aria-label={words.share_with}
          placeholder={constraints.share_with.length === 0 ? words.share_withNone : ''}
          value={constraints.share_with}
          onChange={(names) => change({ share_with: names })}
        />
      </Row>
      <Row label={words.delete_after_days} hint={words.delete_after_daysHint}>
        <DaysField
          // What another window or program has set is shown here too.
          key={constraints.delete_after_days}
          days={constraints.delete_after_days}
          onChange={(days) => change({ delete_after_days: days })}
        />
      </Row>
    </Section>
  );
}

interface DaysFieldProps {
  readonly days: number | null;
  readonly onChange: (days: number | null) => void;
}

/** Takes effect when it is left or Enter is pressed: each digit on the way would forget other memories. */
function DaysField({ days, onChange }: DaysFieldProps) {
  const [value, setValue] = useState<number | string>(days ?? '');
  const asked = useRef(days);
  const keep = (): void => {
    const next = typeof value === 'number' && value > 0 ? Math.round(value) : null;
    // Enter, and then leaving it, is one wish.
    if (next !== asked.current) onChange(next);
    asked.current = next;
  };
  return (
    <NumberInput
      size="xs"
      w={120}
      aria-label={words.delete_after_days}
      placeholder={words.never}
      min={1}
      max={36_500}
      allowDecimal={false}
      allowNegative={false}
      value={value}
      onChange={setValue}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
    />
  );
}
